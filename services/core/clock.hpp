// Time as a dependency. Wall-clock times are microseconds UTC, as PostgreSQL keeps
// them; deadlines use steady time.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "services/core/error.hpp"

namespace agon {

using time_point = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

class clock_source {
 public:
  virtual ~clock_source() = default;
  [[nodiscard]] virtual time_point now() const = 0;
};

class system_clock_source final : public clock_source {
 public:
  [[nodiscard]] time_point now() const override;
};

// RFC 3339 in UTC with milliseconds: "2026-11-24T03:11:54.120Z".
[[nodiscard]] std::string to_rfc3339(time_point t);
// The same with microseconds, in a pattern that has its digits at the same places:
// "0000-00-00 00:00:00.000000+00".
[[nodiscard]] std::string to_text(time_point t, std::string_view pattern);
// Accepts "Z" or an offset, and up to nine decimals (kept to microseconds).
// errc::invalid_input for anything else.
[[nodiscard]] result<time_point> parse_rfc3339(std::string_view text);

}  // namespace agon

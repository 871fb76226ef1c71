// When a request may be sent again, and how long to wait before: pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "privacy/crypto/random.hpp"
#include "services/core/clock.hpp"

namespace agon::outgoing {

struct retry_limits {
  unsigned attempts = 3;  // with the first one
  std::chrono::milliseconds first{250};
  std::chrono::milliseconds longest{8000};  // also of a Retry-After that we would wait for
};

// Doubles from `first` to `longest` with each attempt (1, 2, …), of which a random 50 to
// 100 % is waited, so that callers who failed together do not come back together.
[[nodiscard]] std::chrono::milliseconds pause_before(unsigned attempt, const retry_limits& limits,
                                                     crypto::random_source& random);

// A Retry-After header: seconds, or an HTTP date. Nothing if it is neither, or lies behind.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                                    time_point now);

}  // namespace agon::outgoing

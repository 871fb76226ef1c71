// When a partition is due, and what it is called.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "services/core/clock.hpp"

namespace agon::releases {

struct due_partition {
  std::string name;        // "2026-11", or "2026-w48" (ISO 8601 weeks)
  time_point cast_before;  // its last vote was cast before this: the end of month or week, UTC
};

// The newest month ("monthly") or week ("weekly") that has been over for the cool-off. Nothing
// for "never".
[[nodiscard]] std::optional<due_partition> newest_due(std::string_view schedule, time_point now,
                                                      std::chrono::hours cool_off);

}  // namespace agon::releases

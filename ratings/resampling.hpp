// How a bootstrap is asked for.
#pragma once

#include <cstdint>
#include <string_view>

namespace agon::ratings {

enum class resampling_unit : std::uint8_t {
  battle,       // each vote by itself
  participant,  // all votes of a participant together, which are not independent
};

[[nodiscard]] constexpr std::string_view to_text(resampling_unit u) {
  return u == resampling_unit::battle ? "battle" : "participant";
}

struct bootstrap_settings {
  int rounds = 0;          // 0: no bootstrap; at most 100,000; a thousand for bounds worth printing
  std::uint64_t seed = 1;  // in JSON a number, so at most 2^53
  resampling_unit unit = resampling_unit::battle;
  // Each round to its own maximum, instead of one Newton step from that of all votes.
  bool converge = false;

  bool operator==(const bootstrap_settings&) const = default;
};

}  // namespace agon::ratings

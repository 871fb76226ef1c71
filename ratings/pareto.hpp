// Score beside what it costs: which systems nobody beats in both.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ratings/board.hpp"

namespace agon::ratings {

// Medians over a system's outputs, as the arena recorded them; absent where it did not.
struct system_cost {
  std::string system;
  std::optional<double> seconds;           // to generate one output
  std::optional<double> real_time_factor;  // seconds to generate one second of audio
  std::optional<double> cost;              // of one output, in the arena's currency
};

enum class cost_axis : std::uint8_t { seconds, real_time_factor, cost };
[[nodiscard]] std::string_view to_text(cost_axis axis);

struct quality_point {
  std::string system;
  double score = 0;
  double lower = 0;  // bounds of the score; equal to it where the board has none
  double upper = 0;
  double cost = 0;  // on the axis
  // No system scores at least as high at no more cost, one of them strictly.
  bool on_front = false;
  // No system with a surely higher score (lower above our upper) costs no more: the data
  // cannot rule out that it belongs to the front.
  bool maybe_on_front = false;
};

// The rated systems of the board whose cost on the axis is known, finite and not negative,
// by rising cost, then falling score, then name. O(n²).
[[nodiscard]] std::vector<quality_point> quality_plane(const board& b,
                                                       std::span<const system_cost> costs,
                                                       cost_axis axis);

}  // namespace agon::ratings

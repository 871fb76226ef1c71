// Normal intervals and the ranks they allow. Inside the library only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace agon::ratings {

// z such that a standard normal lies within ±z with this probability; 0.95 → 1.959964.
// The probability is in (0, 1).
[[nodiscard]] double normal_quantile_two_sided(double probability);

// Half width, in standard errors, of intervals for `systems` scores that sum to zero which
// all hold at once with this probability: the root of the quantile of χ² with systems − 1
// degrees of freedom (Scheffé 1953; Chiang et al. 2024, section 5). 0 for fewer than two.
[[nodiscard]] double simultaneous_quantile(double probability, std::size_t systems);

struct interval {
  double lower = 0;
  double upper = 0;
};

struct rank_range {
  std::uint32_t upper = 0;  // best: 1 + #{j: lower_j > upper_i}
  std::uint32_t lower = 0;  // worst: count − #{j: upper_j < lower_i}
};

// O(n log n).
[[nodiscard]] std::vector<rank_range> rank_ranges(std::span<const interval> intervals);

}  // namespace agon::ratings

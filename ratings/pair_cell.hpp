// What the votes on one pair of systems amount to, weighted or not.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ratings/connectivity.hpp"
#include "ratings/outcome.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings {

class weighted_tally;

// In `b`: a comparison with the ground alone (grounded Rao–Kupper), see pair_terms.hpp.
inline constexpr std::uint32_t the_ground = ~std::uint32_t{0};

struct pair_cell {
  std::uint32_t a = 0;  // a < b
  std::uint32_t b = 0;
  std::array<double, outcome_count> weight{};   // Σ w by outcome, seen from a
  std::array<double, outcome_count> squared{};  // Σ w²; equal to weight where all w = 1

  [[nodiscard]] double total() const { return weight[0] + weight[1] + weight[2] + weight[3]; }
};

// The pairs with votes that count, both_bad dropped, added to the ties, or kept.
[[nodiscard]] std::vector<pair_cell> cells_of(const tally& votes, both_bad_policy policy);
[[nodiscard]] std::vector<pair_cell> cells_of(const weighted_tally& votes, both_bad_policy policy);

// wins, losses and ties of the cells, as the search for comparable systems wants them.
[[nodiscard]] std::vector<comparison> comparisons_of(std::span<const pair_cell> cells);

}  // namespace agon::ratings

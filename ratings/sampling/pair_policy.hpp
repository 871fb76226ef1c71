// Which two systems should meet next: a probability for every admissible pair.
//
//   uniform      all pairs alike
//   weights      the first system by its weight, the second by weight among its partners
//   uncertainty  ∝ √(s/n) − √(s/(n+1)), s = p(1 − p) of the pair, n its votes plus one:
//                what one more vote takes off the error of its win rate (Chiang et al.
//                2024, Chatbot Arena, eq. 9)
//   variance     ∝ what one more vote takes off the summed variances of the scores, by the
//                rank-one update h |v|² / (1 + h dᵀv), v = H⁻¹d, h = p(1 − p)
//   dueling      double Thompson sampling (Wu & Liu 2016): both are likely to be the best
//
// Whatever the policy wants, no admissible pair falls below a floor, so that every vote can
// be weighted by the inverse of its probability and no pair starves.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ratings/error.hpp"
#include "ratings/sampling/board_factor.hpp"

namespace agon::ratings::sampling {

enum class pair_policy : std::uint8_t { uniform, weights, uncertainty, variance, dueling };

// "uniform", "weights", …: the names above; nothing for any other text.
[[nodiscard]] std::string_view to_text(pair_policy p);
[[nodiscard]] std::optional<pair_policy> pair_policy_from_text(std::string_view text);

struct system_pair {
  system_index a = 0;
  system_index b = 0;
};

// Vectors are by system, or empty for "the same for all".
struct policy_settings {
  pair_policy policy = pair_policy::uniform;
  // Share of battles drawn evenly: each admissible pair has at least exploration / pairs.
  double exploration = 0.1;  // in (0, 1]
  // For `weights`. A weight of 0 pauses the system, whatever the policy.
  std::vector<double> weight;
  // Multiplies what the policy gives to the system's pairs (before the floor): a new system
  // may be pushed, a costly one held back. In [0, 1e6].
  std::vector<double> boost;
  // Its pairs are not admissible now: probability 0.
  std::vector<bool> paused;
  // Standard error, in points, at which a system is known well enough: from then on it
  // attracts no battles by itself under `uncertainty` and `variance`. 0: never.
  std::vector<double> target_error;
  // For `dueling`: posterior samples, 1 … 100,000, and their seed.
  int draws = 1000;
  std::uint64_t seed = 1;
};

struct pair_probabilities {
  std::vector<double> probability;  // by pair; they sum to 1
  double floor = 0;                 // no admissible pair is below
  std::size_t admissible = 0;       // pairs that are neither paused nor of weight 0
  // All systems have reached their targets, so that the policy had no wish and pairs are
  // alike but for boosts.
  bool targets_reached = false;
};

// Probabilities of `pairs`, each given once, in either order. Refused: no admissible pair, a
// system that the factor has not, a system against itself, a pair twice, settings that are
// out of range or not one for each system. Deterministic: what is recorded with a vote is
// the probability it was drawn with.
// O(pairs), `variance` O(pairs · M), `dueling` O(draws · M · (M + candidates)).
[[nodiscard]] checked<pair_probabilities> probabilities_of(std::span<const system_pair> pairs,
                                                           const board_factor& factor,
                                                           const policy_settings& settings);

// The index drawn by a number that is even in [0, 1). `probability` is not empty and sums to
// 1; an index of probability 0 is never drawn.
[[nodiscard]] std::size_t pick(std::span<const double> probability, double unit);

}  // namespace agon::ratings::sampling

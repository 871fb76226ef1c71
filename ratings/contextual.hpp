// Bradley–Terry in context: what the outputs look like and on which side they stood is
// estimated beside the systems, so that scores are those of outputs alike.
//
//   P(first wins) = σ(θ_a − θ_b + xᵀβ + s),  a tie half a win for each
//
// x the features of the vote, each divided by its standard deviation over the data but not
// centred: s is then the side bias between outputs that are alike. Style features follow
// Chatbot Arena's style control (Li et al. 2024); see style_difference. The summed loss
// carries the penalty ½λ(|β|² + s²), λ = 10⁻⁶, which is part of H too: it decides what a
// feature gets that the systems alone explain, and moves nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ratings/bradley_terry.hpp"
#include "ratings/vote_log.hpp"

namespace agon::ratings {

// d = (x_a − x_b) / (x_a + x_b) of two quantities that are not negative (tokens, headers,
// list items, seconds …); 0 where both are 0.
[[nodiscard]] constexpr double style_difference(double x_a, double x_b) {
  return x_a + x_b > 0 ? (x_a - x_b) / (x_a + x_b) : 0;
}

struct contextual_settings {
  both_bad_policy both_bad = both_bad_policy::drop;  // or tie
  double confidence = 0.95;
  double mean = 1000;
  std::optional<score_anchor> anchor;
  double small_sample_error = 50;
  bool side_bias = true;  // estimate s
  bool simultaneous = false;

  bool operator==(const contextual_settings&) const = default;
};

struct context_effect {
  std::string name;  // of the feature, or "side"
  // Points for one standard deviation of the feature, or for standing first. 0 without
  // interval for a feature that is the same in all votes.
  double points = 0;
  std::optional<double> lower;
  std::optional<double> upper;
  double standard_deviation = 0;  // of the feature; 0 for "side"
};

struct contextual_fit {
  std::vector<bradley_terry_rating> ratings;  // by system index
  std::vector<system_index> rated;
  std::vector<double> theta;  // of `rated`, sum 0
  std::vector<context_effect> effects;
  bool anchored = false;
  fit_certificate certificate;
};

// Rates the systems that plain Bradley–Terry can rate on the same votes. `weights` is empty
// or has one for each vote. Takes O(votes · features² + M³) per step, of which a few are
// needed, on up to `threads` threads (0: as many as the machine has); the result does not
// depend on their number. Throws std::invalid_argument for settings out of their ranges.
[[nodiscard]] contextual_fit fit_contextual(const vote_log& votes,
                                            const contextual_settings& settings = {},
                                            std::span<const float> weights = {},
                                            unsigned threads = 0);

}  // namespace agon::ratings

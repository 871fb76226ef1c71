// How systems stand in a segment of the votes against how they stand over all votes.
#pragma once

#include <vector>

#include "ratings/pairwise.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings {

struct score_difference {
  system_index system = 0;
  // In points: the score in the segment less that over all votes, both against the mean of
  // the systems that are rated in both.
  double difference = 0;
  double standard_error = 0;
  double lower = 0;  // at the confidence of the settings, each by itself
  double upper = 0;
};

// For each system that both can rate, by index; empty if these are fewer than two. Both
// tallies have the same systems in the same order; std::invalid_argument otherwise.
//
// The error comes from the influence of each vote on both scores, ψ_v = r∇ℓ_v of each fit:
// with `nested` the votes of the segment are among all votes and move both, so that
// V = Σ_{v in segment} (ψˢ_v − ψᵒ_v)² + Σ_{other v} (ψᵒ_v)²; without it the two have no vote
// in common. Where the segment is so small that its own board takes the model's error, the
// difference has at least √(Vˢ − Vᵒ) (Hausman 1978, Econometrica 46:1251), without `nested`
// √(Vˢ + Vᵒ). O(systems · pairs + systems³).
[[nodiscard]] std::vector<score_difference> segment_difference(const tally& segment,
                                                               const tally& overall, bool nested,
                                                               const pairwise_settings& settings);

}  // namespace agon::ratings

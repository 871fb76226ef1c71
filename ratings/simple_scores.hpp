// Scores that need no model: counts, average win rates, and two from the graph of wins. To
// look at, and to compare with other libraries; none has an interval, and all but the
// average win rate move with who met whom how often.
//
// w_ij is the number of wins of i over j with half the ties. Results are by system index.
// All throw std::invalid_argument for the policy `model`. Deterministic.
#pragma once

#include <optional>
#include <vector>

#include "ratings/outcome.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings {

// Σ_j w_ij.
[[nodiscard]] std::vector<double> win_counts(const tally& votes,
                                             both_bad_policy both_bad = both_bad_policy::drop);

// The mean over opponents of w_ij / (w_ij + w_ji); nothing without an opponent.
[[nodiscard]] std::vector<std::optional<double>> average_win_rates(
    const tally& votes, both_bad_policy both_bad = both_bad_policy::drop);

// Eigenvector of the largest eigenvalue of w, of length 1: a win counts for as much as the
// beaten is worth (Bonacich 1987). Over the largest set in which chains of wins lead from
// each to each, where it is unique; nothing for the others. evalica's `eigen` is that of wᵀ,
// in which losers stand high.
[[nodiscard]] std::vector<std::optional<double>> eigenvector_scores(
    const tally& votes, both_bad_policy both_bad = both_bad_policy::drop);

// PageRank (Brin & Page 1998) of the graph in which the beaten point at who beat them:
// x_i = damping Σ_j x_j w_ij / Σ_k w_kj + (1 − damping)/n; who never lost points at all
// alike. Sums to 1. Throws std::invalid_argument unless 0 ≤ damping < 1.
[[nodiscard]] std::vector<double> pagerank_scores(const tally& votes, double damping = 0.85,
                                                  both_bad_policy both_bad = both_bad_policy::drop);

}  // namespace agon::ratings

// How few votes, taken away, would exchange neighbours on a board.
//
// Approximate maximum influence (Broderick, Giordano & Meager 2020, "An automatic
// finite-sample robustness metric"; on arenas Huang, Shen, Wei & Broderick 2025): to first
// order the vote v moves θ_i − θ_j by ψ_v = (r_i − r_j)·∇ℓ_v, r the rows of the fit's
// response, so the votes of largest ψ are taken until their sum exceeds the gap. Votes on
// one pair with one outcome are alike, so the work is by counts, not by votes.
#pragma once

#include <cstdint>
#include <vector>

#include "ratings/pairwise.hpp"

namespace agon::ratings {

struct removed_votes {
  system_index a = 0;  // a < b; result seen from a
  system_index b = 0;
  outcome result = outcome::a;
  std::uint64_t count = 0;

  bool operator==(const removed_votes&) const = default;
};

struct swap_margin {
  system_index above = 0;  // neighbours by score
  system_index below = 0;
  // Size of the set whose removal exchanges them; 0 where none was found.
  std::uint64_t votes = 0;
  double share = 0;  // of the votes inside the rated set
  // A refit without the set has them exchanged, or can no longer rate them both.
  bool confirmed = false;
  std::vector<removed_votes> removed;  // by falling influence
};

// One for each pair of neighbours, from the top. `fit` is that of `votes` with `settings`.
// With `confirm`, each set is checked by a refit and enlarged by up to a tenth at a time,
// twenty times, until it is confirmed: the set is then enough for certain, though a smaller
// one may exist. Without, O(systems · cells · log cells); a refit is O(systems³).
[[nodiscard]] std::vector<swap_margin> robustness(const tally& votes, const pairwise_fit& fit,
                                                  const pairwise_settings& settings,
                                                  bool confirm = true, unsigned threads = 0);

}  // namespace agon::ratings

// Which two systems meet. A policy gives every pair of candidates a chance:
//   weights      the first system with probability proportional to its weight, the second
//                likewise among the rest
//   uniform      every pair alike
//   uncertainty, variance, dueling   by what is learnt from the pair, as computed from the
//                votes in the background (pair_gains)
// Boosts multiply the chances of a system's pairs; then epsilon of all battles is spread
// over all pairs alike, so that none is ever below epsilon / pairs. Slots by a fair coin.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "services/arena/arena.hpp"
#include "services/core/error.hpp"

namespace agon::arena {

struct candidate {
  int system = 0;
  double weight = 1;  // 0: not drawn
  double boost = 1;
  std::int64_t target = 0;  // votes after which the boost ends; 0: never
};

// What the votes so far say about each pair of an arena's systems, under its policy.
// Computed in the background; never changes once it is published.
struct pair_gains {
  std::string policy;
  std::vector<int> systems;         // ascending
  std::vector<std::int64_t> votes;  // of each
  std::vector<double> gain;         // systems × systems, symmetric, ≥ 0
  std::int64_t all_votes = 0;

  [[nodiscard]] double between(int x, int y) const;  // 0 if one is not known
  [[nodiscard]] std::int64_t votes_of(int system) const;
};
using gains_ptr = std::shared_ptr<const pair_gains>;

struct drawn_pair {
  int slot_a = 0;
  int slot_b = 0;
  // Probability of this pair in either order; that of these slots is half of it.
  double probability = 0;
};

// The chances of all pairs of candidates with a positive weight. Pure.
class pair_chances {
 public:
  // `gains` may be null: policies that need them then fall back to uniform, and say so.
  pair_chances(std::span<const candidate> candidates, const sampling_rule& rule,
               const pair_gains* gains);

  // errc::unsupported if fewer than two candidates have a positive weight.
  [[nodiscard]] result<drawn_pair> draw(crypto::random_source& random) const;
  // In either order; 0 if one is not admissible.
  [[nodiscard]] double probability(int x, int y) const;
  // One more system for a slot whose system failed, beside the one that stays (0: none
  // yet), not in `taken`. errc::unsupported if none is left.
  [[nodiscard]] result<int> draw_replacement(std::span<const int> taken,
                                             crypto::random_source& random) const;
  // Canonical JSON for the battle's record: policy, what was used for it and why, epsilon,
  // number of pairs, votes that the gains rest on.
  [[nodiscard]] std::string record() const;

 private:
  struct pair {
    std::size_t first = 0, second = 0;  // in open_
    double chance = 0;
  };
  void fill_by_weights();
  [[nodiscard]] bool fill_by_gains(const pair_gains& gains);
  void boost(const pair_gains* gains);
  void mix();

  std::vector<candidate> open_;
  std::vector<pair> pairs_;
  std::string policy_, used_;
  double epsilon_ = 0;
  std::int64_t votes_ = 0;
};

}  // namespace agon::arena

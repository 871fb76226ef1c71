// Weighted votes per pair: for each outcome the sum of the weights, from which scores and
// H come, and of their squares, from which the sandwich's G comes.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "ratings/outcome.hpp"
#include "ratings/pair_index.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings {

// A value type. The sums are of doubles, so their last bits depend on the order in which
// votes are added; the plain `counts` beside them are exact.
class weighted_tally {
 public:
  struct pair_sums {
    system_index low = 0;  // low < high
    system_index high = 0;
    std::array<double, outcome_count> weight{};  // by outcome, seen from `low`
    std::array<double, outcome_count> squared{};
  };

  // See tally::add_system.
  system_index add_system(std::string_view name) { return counts_.add_system(name); }

  // Counts one vote of this weight. A vote of weight 0 (quarantined) is counted among the
  // votes of its systems and moves nothing. Throws std::invalid_argument for a weight that
  // is negative or not finite, and where tally::add throws.
  void add(system_index a, system_index b, outcome o, double weight);

  // Pairs with a vote, sorted by (high, low).
  [[nodiscard]] std::vector<pair_sums> pairs() const;
  // All votes, each counted once whatever its weight.
  [[nodiscard]] const tally& counts() const { return counts_; }
  [[nodiscard]] const roster& systems() const { return counts_.systems(); }
  // (Σ w)² / Σ w²: how many votes of equal weight would tell as much. 0 without votes.
  [[nodiscard]] double effective_votes() const;
  // SHA-256, in lower-case hexadecimal, of the canonical JSON of the pairs by name, each
  // as [system_a, system_b, [Σw by outcome], [Σw² by outcome]], names as in tally::rows.
  [[nodiscard]] std::string sha256() const;
  // The same with the systems registered in the order of their names.
  [[nodiscard]] weighted_tally sorted() const;

 private:
  tally counts_;
  pair_index index_;
  std::vector<pair_sums> sums_;  // by number in index_

  pair_sums& sums_of(system_index low, system_index high);
};

}  // namespace agon::ratings

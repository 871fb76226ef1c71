// Counts of equal rankings: what a Plackett–Luce fit needs.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/error.hpp"
#include "ratings/outcome.hpp"
#include "ratings/roster.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings::ranking {

// Systems of one battle from the best on; those of one group tie. `below` are known to be
// worse than all groups, and nothing else is known about them ("the best two of five"). A
// system that was not in the battle stands nowhere.
struct ranking {
  std::vector<std::vector<system_index>> groups;
  std::vector<system_index> below;

  auto operator<=>(const ranking&) const = default;
};

// A value type; not safe for use by two threads at once while one of them writes.
class ranking_tally {
 public:
  // See roster::add.
  system_index add_system(std::string_view name) { return names_.add(name); }

  // Counts one ranking, or `count` equal ones. The order inside a group does not matter.
  // Refused: a system that is not registered or stands twice, an empty group.
  [[nodiscard]] checked<void> add(ranking r, std::uint64_t count = 1);

  [[nodiscard]] const roster& systems() const { return names_; }
  // Each distinct ranking with its count, in a fixed order.
  [[nodiscard]] const std::map<ranking, std::uint64_t>& rankings() const { return counts_; }

  // The same with systems in the order of their names.
  [[nodiscard]] ranking_tally sorted() const;
  // SHA-256 in lower-case hexadecimal of the canonical JSON {"rankings": [[groups, below,
  // count], …], "systems": [names, sorted]}; groups and below by place among the names, the
  // rankings in ascending order. It does not depend on the order of registration.
  [[nodiscard]] std::string sha256() const;
  // Who stands above whom and who ties, each pair once for each ranking: a ranking of n
  // counts for up to n(n−1)/2 votes.
  [[nodiscard]] tally implied_pairs() const;

  // Pairwise votes as rankings of two. both_bad as the policy says; `model` is refused
  // with std::invalid_argument.
  [[nodiscard]] static ranking_tally of(const tally& votes, both_bad_policy both_bad);

 private:
  roster names_;
  std::map<ranking, std::uint64_t> counts_;
};

}  // namespace agon::ratings::ranking

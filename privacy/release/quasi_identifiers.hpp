// Makes what an attacker may know of a vote common to at least k votes. Internal to
// privacy/release.
//
// The quasi-identifiers are those columns of `votes` that tell of the person: so far,
// the language. It is made as coarse in every vote as the policy says (global recoding);
// what is still in fewer than k votes is then withheld, that is, null.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "privacy/anonymity/class_table.hpp"
#include "privacy/anonymity/risk.hpp"
#include "privacy/release/error.hpp"
#include "privacy/release/policy.hpp"
#include "privacy/release/table_schema.hpp"

namespace agon::release {

class quasi_identifiers {
 public:
  explicit quasi_identifiers(const release_policy& policy) : policy_(policy) {}

  // Recodes the row and counts it; rows of other tables stay as they are. True if a cell
  // has changed. A value that its hierarchy does not know is withheld.
  [[nodiscard]] bool recode(const table_schema& table, std::vector<value>& cells);

  // After the last row: what is to be withheld.
  void decide();
  // Withholds it. True if a cell has changed.
  [[nodiscard]] bool withhold(const table_schema& table, std::vector<value>& cells) const;

 private:
  release_policy policy_;
  anonymity::class_table votes_;
  std::set<anonymity::class_table::key> withheld_;
};

// For the verifier: counts a released vote, whose class has its outcome beside it.
void count_class(const table_schema& votes, const std::vector<value>& cells,
                 anonymity::class_table& into);

// Why released votes do not hold what the policy promises; empty if they do. Votes that
// tell nothing at all may be fewer than k, if no other is there.
[[nodiscard]] std::string anonymity_problem(const release_policy& policy,
                                            const anonymity::class_table& votes);

}  // namespace agon::release

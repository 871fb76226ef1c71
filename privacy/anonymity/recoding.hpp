// k-anonymity by global recoding and suppression (Samarati 2001): every value of a
// quasi-identifier is made as coarse as every other, and what is still rare is withheld.
//
// The levels are chosen once (find_levels) and then frozen: partitions recoded by
// different levels can be laid over each other, and what one merged the other tells apart.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "privacy/anonymity/class_table.hpp"
#include "privacy/anonymity/hierarchy.hpp"

namespace agon::anonymity {

struct privacy_model {
  std::int64_t k = 5;             // records that agree
  std::int64_t distinct_l = 1;    // different sensitive values among them
  double most_distance = 1;       // t of t-closeness, equal distance
  double most_suppressed = 0.05;  // share of the records that may be withheld
};

// Whether a class may be published as it is.
[[nodiscard]] bool satisfies(const equivalence_class& c, const class_table& all,
                             const privacy_model& model);

// The table at these levels, one for each quasi-identifier. Nothing if a value is not
// known to its hierarchy. std::invalid_argument if the numbers do not agree.
[[nodiscard]] std::optional<class_table> recode(const class_table& raw,
                                                std::span<const hierarchy> hierarchies,
                                                std::span<const std::size_t> levels);

// The classes of a recoded table to withhold: those that do not satisfy the model, and
// then the smallest others until those withheld are at least k together, because they
// form a class of their own (that of `anything`). All of them if fewer than k remain.
[[nodiscard]] std::set<class_table::key> to_suppress(const class_table& recoded,
                                                     const privacy_model& model);

// The table as it would be published: withheld records stand in the class of `anything`.
[[nodiscard]] class_table suppress(const class_table& recoded,
                                   const std::set<class_table::key>& withheld);

struct chosen_levels {
  std::vector<std::size_t> levels;
  double loss = 0;  // mean of level / top: 0 nothing is lost, 1 all
  std::int64_t suppressed = 0;
};

// The levels that satisfy the model and lose least; among equals those that withhold
// fewer, then the first in order. Nothing if none do, or a value is not known. Tries the
// lattice of levels in the order of loss: meant for a few quasi-identifiers.
[[nodiscard]] std::optional<chosen_levels> find_levels(const class_table& raw,
                                                       std::span<const hierarchy> hierarchies,
                                                       const privacy_model& model);

}  // namespace agon::anonymity

// What the members of a class give away together: l-diversity (Machanavajjhala et al.
// 2007) and t-closeness (Li, Li, Venkatasubramanian 2007). Linear in classes × values.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "privacy/anonymity/class_table.hpp"

namespace agon::anonymity {

// Different sensitive values in a class, and exp of their entropy: the "effective" number.
[[nodiscard]] std::int64_t distinct_l(const equivalence_class& c);
[[nodiscard]] double entropy_l(const equivalence_class& c);
// Recursive (c, l): the commonest value is rarer than `ratio` times the values from the
// l-th commonest on together.
[[nodiscard]] bool is_recursive_l(const equivalence_class& c, double ratio, std::int64_t l);

// How far a class's sensitive values are from those of all records, 0 to 1: half the sum
// of differences (equal distance), or the earth mover's distance over values that have an
// order. std::invalid_argument if a value is not in the order.
[[nodiscard]] double distance(const equivalence_class& c, const class_table& all);
[[nodiscard]] double ordered_distance(const equivalence_class& c, const class_table& all,
                                      std::span<const std::string> order);

// The worst class of a table: least l, greatest t. 0 for an empty table.
[[nodiscard]] std::int64_t least_distinct_l(const class_table& t);
[[nodiscard]] double least_entropy_l(const class_table& t);
[[nodiscard]] double greatest_distance(const class_table& t);

}  // namespace agon::anonymity

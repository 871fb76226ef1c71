// What stands in each column, counted: the codebook tells it, and the verifier counts again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "privacy/anonymity/class_table.hpp"
#include "privacy/release/table_schema.hpp"

namespace agon::release {

struct variable {
  std::int64_t nulls = 0;
  std::map<std::string, std::int64_t, std::less<>> values;  // of names, enumerations, booleans
  bool many = false;                      // too many different ones to be listed; none is then
  std::optional<double> least, greatest;  // of numbers
  std::string first, last;                // of days

  bool operator==(const variable&) const = default;
};

using table_variables = std::map<std::string, variable>;  // by column

class variable_counter {
 public:
  // The table outlives this.
  explicit variable_counter(const table_schema& table)
      : table_(table), variables_(table.columns.size()) {}

  // Cells that the schema allows.
  void add(const std::vector<value>& cells);
  [[nodiscard]] table_variables counted() const;

 private:
  const table_schema& table_;
  std::vector<variable> variables_;
};

// How well records are found again by their quasi-identifiers, and what is learned then:
// privacy/anonymity/risk.hpp and diversity.hpp, to six decimals.
struct release_risk {
  std::int64_t records = 0, classes = 0, smallest = 0, distinct_l = 0;
  double highest = 0, average = 0, at_risk = 0, uniqueness = 0, marketer = 0;
  double entropy_l = 0, distance_t = 0;

  bool operator==(const release_risk&) const = default;
};
[[nodiscard]] release_risk risk_of(const anonymity::class_table& votes);

}  // namespace agon::release

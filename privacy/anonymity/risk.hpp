// How well an attacker who knows the quasi-identifiers finds records: the three attacker
// models of El Emam, "Guide to the De-Identification of Personal Health Information"
// (2013), chapters 13 to 16, as ARX computes them. Linear in the number of classes.
#pragma once

#include <cstdint>

#include "privacy/anonymity/class_table.hpp"

namespace agon::anonymity {

struct risk {
  std::int64_t records = 0;
  std::int64_t classes = 0;
  std::int64_t smallest = 0;  // size of the smallest class; k of k-anonymity
  double highest = 0;         // chance to find the record at greatest risk
  double average = 0;         // chance to find a record, on average over all
  double at_risk = 0;         // share of records whose chance is above the threshold
  double uniqueness = 0;      // share of records alone in their class
};

// The prosecutor knows that the person is in the data: a record's chance is 1 / (size of
// its class). All zero for an empty table.
[[nodiscard]] risk prosecutor_risk(const class_table& data, double threshold = 0.2);

// The journalist knows a larger population that the data were drawn from: the chance is
// 1 / (size of the class in the population). std::invalid_argument if a class of the data
// is larger than the population's.
[[nodiscard]] risk journalist_risk(const class_table& data, const class_table& population,
                                   double threshold = 0.2);

// The marketer links everybody and is content with a share: how many links are right.
[[nodiscard]] double marketer_risk(const class_table& data);
[[nodiscard]] double marketer_risk(const class_table& data, const class_table& population);

}  // namespace agon::anonymity

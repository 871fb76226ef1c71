// The numbers of ARX on its own copy of UCI adult: 30,162 records, nine
// quasi-identifiers.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "privacy/anonymity/diversity.hpp"
#include "privacy/anonymity/recoding.hpp"
#include "privacy/anonymity/risk.hpp"

namespace agon::anonymity {
namespace {

std::filesystem::path adult_csv() {
  const char* given = std::getenv("AGON_SHARED_DATA");
  const std::filesystem::path data =
      given != nullptr ? given : std::string(AGON_SOURCE_DIR) + "/../shared/data";
  return data / "arx" / "adult.csv";
}

using record = std::vector<std::string>;

std::vector<record> read_adult() {
  std::ifstream in(adult_csv());
  std::vector<record> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::stringstream cells(line);
    out.emplace_back();
    for (std::string cell; std::getline(cells, cell, ';');) out.back().push_back(cell);
  }
  if (!out.empty()) out.erase(out.begin());
  return out;
}

TEST(anonymity_of_adult, risks_are_those_of_arx) {
  if (!std::filesystem::exists(adult_csv())) GTEST_SKIP() << "no " << adult_csv();
  class_table table;
  for (const record& r : read_adult()) table.add(r, "");
  const risk found = prosecutor_risk(table);
  EXPECT_EQ(found.records, 30'162);
  EXPECT_EQ(found.smallest, 1);
  EXPECT_EQ(found.highest, 1);
  EXPECT_DOUBLE_EQ(found.average, 0.6465751607983555);
  EXPECT_DOUBLE_EQ(marketer_risk(table), 0.6465751607983555);
  EXPECT_DOUBLE_EQ(found.uniqueness, 0.5142895033485844);
}

// sex, age, race, with the salary class as what is sensitive.
TEST(anonymity_of_adult, recoding_reaches_the_model_and_no_coarser_than_it_must) {
  if (!std::filesystem::exists(adult_csv())) GTEST_SKIP() << "no " << adult_csv();
  class_table raw;
  for (const record& r : read_adult()) raw.add({r.at(0), r.at(1), r.at(2)}, r.at(8));
  const std::vector<hierarchy> hierarchies = {hierarchy::all_or_nothing(),
                                              hierarchy::of_intervals({5, 10, 20}),
                                              hierarchy::all_or_nothing()};
  const privacy_model model{.k = 5, .distinct_l = 2, .most_distance = 0.4, .most_suppressed = 0.02};
  const auto chosen = find_levels(raw, hierarchies, model);
  ASSERT_TRUE(chosen);
  const auto coarse = recode(raw, hierarchies, chosen->levels);
  ASSERT_TRUE(coarse);
  const class_table published = suppress(*coarse, to_suppress(*coarse, model));
  const risk found = prosecutor_risk(published);
  EXPECT_EQ(found.records, 30'162);
  EXPECT_GE(found.smallest, model.k);
  EXPECT_LE(found.highest, 0.2);
  EXPECT_GE(least_distinct_l(published), 2);
  EXPECT_LE(chosen->suppressed, 603);
  EXPECT_GT(chosen->loss, 0);
  EXPECT_LT(chosen->loss, 0.5);
}

}  // namespace
}  // namespace agon::anonymity

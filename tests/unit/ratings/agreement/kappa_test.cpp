#include "ratings/agreement/kappa.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "ratings/random.hpp"

namespace agon::ratings::agreement {
namespace {

// Two participants whose answers fall into this contingency table.
std::vector<answer> contingency(const std::vector<std::vector<int>>& counts) {
  std::vector<answer> out;
  std::uint32_t item = 0;
  for (std::uint32_t c = 0; c < counts.size(); ++c)
    for (std::uint32_t k = 0; k < counts.size(); ++k)
      for (int n = 0; n < counts[c][k]; ++n, ++item) {
        out.push_back({item, 0, c});
        out.push_back({item, 1, k});
      }
  return out;
}

double cohen(const std::vector<answer>& answers, kappa_weights w = kappa_weights::unweighted) {
  return *cohen_kappa(answer_table::of(answers).value(), 0, 1, w).value().value;
}

TEST(cohen_kappa, textbook_tables) {
  EXPECT_NEAR(cohen(contingency({{20, 5}, {10, 15}})), 0.4, 1e-12);
  EXPECT_NEAR(cohen(contingency({{45, 15}, {25, 15}})), 0.1304347826, 1e-9);
  EXPECT_NEAR(cohen(contingency({{25, 35}, {5, 35}})), 0.2592592593, 1e-9);
}

TEST(cohen_kappa, weights_by_hand) {
  // Observed: linear (½ · 3 + 1 · 1) / 10, quadratic (¼ · 3 + 1 · 1) / 10.
  const std::vector<std::vector<int>> table{{2, 1, 1}, {1, 2, 0}, {0, 1, 2}};
  const std::array<double, 3> row{4, 3, 3}, column{3, 4, 3};
  double linear = 0, quadratic = 0;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t k = 0; k < 3; ++k) {
      const double d = std::fabs(static_cast<double>(c) - static_cast<double>(k)) / 2;
      linear += d * row[c] * column[k] / 100;
      quadratic += d * d * row[c] * column[k] / 100;
    }
  EXPECT_NEAR(cohen(contingency(table), kappa_weights::linear), 1 - 0.25 / linear, 1e-12);
  EXPECT_NEAR(cohen(contingency(table), kappa_weights::quadratic), 1 - 0.175 / quadratic, 1e-12);
}

TEST(cohen_kappa, with_two_categories_all_weights_are_one) {
  const auto answers = contingency({{20, 5}, {10, 15}});
  EXPECT_DOUBLE_EQ(cohen(answers), cohen(answers, kappa_weights::linear));
  EXPECT_DOUBLE_EQ(cohen(answers), cohen(answers, kappa_weights::quadratic));
}

TEST(cohen_kappa, items_that_one_of_them_did_not_judge_do_not_count) {
  auto answers = contingency({{20, 5}, {10, 15}});
  answers.push_back({50, 0, 1});
  answers.push_back({51, 1, 0});
  answers.push_back({51, 2, 0});
  const auto c = cohen_kappa(answer_table::of(answers).value(), 0, 1).value();
  EXPECT_NEAR(*c.value, 0.4, 1e-12);
  EXPECT_EQ(c.items, 50U);
}

TEST(cohen_kappa, degenerate_cases_have_reasons) {
  const auto alike = answer_table::of(contingency({{0, 0}, {0, 9}})).value();
  EXPECT_EQ(cohen_kappa(alike, 0, 1).value().reason, undefined_reason::no_variation);
  const auto apart = answer_table::of(std::vector<answer>{{0, 0, 1}, {1, 1, 0}}).value();
  EXPECT_EQ(cohen_kappa(apart, 0, 1).value().reason, undefined_reason::no_pairs);
  EXPECT_FALSE(cohen_kappa(alike, 0, 0));
  EXPECT_FALSE(cohen_kappa(alike, 0, 2));
  const auto none = cohen_kappa_interval(apart, 0, 1, kappa_weights::linear).value();
  EXPECT_EQ(none.reason, undefined_reason::no_pairs);
}

// Fleiss's example as it is widely reprinted: 10 items, 14 participants, 5 categories.
std::vector<answer> fleiss_example() {
  const std::vector<std::array<int, 5>> counts{
      {0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0}, {2, 2, 8, 1, 1},
      {7, 7, 0, 0, 0},  {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2}, {6, 5, 2, 1, 0}, {0, 2, 2, 3, 7}};
  std::vector<answer> out;
  for (std::uint32_t i = 0; i < counts.size(); ++i) {
    std::uint32_t participant = 0;
    for (std::uint32_t c = 0; c < 5; ++c)
      for (int n = 0; n < counts[i][c]; ++n) out.push_back({i, participant++, c});
  }
  return out;
}

TEST(fleiss_kappa, published_example) {
  const auto c = fleiss_kappa(answer_table::of(fleiss_example()).value()).value();
  EXPECT_NEAR(1 - c.observed, 0.378, 5e-4);
  EXPECT_NEAR(1 - c.expected, 0.213, 5e-4);
  EXPECT_NEAR(*c.value, 0.210, 5e-4);
}

TEST(fleiss_kappa, interval_is_seeded_and_holds_the_estimate) {
  const auto table = answer_table::of(fleiss_example()).value();
  const auto x =
      fleiss_kappa_interval(table, {.confidence = 0.9, .rounds = 500, .seed = 4}).value();
  const auto y =
      fleiss_kappa_interval(table, {.confidence = 0.9, .rounds = 500, .seed = 4}).value();
  ASSERT_TRUE(x.lower && x.upper);
  EXPECT_EQ(*x.lower, *y.lower);
  EXPECT_LT(*x.lower, *x.estimate.value);
  EXPECT_GT(*x.upper, *x.estimate.value);
  EXPECT_THROW((void)fleiss_kappa_interval(table, {.confidence = 1, .rounds = 500, .seed = 4}),
               std::invalid_argument);
  EXPECT_THROW((void)fleiss_kappa_interval(table, {.confidence = 0.9, .rounds = 0, .seed = 4}),
               std::invalid_argument);
}

TEST(fleiss_kappa, degenerate_cases_have_reasons) {
  const auto alike =
      answer_table::of(std::vector<answer>{{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 3, 2}}).value();
  EXPECT_EQ(fleiss_kappa(alike).value().reason, undefined_reason::no_variation);
  const auto apart = answer_table::of(std::vector<answer>{{0, 0, 1}, {1, 1, 0}}).value();
  EXPECT_EQ(fleiss_kappa(apart).value().reason, undefined_reason::no_pairs);
}

}  // namespace
}  // namespace agon::ratings::agreement

#include "ratings/agreement/krippendorff.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ratings/random.hpp"

namespace agon::ratings::agreement {
namespace {

// Participants lean to a true category, so that there is some agreement; some are missing.
std::vector<answer> simulated(std::uint64_t seed, std::uint32_t items, double honest = 0.6) {
  seeded_random random(seed);
  std::vector<answer> out;
  for (std::uint32_t i = 0; i < items; ++i) {
    const auto truth = static_cast<std::uint32_t>(random.below(4));
    for (std::uint32_t p = 0; p < 5; ++p) {
      if (random.unit() < 0.2) continue;
      const auto other = static_cast<std::uint32_t>(random.below(4));
      out.push_back({i, p, random.unit() < honest ? truth : other});
    }
  }
  return out;
}

coefficient alpha(const std::vector<answer>& answers, const scale& s = {}) {
  return krippendorff_alpha(answer_table::of(answers, 4).value(), s).value();
}

TEST(krippendorff, perfect_agreement_with_variation_is_one_on_every_scale) {
  const std::vector<answer> answers{{0, 0, 1}, {0, 1, 1}, {1, 0, 3}, {1, 1, 3}};
  for (const level l : {level::nominal, level::ordinal, level::interval, level::ratio})
    EXPECT_EQ(alpha(answers, {.kind = l, .values = {}, .squared_distances = {}}).value, 1.0);
}

TEST(krippendorff, perfect_agreement_without_variation_is_undefined_and_says_so) {
  const std::vector<answer> answers{{0, 0, 1}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}};
  for (const level l : {level::nominal, level::ordinal, level::interval, level::ratio}) {
    const coefficient c = alpha(answers, {.kind = l, .values = {}, .squared_distances = {}});
    EXPECT_FALSE(c.value);
    EXPECT_EQ(c.reason, undefined_reason::no_variation);
  }
}

TEST(krippendorff, categories_of_one_value_are_no_variation) {
  const std::vector<answer> answers{{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 2}};
  const scale same{.kind = level::interval, .values = {0.1, 0.1, 0.1, 7}, .squared_distances = {}};
  EXPECT_EQ(alpha(answers, same).reason, undefined_reason::no_variation);
}

TEST(krippendorff, without_an_item_judged_twice_there_is_nothing_to_compare) {
  EXPECT_EQ(alpha({{0, 0, 1}, {1, 1, 2}}).reason, undefined_reason::no_pairs);
  EXPECT_EQ(alpha({}).reason, undefined_reason::no_pairs);
}

TEST(krippendorff, custom_distance_repeats_the_named_scales) {
  const auto answers = simulated(1, 60);
  scale custom{.kind = level::custom, .values = {}, .squared_distances = {}};
  for (int c = 0; c < 4; ++c)
    for (int k = 0; k < 4; ++k) custom.squared_distances.push_back((c - k) * (c - k));
  const scale interval{.kind = level::interval, .values = {}, .squared_distances = {}};
  EXPECT_NEAR(*alpha(answers, custom).value, *alpha(answers, interval).value, 1e-12);
}

TEST(krippendorff, nominal_does_not_heed_the_names_nor_interval_shift_and_scale) {
  auto answers = simulated(2, 60);
  const double nominal = *alpha(answers).value;
  scale s{.kind = level::interval, .values = {0, 1, 2, 3}, .squared_distances = {}};
  const double interval = *alpha(answers, s).value;
  s.values = {-7, -5, -3, -1};
  EXPECT_NEAR(*alpha(answers, s).value, interval, 1e-12);
  for (answer& a : answers) a.category = 3 - a.category;
  EXPECT_NEAR(*alpha(answers).value, nominal, 1e-12);
  s.values = {0, 1, 2, 3};
  EXPECT_NEAR(*alpha(answers, s).value, interval, 1e-12);
}

TEST(krippendorff, ordinal_heeds_order_alone) {
  const auto answers = simulated(3, 60);
  scale s{.kind = level::ordinal, .values = {}, .squared_distances = {}};
  const double plain = *alpha(answers, s).value;
  s.values = {-1, 5, 6, 1000};
  EXPECT_NEAR(*alpha(answers, s).value, plain, 1e-12);
}

TEST(krippendorff, order_of_answers_and_names_of_participants_do_not_matter) {
  auto answers = simulated(4, 60);
  const double before = *alpha(answers).value;
  std::reverse(answers.begin(), answers.end());
  for (answer& a : answers) a.participant = 9 - a.participant;
  EXPECT_NEAR(*alpha(answers).value, before, 1e-12);
}

TEST(krippendorff, an_item_judged_by_one_alone_changes_nothing) {
  auto answers = simulated(5, 60);
  const double before = *alpha(answers).value;
  answers.push_back({60, 0, 2});
  EXPECT_EQ(*alpha(answers).value, before);
}

TEST(krippendorff, answers_by_chance_agree_at_zero) {
  EXPECT_NEAR(*alpha(simulated(6, 5000, 0)).value, 0, 0.02);
}

TEST(krippendorff, refuses_scales_that_do_not_fit_and_repeated_answers) {
  const auto table = answer_table::of(simulated(7, 10), 4).value();
  EXPECT_FALSE(krippendorff_alpha(
      table, {.kind = level::interval, .values = {1, 2}, .squared_distances = {}}));
  EXPECT_FALSE(krippendorff_alpha(
      table, {.kind = level::ratio, .values = {-1, 2, 3, 4}, .squared_distances = {}}));
  EXPECT_FALSE(krippendorff_alpha(
      table, {.kind = level::interval, .values = {1, 2, NAN, 4}, .squared_distances = {}}));
  EXPECT_FALSE(krippendorff_alpha(
      table, {.kind = level::custom, .values = {}, .squared_distances = {1, 2}}));
  const auto twice = answer_table::of(std::vector<answer>{{0, 0, 1}, {0, 0, 2}}).value();
  EXPECT_EQ(krippendorff_alpha(twice).error().reason, "participant 0 answered item 0 twice");
}

TEST(krippendorff, interval_is_seeded_and_covers_the_truth) {
  // The truth: a very large sample. 95 % of intervals hold it; of 60, 57 on average.
  const double truth = *alpha(simulated(8, 60'000)).value;
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto table = answer_table::of(simulated(100 + seed, 80), 4).value();
    const bootstrap_settings settings{.confidence = 0.95, .rounds = 300, .seed = seed};
    const auto e = krippendorff_alpha_interval(table, {}, settings).value();
    const auto again = krippendorff_alpha_interval(table, {}, settings).value();
    ASSERT_TRUE(e.lower && e.upper);
    EXPECT_EQ(*e.lower, *again.lower);
    covered += *e.lower <= truth && truth <= *e.upper ? 1 : 0;
  }
  EXPECT_GE(covered, 52);
}

TEST(krippendorff, rounds_without_variation_are_counted_and_may_leave_no_interval) {
  // One item of twenty varies: about a third of the samples miss it.
  std::vector<answer> answers;
  for (std::uint32_t i = 0; i < 20; ++i) {
    answers.push_back({i, 0, 1});
    answers.push_back({i, 1, i == 0 ? 2U : 1U});
  }
  const auto most = krippendorff_alpha_interval(answer_table::of(answers).value(), {}).value();
  EXPECT_TRUE(most.lower);
  EXPECT_GT(most.undefined_rounds, 250U);
  EXPECT_LT(most.undefined_rounds, 450U);
  const std::vector<answer> alike{{0, 0, 1}, {0, 1, 1}};
  const auto none = krippendorff_alpha_interval(answer_table::of(alike).value(), {}).value();
  EXPECT_FALSE(none.lower);
  EXPECT_EQ(none.reason, undefined_reason::no_variation);
}

}  // namespace
}  // namespace agon::ratings::agreement

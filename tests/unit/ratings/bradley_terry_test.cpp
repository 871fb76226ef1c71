#include "ratings/bradley_terry.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace agon::ratings {
namespace {

using status = rating_status;

template <std::size_t N>
tally from_wins(const std::array<const char*, N>& names,
                const std::array<std::array<std::uint64_t, N>, N>& wins) {
  tally t;
  for (const char* name : names) t.add_system(name);
  for (system_index i = 0; i < N; ++i)
    for (system_index j = 0; j < N; ++j)
      if (i != j) t.add(i, j, outcome::a, wins[i][j]);
  return t;
}

std::vector<status> statuses(const bradley_terry_fit& fit) {
  std::vector<status> out;
  out.reserve(fit.ratings.size());
  for (const auto& r : fit.ratings) out.push_back(r.status);
  return out;
}

tally seven_systems() {
  tally t;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) t.add_system(name);
  return t;
}

TEST(bradley_terry, wikipedia_example) {
  const tally t = from_wins<4>({"A", "B", "C", "D"},
                               {{{0, 2, 0, 1}, {3, 0, 5, 0}, {0, 3, 0, 1}, {4, 0, 3, 0}}});
  const auto fit = fit_bradley_terry(t);
  const std::array expected{0.640, 1.043, 0.660, 2.270};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(std::exp(fit.theta[i]), expected[i], 5e-4);
}

// Agresti, Categorical Data Analysis: the American League's eastern division in 1987.
TEST(bradley_terry, baseball_without_home_field) {
  const tally t = from_wins<7>(
      {"Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"},
      {{{0, 7, 9, 7, 7, 9, 11},
        {6, 0, 7, 5, 11, 9, 9},
        {4, 6, 0, 7, 7, 8, 12},
        {6, 8, 6, 0, 6, 7, 10},
        {6, 2, 6, 7, 0, 7, 12},
        {4, 4, 5, 6, 6, 0, 6},
        {2, 4, 1, 3, 1, 7, 0}}});
  const auto fit = fit_bradley_terry(t);
  const std::array above_baltimore{1.58, 1.44, 1.29, 1.25, 1.11, 0.68};
  for (std::size_t i = 0; i < above_baltimore.size(); ++i)
    EXPECT_NEAR(fit.theta[i] - fit.theta[6], above_baltimore[i], 5e-3);
}

// Stigler 1994, citations between journals of statistics; a citation is a win of the cited.
TEST(bradley_terry, stigler_citations_with_standard_errors) {
  const tally t =
      from_wins<4>({"Biometrika", "Comm Statist", "JASA", "JRSS-B"},
                   {{{0, 730, 498, 221}, {33, 0, 68, 17}, {320, 813, 0, 142}, {284, 276, 325, 0}}});
  const auto fit = fit_bradley_terry(t);
  const std::array expected{0.0, -2.949072, -0.479570, 0.268954};
  const std::array errors{0.0, 0.102545, 0.060589, 0.070830};
  const auto information = [&](std::size_t i, std::size_t j) {
    return fit.inverse_information[i * 4 + j];
  };
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_NEAR(fit.theta[i] - fit.theta[0], expected[i], 5e-7);
    EXPECT_NEAR(std::sqrt(information(i, i) + information(0, 0) - 2 * information(i, 0)), errors[i],
                5e-7);
  }
}

TEST(bradley_terry, two_systems_have_the_log_odds_and_a_textbook_interval) {
  tally t;
  t.add("a", "b", outcome::a, 300);
  t.add("a", "b", outcome::b, 100);
  const auto fit = fit_bradley_terry(t);
  EXPECT_NEAR(fit.ratings[0].score - fit.ratings[1].score, 400 * std::log10(3.0), 1e-9);
  EXPECT_NEAR(fit.ratings[0].score + fit.ratings[1].score, 2000, 1e-9);
  // The variance of the log odds is 1/300 + 1/100; each system has half the difference.
  EXPECT_NEAR(fit.ratings[0].standard_error, points_per_unit / 2 * std::sqrt(1 / 75.0), 1e-9);
  EXPECT_NEAR(fit.ratings[0].upper - fit.ratings[0].score,
              1.959963984540054 * fit.ratings[0].standard_error, 1e-9);
  EXPECT_EQ(fit.ratings[0].rank_lower, 1U);
  EXPECT_EQ(fit.ratings[1].rank_upper, 2U);
}

TEST(bradley_terry, tie_is_half_a_win_each) {
  tally ties, halves;
  ties.add("a", "b", outcome::a, 10);
  ties.add("a", "b", outcome::tie, 20);
  halves.add("a", "b", outcome::a, 20);
  halves.add("a", "b", outcome::b, 10);
  EXPECT_NEAR(fit_bradley_terry(ties).theta[0], fit_bradley_terry(halves).theta[0], 1e-12);
}

TEST(bradley_terry, both_bad_is_left_out_or_a_tie) {
  tally t;
  t.add("a", "b", outcome::a, 10);
  t.add("a", "b", outcome::both_bad, 20);
  EXPECT_EQ(fit_bradley_terry(t).ratings[0].status, status::only_wins);
  const auto fit = fit_bradley_terry(t, {.both_bad = both_bad_policy::tie});
  ASSERT_EQ(fit.ratings[0].status, status::rated);
  EXPECT_NEAR(fit.theta[0] - fit.theta[1], std::log(2.0), 1e-12);
}

TEST(bradley_terry, anchor_shifts_all_scores_and_nothing_else) {
  tally t;
  t.add("a", "b", outcome::a, 30);
  t.add("b", "c", outcome::a, 20);
  t.add("c", "a", outcome::a, 25);
  const auto plain = fit_bradley_terry(t);
  const auto anchored = fit_bradley_terry(t, {.anchor = score_anchor{"b", 1114}});
  EXPECT_TRUE(anchored.anchored);
  EXPECT_FALSE(plain.anchored);
  EXPECT_NEAR(anchored.ratings[1].score, 1114, 1e-9);
  const double shift = 1114 - plain.ratings[1].score;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(anchored.ratings[i].score, plain.ratings[i].score + shift, 1e-9);
    EXPECT_EQ(anchored.ratings[i].standard_error, plain.ratings[i].standard_error);
    EXPECT_EQ(anchored.ratings[i].rank_upper, plain.ratings[i].rank_upper);
  }
}

TEST(bradley_terry, mean_is_used_while_the_anchor_cannot_be_rated) {
  tally t;
  t.add("a", "b", outcome::tie);
  t.add("c", "a", outcome::a);
  for (const char* anchor : {"c", "unknown"}) {
    const auto fit = fit_bradley_terry(t, {.mean = 1500, .anchor = score_anchor{anchor, 1114}});
    EXPECT_FALSE(fit.anchored);
    EXPECT_NEAR(fit.ratings[0].score, 1500, 1e-9);
  }
}

TEST(bradley_terry, no_votes_rate_nothing) {
  EXPECT_TRUE(fit_bradley_terry(tally{}).ratings.empty());
  EXPECT_EQ(statuses(fit_bradley_terry(seven_systems())), std::vector(7, status::no_votes));
}

TEST(bradley_terry, fresh_arena_with_one_win) {
  tally t = seven_systems();
  t.add("c", "e", outcome::b);
  const auto s = statuses(fit_bradley_terry(t));
  EXPECT_EQ(s[4], status::only_wins);
  EXPECT_EQ(s[2], status::only_losses);
  EXPECT_EQ(s[0], status::no_votes);
}

TEST(bradley_terry, fresh_arena_with_one_tie_is_told_with_a_wide_interval) {
  tally t = seven_systems();
  t.add("c", "e", outcome::tie);
  const auto fit = fit_bradley_terry(t);
  EXPECT_EQ(fit.rated, (std::vector<system_index>{2, 4}));
  EXPECT_NEAR(fit.ratings[2].score, 1000, 1e-9);
  // One vote at p = 1/2 informs the difference by 1/4: a standard error of 2, half for each.
  EXPECT_NEAR(fit.ratings[2].standard_error, points_per_unit, 1e-9);
  EXPECT_EQ(fit.ratings[2].rank_upper, 1U);
  EXPECT_EQ(fit.ratings[2].rank_lower, 2U);
}

TEST(bradley_terry, fresh_arena_with_ten_votes_rates_the_circle_and_explains_the_rest) {
  tally t = seven_systems();
  t.add("a", "b", outcome::a);
  t.add("b", "c", outcome::a, 2);
  t.add("c", "a", outcome::a);
  t.add("d", "a", outcome::a);  // d won its only vote
  t.add("c", "e", outcome::a);  // e lost to the circle
  t.add("e", "f", outcome::a);  // and won: its chain to the circle leads one way
  t.add("b", "f", outcome::both_bad, 3);
  const auto fit = fit_bradley_terry(t);
  EXPECT_EQ(statuses(fit),
            (std::vector{status::rated, status::rated, status::rated, status::only_wins,
                         status::separated, status::only_losses, status::no_votes}));
  // Inside the circle the scores are those of the circle alone.
  tally circle;
  circle.add("a", "b", outcome::a);
  circle.add("b", "c", outcome::a, 2);
  circle.add("c", "a", outcome::a);
  const auto alone = fit_bradley_terry(circle);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(fit.ratings[i].score, alone.ratings[i].score, 1e-9);
}

TEST(bradley_terry, chain_without_a_circle_rates_nothing) {
  tally t = seven_systems();
  t.add("a", "b", outcome::a);
  t.add("b", "c", outcome::a);
  const auto fit = fit_bradley_terry(t);
  EXPECT_TRUE(fit.rated.empty());
  EXPECT_EQ(fit.ratings[0].status, status::only_wins);
  EXPECT_EQ(fit.ratings[1].status, status::separated);
  EXPECT_EQ(fit.ratings[2].status, status::only_losses);
}

TEST(bradley_terry, largest_island_is_rated_and_the_other_disconnected) {
  tally t = seven_systems();
  t.add("a", "b", outcome::tie, 1000);
  t.add("c", "d", outcome::tie);
  t.add("d", "e", outcome::tie);
  const auto fit = fit_bradley_terry(t);
  EXPECT_EQ(fit.rated, (std::vector<system_index>{2, 3, 4}));
  EXPECT_EQ(fit.ratings[0].status, status::disconnected);
  EXPECT_EQ(fit.ratings[1].status, status::disconnected);
}

TEST(bradley_terry, of_islands_of_one_size_that_with_more_votes_is_rated) {
  tally t = seven_systems();
  t.add("a", "b", outcome::tie, 2);
  t.add("c", "d", outcome::tie, 3);
  EXPECT_EQ(fit_bradley_terry(t).rated, (std::vector<system_index>{2, 3}));
}

TEST(bradley_terry, thin_bridge_of_ties_does_not_feign_certainty) {
  tally t;
  for (const auto& [x, y] : {std::pair{"a", "b"}, {"c", "d"}}) {
    t.add(x, y, outcome::a, 5000);
    t.add(x, y, outcome::b, 5000);
  }
  t.add("a", "c", outcome::tie);
  const auto careful = fit_bradley_terry(t);
  EXPECT_GT(careful.ratings[0].standard_error, 100);
  const auto bare = fit_bradley_terry(t, {.small_sample_error = 1e6});
  EXPECT_LT(bare.ratings[0].standard_error, 5);
}

TEST(bradley_terry, intervals_widen_with_confidence) {
  tally t;
  t.add("a", "b", outcome::a, 60);
  t.add("a", "b", outcome::b, 40);
  const auto at = [&](double c) { return fit_bradley_terry(t, {.confidence = c}).ratings[0]; };
  EXPECT_LT(at(0.5).upper, at(0.95).upper);
  EXPECT_LT(at(0.95).upper, at(0.999).upper);
}

TEST(bradley_terry, impossible_settings_throw) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const tally t = seven_systems();
  for (const double c : {0.0, 1.0, -1.0, nan})
    EXPECT_THROW((void)fit_bradley_terry(t, {.confidence = c}), std::invalid_argument) << c;
  EXPECT_THROW((void)fit_bradley_terry(t, {.mean = nan}), std::invalid_argument);
  EXPECT_THROW((void)fit_bradley_terry(t, {.anchor = score_anchor{"a", nan}}),
               std::invalid_argument);
  EXPECT_THROW((void)fit_bradley_terry(t, {.small_sample_error = -1}), std::invalid_argument);
}

}  // namespace
}  // namespace agon::ratings

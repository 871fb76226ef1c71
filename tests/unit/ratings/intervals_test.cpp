#include "ratings/intervals.hpp"

#include <gtest/gtest.h>

#include <random>

namespace agon::ratings {
namespace {

TEST(intervals, normal_quantiles) {
  EXPECT_NEAR(normal_quantile_two_sided(0.95), 1.959963984540054, 1e-14);
  EXPECT_NEAR(normal_quantile_two_sided(0.99), 2.575829303548901, 1e-14);
  EXPECT_NEAR(normal_quantile_two_sided(0.5), 0.6744897501960817, 1e-14);
  EXPECT_GT(normal_quantile_two_sided(1e-9), 0);
  EXPECT_LT(normal_quantile_two_sided(1 - 1e-16), 9);
}

TEST(intervals, separate_intervals_have_one_rank) {
  const std::vector<interval> rows{{0, 1}, {4, 5}, {2, 3}};
  const auto ranks = rank_ranges(rows);
  const std::vector<std::uint32_t> expected{3, 1, 2};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(ranks[i].upper, expected[i]);
    EXPECT_EQ(ranks[i].lower, expected[i]);
  }
}

TEST(intervals, touching_intervals_do_not_decide) {
  const auto ranks = rank_ranges(std::vector<interval>{{0, 1}, {1, 2}});
  EXPECT_EQ(ranks[0].upper, 1U);
  EXPECT_EQ(ranks[1].lower, 2U);
}

TEST(intervals, ranks_are_as_defined_by_counting) {
  std::mt19937_64 random(3);
  std::vector<interval> rows;
  for (int i = 0; i < 80; ++i) {
    const auto lower = static_cast<double>(random() % 50);
    rows.push_back({lower, lower + static_cast<double>(random() % 9)});
  }
  const auto ranks = rank_ranges(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::uint32_t above = 0;
    std::uint32_t below = 0;
    for (const interval& other : rows) {
      above += other.lower > rows[i].upper;
      below += other.upper < rows[i].lower;
    }
    EXPECT_EQ(ranks[i].upper, 1 + above);
    EXPECT_EQ(ranks[i].lower, rows.size() - below);
  }
}

}  // namespace
}  // namespace agon::ratings

#include "services/arena/sampling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace agon::arena {
namespace {

const std::vector<candidate> three = {{1, 1}, {2, 2}, {3, 1}, {4, 0}};

TEST(draw_pair, probabilities_of_all_pairs_sum_to_one) {
  EXPECT_NEAR(
      pair_probability(three, 1, 2) + pair_probability(three, 1, 3) + pair_probability(three, 2, 3),
      1, 1e-12);
  EXPECT_EQ(pair_probability(three, 1, 4), 0);
  EXPECT_EQ(pair_probability(three, 1, 1), 0);
}

TEST(draw_pair, frequencies_agree_with_the_recorded_probability_and_slots_are_fair) {
  crypto::system_random random;
  std::map<std::pair<int, int>, int> seen;
  constexpr int draws = 20'000;
  int first_low = 0;
  for (int i = 0; i < draws; ++i) {
    const auto pair = *draw_pair(three, random);
    ASSERT_NE(pair.slot_a, pair.slot_b);
    ++seen[std::minmax(pair.slot_a, pair.slot_b)];
    first_low += pair.slot_a < pair.slot_b ? 1 : 0;
    ASSERT_DOUBLE_EQ(pair.probability, pair_probability(three, pair.slot_a, pair.slot_b));
  }
  // Five standard deviations: fails once in some millions of runs.
  for (const auto& [pair, count] : seen) {
    const double p = pair_probability(three, pair.first, pair.second);
    EXPECT_NEAR(count / double{draws}, p, 5 * std::sqrt(p * (1 - p) / draws));
  }
  EXPECT_EQ(seen.size(), 3U);
  EXPECT_NEAR(first_low / double{draws}, 0.5, 5 * 0.5 / std::sqrt(draws));
}

TEST(draw_pair, needs_two_systems) {
  crypto::system_random random;
  const std::vector<candidate> one = {{1, 1}, {2, 0}};
  EXPECT_EQ(draw_pair(one, random).error().code, errc::unsupported);
}

TEST(draw_replacement, never_takes_one_that_is_in_the_battle) {
  crypto::system_random random;
  const std::vector<int> taken = {1, 2};
  for (int i = 0; i < 50; ++i) EXPECT_EQ(*draw_replacement(three, taken, random), 3);
  const std::vector<int> all = {1, 2, 3};
  EXPECT_EQ(draw_replacement(three, all, random).error().code, errc::unsupported);
}

}  // namespace
}  // namespace agon::arena

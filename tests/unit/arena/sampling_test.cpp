#include "services/arena/sampling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace agon::arena {
namespace {

const std::vector<candidate> three = {{1, 1}, {2, 2}, {3, 1}, {4, 0}};
const sampling_rule by_weights{"weights", 0};

// Gains for systems 1, 2, 3: only the pair 1–2 teaches anything.
pair_gains one_pair(std::string policy) {
  return {std::move(policy), {1, 2, 3}, {100, 40, 5}, {0, 1, 0, 1, 0, 0, 0, 0, 0}, 145};
}

double sum_of(const pair_chances& c) {
  return c.probability(1, 2) + c.probability(1, 3) + c.probability(2, 3);
}

TEST(pair_chances, weights_draw_one_after_the_other) {
  const pair_chances c(three, by_weights, nullptr);
  EXPECT_NEAR(sum_of(c), 1, 1e-12);
  // 1 first (1/4) then 2 of 2 and 3 (2/3), or 2 first (2/4) then 1 of 1 and 3 (1/2).
  EXPECT_NEAR(c.probability(1, 2), 1.0 / 4 * 2 / 3 + 2.0 / 4 * 1 / 2, 1e-12);
  EXPECT_EQ(c.probability(1, 2), c.probability(2, 1));
  EXPECT_EQ(c.probability(1, 4), 0);
  EXPECT_EQ(c.probability(1, 1), 0);
}

TEST(pair_chances, frequencies_agree_with_the_recorded_probability_and_slots_are_fair) {
  crypto::system_random random;
  const auto gains = one_pair("variance");
  const pair_chances policies[] = {{three, by_weights, nullptr},
                                   {three, {"uniform", 0.1}, nullptr},
                                   {three, {"variance", 0.3}, &gains}};
  for (const pair_chances& c : policies) {
    std::map<std::pair<int, int>, int> seen;
    constexpr int draws = 20'000;
    int first_low = 0;
    for (int i = 0; i < draws; ++i) {
      const auto pair = *c.draw(random);
      ASSERT_NE(pair.slot_a, pair.slot_b);
      ++seen[std::minmax(pair.slot_a, pair.slot_b)];
      first_low += pair.slot_a < pair.slot_b ? 1 : 0;
      ASSERT_DOUBLE_EQ(pair.probability, c.probability(pair.slot_a, pair.slot_b));
    }
    // Five standard deviations: fails once in some millions of runs.
    for (const auto& [pair, count] : seen) {
      const double p = c.probability(pair.first, pair.second);
      EXPECT_NEAR(count / double{draws}, p, 5 * std::sqrt(p * (1 - p) / draws));
    }
    EXPECT_EQ(seen.size(), 3U);
    EXPECT_NEAR(first_low / double{draws}, 0.5, 5 * 0.5 / std::sqrt(draws));
  }
}

TEST(pair_chances, no_pair_is_below_epsilon) {
  const auto gains = one_pair("variance");
  const pair_chances c(three, {"variance", 0.3}, &gains);
  EXPECT_NEAR(c.probability(1, 3), 0.1, 1e-12);
  EXPECT_NEAR(c.probability(2, 3), 0.1, 1e-12);
  EXPECT_NEAR(c.probability(1, 2), 0.8, 1e-12);
  EXPECT_EQ(c.record(),
            R"({"epsilon":0.3,"pairs":3,"policy":"variance","used":"variance","votes":145})");
}

TEST(pair_chances, without_gains_all_pairs_are_alike_and_the_record_says_so) {
  const auto other = one_pair("dueling");
  auto silent = one_pair("variance");
  silent.gain.assign(9, 0);
  auto short_of_one = one_pair("variance");
  short_of_one.systems = {1, 2, 5};
  for (const pair_gains* gains :
       std::initializer_list<const pair_gains*>{nullptr, &other, &silent, &short_of_one}) {
    const pair_chances c(three, {"variance", 0.1}, gains);
    EXPECT_NEAR(c.probability(1, 2), 1.0 / 3, 1e-12);
    EXPECT_NE(c.record().find(R"("used":"uniform")"), std::string::npos) << c.record();
  }
}

TEST(pair_chances, a_boost_multiplies_until_its_target_is_reached) {
  const auto gains = one_pair("uniform");
  std::vector<candidate> boosted = three;
  boosted[2].boost = 4;  // system 3 has 5 votes
  boosted[2].target = 10;
  EXPECT_NEAR(pair_chances(boosted, {"uniform", 0}, &gains).probability(1, 2), 1.0 / 9, 1e-12);
  boosted[2].target = 5;
  EXPECT_NEAR(pair_chances(boosted, {"uniform", 0}, &gains).probability(1, 2), 1.0 / 3, 1e-12);
  boosted[2].target = 0;
  EXPECT_NEAR(pair_chances(boosted, {"uniform", 0}, nullptr).probability(1, 2), 1.0 / 9, 1e-12);
}

TEST(pair_chances, needs_two_systems) {
  crypto::system_random random;
  const std::vector<candidate> one = {{1, 1}, {2, 0}};
  EXPECT_EQ(pair_chances(one, by_weights, nullptr).draw(random).error().code, errc::unsupported);
  EXPECT_EQ(pair_chances({}, by_weights, nullptr).draw(random).error().code, errc::unsupported);
}

TEST(draw_replacement, never_takes_one_that_is_in_the_battle) {
  crypto::system_random random;
  const pair_chances c(three, by_weights, nullptr);
  const std::vector<int> taken = {1, 2};
  for (int i = 0; i < 50; ++i) EXPECT_EQ(*c.draw_replacement(taken, random), 3);
  const std::vector<int> all = {1, 2, 3};
  EXPECT_EQ(c.draw_replacement(all, random).error().code, errc::unsupported);
}

}  // namespace
}  // namespace agon::arena

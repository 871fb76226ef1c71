#include "services/arena/compute_gains.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace agon::arena {
namespace {

arena with_policy(const std::string& policy, int systems) {
  arena a;
  a.sampling = {policy, 0.1};
  for (int id = 1; id <= systems; ++id) {
    registered_system s;
    s.id = id;
    a.systems.push_back(std::move(s));
  }
  return a;
}

// Every pair of 1 … known met `votes` times.
std::vector<pair_tally> all_met(int known, std::int64_t votes) {
  std::vector<pair_tally> out;
  for (int x = 1; x <= known; ++x)
    for (int y = x + 1; y <= known; ++y) out.push_back({x, y, votes / 2, votes - votes / 2, 0, 0});
  return out;
}

std::vector<candidate> candidates(int systems) {
  std::vector<candidate> out;
  for (int id = 1; id <= systems; ++id) out.push_back({id, 1});
  return out;
}

double chance_of(const pair_chances& c, int system, int systems) {
  double sum = 0;
  for (int other = 1; other <= systems; ++other)
    if (other != system) sum += c.probability(system, other);
  return sum;
}

TEST(compute_gains, a_new_system_is_drawn_far_more_often_than_an_old_one) {
  for (const char* policy : {"variance", "uncertainty"}) {
    const arena a = with_policy(policy, 8);
    const gains_ptr g = compute_gains(a, all_met(7, 200));
    const pair_chances c(candidates(8), a.sampling, g.get());
    EXPECT_GT(chance_of(c, 8, 8), 0.6) << policy;
    EXPECT_LT(chance_of(c, 1, 8), 0.35) << policy;
    EXPECT_EQ(g->votes_of(8), 0);
    EXPECT_EQ(g->votes_of(1), 1200);
    EXPECT_NE(c.record().find("\"used\":\"" + std::string(policy)), std::string::npos);
  }
}

TEST(compute_gains, no_pair_is_below_epsilon_however_well_it_is_known) {
  const arena a = with_policy("variance", 8);
  const gains_ptr g = compute_gains(a, all_met(7, 100'000));
  const pair_chances c(candidates(8), a.sampling, g.get());
  double sum = 0;
  for (int x = 1; x <= 8; ++x)
    for (int y = x + 1; y <= 8; ++y) {
      EXPECT_GE(c.probability(x, y), 0.1 / 28 - 1e-12);
      sum += c.probability(x, y);
    }
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(compute_gains, dueling_prefers_the_best) {
  const arena a = with_policy("dueling", 4);
  std::vector<pair_tally> votes;
  for (int x = 1; x <= 4; ++x)
    for (int y = x + 1; y <= 4; ++y) votes.push_back({x, y, 70, 30, 0, 0});
  const pair_chances c(candidates(4), a.sampling, compute_gains(a, votes).get());
  EXPECT_GT(c.probability(1, 2), c.probability(3, 4));
}

TEST(compute_gains, the_same_votes_give_the_same_gains) {
  for (const char* policy : {"uncertainty", "variance", "dueling"}) {
    const arena a = with_policy(policy, 5);
    EXPECT_EQ(compute_gains(a, all_met(4, 10))->gain, compute_gains(a, all_met(4, 10))->gain);
  }
}

TEST(compute_gains, votes_of_systems_that_left_are_no_stumbling_block) {
  const arena a = with_policy("variance", 3);
  const auto votes = all_met(6, 10);
  const gains_ptr g = compute_gains(a, votes);
  EXPECT_EQ(g->systems.size(), 3U);
  EXPECT_GT(g->between(1, 2), 0);
  EXPECT_EQ(g->between(1, 6), 0);
  EXPECT_EQ(g->all_votes, 150);
}

TEST(compute_gains, weights_and_uniform_need_the_counts_alone) {
  const arena a = with_policy("uniform", 3);
  const gains_ptr g = compute_gains(a, all_met(3, 10));
  EXPECT_EQ(g->votes_of(1), 20);
  EXPECT_EQ(g->between(1, 2), 0);
  EXPECT_EQ(compute_gains(with_policy("uniform", 1), {}), nullptr);
}

}  // namespace
}  // namespace agon::arena

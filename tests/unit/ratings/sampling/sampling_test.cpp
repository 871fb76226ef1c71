#include "ratings/sampling/pair_policy.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "ratings/bradley_terry.hpp"
#include "ratings/random.hpp"
#include "tests/unit/ratings/sampling/new_system.hpp"

namespace agon::ratings::sampling {
namespace {

const std::vector<pair_policy> all_policies{pair_policy::uniform, pair_policy::weights,
                                            pair_policy::uncertainty, pair_policy::variance,
                                            pair_policy::dueling};

policy_settings with(pair_policy p) {
  policy_settings s;
  s.policy = p;
  return s;
}

tally simulated(std::uint64_t seed, std::size_t systems, int votes) {
  seeded_random random(seed);
  tally t;
  for (std::size_t i = 0; i < systems; ++i) t.add_system("system " + std::to_string(i));
  for (int n = 0; n < votes; ++n) {
    const auto a = static_cast<system_index>(random.below(systems));
    const auto b = static_cast<system_index>((a + 1 + random.below(systems - 1)) % systems);
    const double z = 0.3 * (static_cast<double>(a) - static_cast<double>(b));
    t.add(a, b, random.unit() < 1 / (1 + std::exp(-z)) ? outcome::a : outcome::b);
  }
  return t;
}

std::vector<system_pair> all_pairs(std::size_t systems) {
  std::vector<system_pair> out;
  for (system_index b = 1; b < systems; ++b)
    for (system_index a = 0; a < b; ++a) out.push_back({a, b});
  return out;
}

double share_of(system_index i, const std::vector<system_pair>& pairs,
                const pair_probabilities& p) {
  double out = 0;
  for (std::size_t k = 0; k < pairs.size(); ++k)
    if (pairs[k].a == i || pairs[k].b == i) out += p.probability[k];
  return out;
}

TEST(board_factor, with_many_votes_is_the_board) {
  const tally votes = simulated(1, 6, 60'000);
  const board_factor f = factor_of(votes);
  const auto fit = fit_bradley_terry(votes);
  const double mean = std::accumulate(f.theta.begin(), f.theta.end(), 0.0) / 6;
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(f.theta[i] - mean, fit.theta[i], 0.002);
}

TEST(board_factor, a_system_without_votes_is_as_uncertain_as_the_prior) {
  tally votes = simulated(2, 5, 500);
  votes.add_system("new");
  const board_factor f = factor_of(votes, {.both_bad = both_bad_policy::drop, .prior_sd = 1.5});
  EXPECT_NEAR(f.covariance[5 * 6 + 5], 2.25, 1e-9);
  EXPECT_NEAR(f.theta[5], 0, 1e-9);
  EXPECT_LT(f.covariance[0], 0.6);
  EXPECT_EQ(factor_of({}).systems, 0U);
  EXPECT_THROW((void)factor_of(votes, {.both_bad = both_bad_policy::drop, .prior_sd = 0}),
               std::invalid_argument);
}

TEST(pair_policy, probabilities_sum_to_one_and_none_falls_below_the_floor) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    seeded_random random(seed);
    const std::size_t systems = 2 + random.below(9);
    const board_factor f = factor_of(simulated(seed, systems, static_cast<int>(random.below(300))));
    auto pairs = all_pairs(systems);
    std::erase_if(pairs, [&](const auto&) { return random.unit() < 0.2; });
    if (pairs.empty()) continue;
    for (const pair_policy policy : all_policies) {
      policy_settings s = with(policy);
      s.exploration = 0.01 + 0.9 * random.unit();
      for (std::size_t i = 0; i < systems; ++i) {
        s.boost.push_back(random.unit() < 0.2 ? 0 : 5 * random.unit());
        s.weight.push_back(0.1 + random.unit());
        s.target_error.push_back(random.unit() < 0.5 ? 0 : 100 * random.unit());
      }
      const auto p = probabilities_of(pairs, f, s).value();
      SCOPED_TRACE(std::string(to_text(policy)) + ", seed " + std::to_string(seed));
      EXPECT_NEAR(std::accumulate(p.probability.begin(), p.probability.end(), 0.0), 1, 1e-12);
      EXPECT_NEAR(p.floor, s.exploration / static_cast<double>(pairs.size()), 1e-15);
      for (const double x : p.probability) EXPECT_GE(x, p.floor);
    }
  }
}

TEST(pair_policy, paused_systems_and_those_of_weight_zero_do_not_play) {
  const board_factor f = factor_of(simulated(3, 5, 200));
  const auto pairs = all_pairs(5);
  for (const pair_policy policy : all_policies) {
    policy_settings s = with(policy);
    s.paused = {false, true, false, false, false};
    s.weight = {1, 1, 0, 1, 1};
    const auto p = probabilities_of(pairs, f, s).value();
    EXPECT_EQ(share_of(1, pairs, p), 0);
    EXPECT_EQ(share_of(2, pairs, p), 0);
    EXPECT_EQ(p.admissible, 3U);
    EXPECT_NEAR(std::accumulate(p.probability.begin(), p.probability.end(), 0.0), 1, 1e-12);
  }
}

TEST(pair_policy, weights_are_those_of_two_draws_without_replacement) {
  const board_factor f = factor_of(simulated(4, 3, 10));
  policy_settings s = with(pair_policy::weights);
  s.weight = {1, 2, 5};
  s.exploration = 1e-12;
  const auto p = probabilities_of(all_pairs(3), f, s).value();
  EXPECT_NEAR(p.probability[0], 1.0 / 8 * 2 / 7 + 2.0 / 8 * 1 / 6, 1e-9);
  EXPECT_NEAR(p.probability[1], 1.0 / 8 * 5 / 7 + 5.0 / 8 * 1 / 3, 1e-9);
  EXPECT_NEAR(p.probability[2], 2.0 / 8 * 5 / 6 + 5.0 / 8 * 2 / 3, 1e-9);
}

TEST(pair_policy, the_variance_that_a_vote_takes_off_is_that_of_a_new_inverse) {
  const board_factor f = factor_of(simulated(5, 6, 400));
  const auto pairs = all_pairs(6);
  policy_settings s = with(pair_policy::variance);
  s.exploration = 1e-12;
  const auto p = probabilities_of(pairs, f, s).value();
  const Eigen::Map<const Eigen::MatrixXd> covariance(f.covariance.data(), 6, 6);
  std::vector<double> drops;
  for (const auto& pair : pairs) {
    Eigen::VectorXd d = Eigen::VectorXd::Zero(6);
    d[pair.a] = 1;
    d[pair.b] = -1;
    const double win = 1 / (1 + std::exp(f.theta[pair.b] - f.theta[pair.a]));
    const Eigen::MatrixXd information = covariance.inverse() + win * (1 - win) * d * d.transpose();
    drops.push_back(covariance.trace() - information.inverse().trace());
  }
  const double sum = std::accumulate(drops.begin(), drops.end(), 0.0);
  for (std::size_t k = 0; k < pairs.size(); ++k)
    EXPECT_NEAR(p.probability[k], drops[k] / sum, 1e-9);
}

TEST(pair_policy, uncertainty_prefers_what_was_seldom_seen) {
  tally votes;
  votes.add("a", "b", outcome::a, 100);
  votes.add("a", "b", outcome::b, 100);
  votes.add("a", "c", outcome::a, 10);
  votes.add("a", "c", outcome::b, 10);
  const auto pairs = all_pairs(3);
  const auto p = probabilities_of(pairs, factor_of(votes), with(pair_policy::uncertainty)).value();
  EXPECT_GT(p.probability[1], p.probability[0]);  // (a, c) before (a, b)
  EXPECT_GT(p.probability[2], p.probability[1]);  // (b, c) never
}

TEST(pair_policy, a_new_system_is_sent_to_battle_by_the_policies_that_learn) {
  tally votes = simulated(6, 9, 4000);
  votes.add_system("new");
  const auto pairs = all_pairs(10);
  const board_factor f = factor_of(votes);
  const double even =
      share_of(9, pairs, probabilities_of(pairs, f, with(pair_policy::uniform)).value());
  EXPECT_NEAR(even, 0.2, 1e-9);
  for (const pair_policy policy : {pair_policy::uncertainty, pair_policy::variance})
    EXPECT_GT(share_of(9, pairs, probabilities_of(pairs, f, with(policy)).value()), 2 * even);
}

TEST(pair_policy, dueling_looks_for_the_best) {
  const auto pairs = all_pairs(8);
  const board_factor f = factor_of(simulated(7, 8, 1500));
  const auto p = probabilities_of(pairs, f, with(pair_policy::dueling)).value();
  // Systems are the stronger the later they come.
  EXPECT_GT(share_of(7, pairs, p), 0.7);
  EXPECT_GT(share_of(7, pairs, p), share_of(0, pairs, p) * 5);
  EXPECT_EQ(p.probability,
            probabilities_of(pairs, f, with(pair_policy::dueling)).value().probability);
}

TEST(pair_policy, boosts_multiply_and_targets_end_the_wish) {
  const auto pairs = all_pairs(4);
  const board_factor f = factor_of(simulated(8, 4, 3000));
  policy_settings s = with(pair_policy::uniform);
  s.boost = {3, 1, 1, 1};
  s.exploration = 1e-12;
  const auto boosted = probabilities_of(pairs, f, s).value();
  EXPECT_NEAR(boosted.probability[0], 3.0 / 12, 1e-9);
  EXPECT_NEAR(boosted.probability[2], 1.0 / 12, 1e-9);

  policy_settings reached = with(pair_policy::variance);
  reached.target_error.assign(4, 500);
  const auto p = probabilities_of(pairs, f, reached).value();
  EXPECT_TRUE(p.targets_reached);
  for (const double x : p.probability) EXPECT_NEAR(x, 1.0 / 6, 1e-12);
  reached.target_error = {1, 500, 500, 500};
  const auto one = probabilities_of(pairs, f, reached).value();
  EXPECT_FALSE(one.targets_reached);
  EXPECT_GT(share_of(0, pairs, one), 0.8);
}

TEST(pair_policy, refuses_what_it_cannot_use) {
  const board_factor f = factor_of(simulated(9, 3, 20));
  const auto pairs = all_pairs(3);
  const policy_settings plain = with(pair_policy::uniform);
  EXPECT_FALSE(probabilities_of({}, f, plain));
  EXPECT_FALSE(probabilities_of(std::vector<system_pair>{{0, 0}}, f, plain));
  EXPECT_FALSE(probabilities_of(std::vector<system_pair>{{0, 3}}, f, plain));
  EXPECT_FALSE(probabilities_of(std::vector<system_pair>{{0, 1}, {1, 0}}, f, plain));
  policy_settings s = plain;
  s.exploration = 0;
  EXPECT_FALSE(probabilities_of(pairs, f, s));
  s = plain;
  s.boost = {1, 1};
  EXPECT_FALSE(probabilities_of(pairs, f, s));
  s = plain;
  s.weight = {1, NAN, 1};
  EXPECT_FALSE(probabilities_of(pairs, f, s));
  s = plain;
  s.paused = {true, true, false};
  EXPECT_FALSE(probabilities_of(pairs, f, s));
  for (const pair_policy p : all_policies) EXPECT_EQ(pair_policy_from_text(to_text(p)), p);
  EXPECT_FALSE(pair_policy_from_text("best"));
}

TEST(pair_policy, pick_follows_the_probabilities) {
  const std::vector<double> p{0.2, 0, 0.5, 0.3, 0};
  EXPECT_EQ(pick(p, 0), 0U);
  EXPECT_EQ(pick(p, 0.2), 2U);
  EXPECT_EQ(pick(p, 0.69), 2U);
  EXPECT_EQ(pick(p, 0.71), 3U);
  EXPECT_EQ(pick(p, 1 - 1e-17), 3U);
}

// tests/bench/sampling_simulation.cpp prints the whole table.
TEST(pair_policy, a_new_system_needs_far_fewer_votes_than_under_uniform) {
  const testing::arena_world world;
  const double uniform = testing::mean_votes_needed(world, with(pair_policy::uniform), 3);
  const double variance = testing::mean_votes_needed(world, with(pair_policy::variance), 3);
  EXPECT_LT(variance, uniform / 3) << "uniform " << uniform;
}

}  // namespace
}  // namespace agon::ratings::sampling

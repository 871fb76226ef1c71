#include "ratings/participants/crowd_model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ratings/participants/vote_mixture.hpp"
#include "ratings/random.hpp"

namespace agon::ratings::participants {
namespace {

roster named_systems(std::size_t count) {
  roster out;
  for (std::size_t i = 0; i < count; ++i) out.add("system " + std::to_string(i));
  return out;
}

double logistic(double z) {
  return 1 / (1 + std::exp(-z));
}

struct simulated_judge {
  double judged = 1;      // share of votes that are judged
  double first_slot = 0;  // else: probability of the first slot
  double tie = 0;         // ν
};

// System i has strength step · i.
std::vector<judged_vote> simulated(std::uint64_t seed, std::size_t systems, double step,
                                   const std::vector<simulated_judge>& judges, int votes_each) {
  seeded_random random(seed);
  std::vector<judged_vote> out;
  for (std::uint32_t p = 0; p < judges.size(); ++p)
    for (int n = 0; n < votes_each; ++n) {
      const auto a = static_cast<system_index>(random.below(systems));
      const auto b = static_cast<system_index>((a + 1 + random.below(systems - 1)) % systems);
      double z = step * (static_cast<double>(a) - static_cast<double>(b));
      if (random.unit() >= judges[p].judged)
        z = std::log(judges[p].first_slot / (1 - judges[p].first_slot));
      const double up = std::exp(z / 2), down = std::exp(-z / 2);
      const double u = random.unit() * (up + down + judges[p].tie);
      out.push_back({p, a, b, u < up ? outcome::a : u < up + down ? outcome::b : outcome::tie});
    }
  return out;
}

TEST(vote_mixture, without_ties_it_is_the_formula) {
  const vote_parameters at{0.7, 0, 1.3, -0.4};
  const double expected = logistic(1.3) * logistic(0.7) + (1 - logistic(1.3)) * logistic(-0.4);
  EXPECT_NEAR(std::exp(log_probability_of_vote(outcome::a, at, false)), expected, 1e-12);
  EXPECT_NEAR(std::exp(log_probability_of_vote(outcome::b, at, false)), 1 - expected, 1e-12);
}

TEST(vote_mixture, derivatives_are_those_of_the_log_probability) {
  const vote_parameters at{0.7, -0.3, 0.6, -0.4};
  const auto moved = [&](Eigen::Index i, double by) {
    vote_parameters p = at;
    (i == at_z ? p.z : i == at_tie ? p.tie : i == at_skill ? p.skill : p.side) += by;
    return p;
  };
  constexpr double h = 1e-5;
  double sum = 0;
  for (const outcome o : {outcome::a, outcome::b, outcome::tie}) {
    const vote_terms t = terms_of_vote(o, at, true);
    sum += std::exp(t.log_probability);
    for (Eigen::Index i = 0; i < 4; ++i) {
      const vote_terms up = terms_of_vote(o, moved(i, h), true);
      const vote_terms down = terms_of_vote(o, moved(i, -h), true);
      EXPECT_NEAR(t.gradient[i], (up.log_probability - down.log_probability) / (2 * h), 1e-8);
      const Eigen::Vector4d second = (up.gradient - down.gradient) / (2 * h);
      EXPECT_LT((t.observed_information.col(i) + second).norm(), 1e-7);
    }
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(crowd_model, with_able_judges_it_is_bradley_terrys_board) {
  const auto votes = simulated(1, 6, 0.4, std::vector<simulated_judge>(20), 200);
  tally counts;
  const roster systems = named_systems(6);
  for (std::size_t i = 0; i < 6; ++i) counts.add_system(systems.name(static_cast<system_index>(i)));
  for (const auto& v : votes) counts.add(v.a, v.b, v.result);
  crowd_settings sure;
  sure.skill_mean = 10;
  sure.skill_sd = 0.001;
  sure.strength_sd = 1000;
  const auto x = fit_crowd(systems, votes, sure);
  const auto y = fit_bradley_terry(counts);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(x.ratings[i].score, y.ratings[i].score, 0.2);
}

TEST(crowd_model, knows_the_able_the_biased_and_the_tie_lovers) {
  std::vector<simulated_judge> judges(12, {0.9, 0.5, 0.3});
  judges[0] = {0, 0.95, 0.3};  // clicks the first slot
  judges[1] = {0, 0.05, 0.3};  // the second
  judges[2] = {0.9, 0.5, 4};   // ties
  const auto fit = fit_crowd(named_systems(8), simulated(2, 8, 0.5, judges, 250));
  ASSERT_TRUE(fit.problem.empty());
  for (std::size_t p = 2; p < 12; ++p) {
    EXPECT_GT(fit.judges[p].judged_share, 0.7) << p;
    if (p > 2) {
      EXPECT_GT(fit.judges[2].tie_propensity, fit.judges[p].tie_propensity + 1);
    }
  }
  EXPECT_LT(fit.judges[0].judged_share, 0.35);
  EXPECT_LT(fit.judges[1].judged_share, 0.35);
  EXPECT_GT(fit.judges[0].side, 1.5);
  EXPECT_LT(fit.judges[1].side, -1.5);
  // The spread of the scores trades off against the level of skill, which the errors know.
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(fit.theta[i], 0.5 * (static_cast<double>(i) - 3.5),
                3 * fit.ratings[i].standard_error / points_per_unit);
    if (i > 0) {
      EXPECT_GT(fit.theta[i], fit.theta[i - 1]);
    }
  }
}

TEST(crowd_model, careless_votes_shrink_a_plain_board_and_not_this_one) {
  std::vector<simulated_judge> judges(30);
  for (std::size_t p = 0; p < 15; ++p) judges[p] = {0, 0.5, 0};
  const auto votes = simulated(3, 6, 0.6, judges, 120);
  tally counts;
  const roster systems = named_systems(6);
  for (std::size_t i = 0; i < 6; ++i) counts.add_system(systems.name(static_cast<system_index>(i)));
  for (const auto& v : votes) counts.add(v.a, v.b, v.result);
  const auto plain = fit_bradley_terry(counts);
  const auto crowd = fit_crowd(systems, votes);
  const double truth = 0.6 * 5;
  EXPECT_LT(plain.theta[5] - plain.theta[0], 0.65 * truth);
  EXPECT_NEAR(crowd.theta[5] - crowd.theta[0], truth, 0.2 * truth);
}

TEST(crowd_model, intervals_cover_the_truth) {
  int covered = 0;
  constexpr int worlds = 25;
  std::vector<simulated_judge> judges(10, {0.88, 0.5, 0.4});
  for (std::uint64_t seed = 0; seed < worlds; ++seed) {
    const auto fit = fit_crowd(named_systems(5), simulated(100 + seed, 5, 0.3, judges, 60));
    for (std::size_t i = 0; i < 5; ++i) {
      const double truth = 1000 + points_per_unit * 0.3 * (static_cast<double>(i) - 2);
      covered += fit.ratings[i].lower <= truth && truth <= fit.ratings[i].upper ? 1 : 0;
    }
  }
  EXPECT_NEAR(covered / (5.0 * worlds), 0.95, 0.05);
}

TEST(crowd_model, the_objective_never_falls_and_slots_may_be_exchanged) {
  auto votes = simulated(4, 5, 0.4, {{0.9, 0.8, 0.5}, {0.6, 0.3, 0.2}, {1, 0.5, 1}}, 60);
  crowd_settings s;
  double last = -1e300;
  for (s.most_iterations = 1; s.most_iterations < 30; ++s.most_iterations) {
    const double next = fit_crowd(named_systems(5), votes, s).objective;
    EXPECT_GE(next, last - 1e-9);
    last = next;
  }
  const auto before = fit_crowd(named_systems(5), votes);
  for (auto& v : votes) {
    std::swap(v.a, v.b);
    v.result = mirrored(v.result);
  }
  const auto after = fit_crowd(named_systems(5), votes);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_NEAR(before.ratings[i].score, after.ratings[i].score, 0.01);
  for (std::size_t p = 0; p < 3; ++p)
    EXPECT_NEAR(before.judges[p].side, -after.judges[p].side, 0.01);
}

TEST(crowd_model, systems_that_cannot_be_rated_and_judges_without_votes_are_told) {
  const std::vector<judged_vote> votes{{0, 0, 1, outcome::a},
                                       {0, 1, 0, outcome::a},
                                       {2, 2, 0, outcome::a},
                                       {2, 0, 1, outcome::both_bad}};
  const auto fit = fit_crowd(named_systems(4), votes);
  EXPECT_EQ(fit.ratings[0].status, rating_status::rated);
  EXPECT_EQ(fit.ratings[2].status, rating_status::only_wins);
  EXPECT_EQ(fit.ratings[3].status, rating_status::no_votes);
  ASSERT_EQ(fit.judges.size(), 3U);
  EXPECT_EQ(fit.judges[1].votes, 0U);
  EXPECT_EQ(fit.judges[1].skill, 2);
  EXPECT_TRUE(fit_crowd(named_systems(2), {}).rated.empty());
  EXPECT_THROW((void)fit_crowd(named_systems(2), std::vector<judged_vote>{{0, 0, 0, outcome::a}}),
               std::invalid_argument);
  EXPECT_THROW((void)fit_crowd(named_systems(2), std::vector<judged_vote>{{0, 0, 5, outcome::a}}),
               std::invalid_argument);
}

TEST(crowd_model, random_votes_never_give_nan) {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    seeded_random random(seed);
    std::vector<judged_vote> votes;
    for (auto n = random.below(60); n > 0; --n) {
      const auto a = static_cast<system_index>(random.below(4));
      votes.push_back({static_cast<std::uint32_t>(random.below(5)), a,
                       static_cast<system_index>((a + 1 + random.below(3)) % 4),
                       static_cast<outcome>(random.below(4))});
    }
    const auto fit = fit_crowd(named_systems(4), votes);
    EXPECT_TRUE(fit.problem.empty()) << seed;
    for (const auto& r : fit.ratings)
      EXPECT_TRUE(std::isfinite(r.score) && std::isfinite(r.standard_error));
    for (const auto& j : fit.judges)
      EXPECT_TRUE(std::isfinite(j.skill) && std::isfinite(j.skill_error) && j.skill_error > 0);
  }
}

}  // namespace
}  // namespace agon::ratings::participants

#include "ratings/cardinal/mixed_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "ratings/random.hpp"

namespace agon::ratings::cardinal {
namespace {

struct scored_world {
  std::vector<double> worth{-10, -4, 0, 5, 9};
  std::uint32_t participants = 60;
  int scores_each = 12;
  double shift_sd = 12;
  double scale_sd = 0.4;
  double noise_sd = 6;
};

std::vector<given_score> simulated(std::uint64_t seed, const scored_world& world) {
  seeded_random random(seed);
  std::vector<given_score> out;
  for (std::uint32_t p = 0; p < world.participants; ++p) {
    const double shift = world.shift_sd * random.normal();
    const double scale = 1 + world.scale_sd * random.normal();
    for (int n = 0; n < world.scores_each; ++n) {
      const auto s = static_cast<system_index>(random.below(world.worth.size()));
      out.push_back({p, s, 60 + shift + scale * world.worth[s] + world.noise_sd * random.normal()});
    }
  }
  return out;
}

mixed_settings without_intervals(bool scale = true) {
  mixed_settings s;
  s.with_scale = scale;
  s.rounds = 0;
  return s;
}

TEST(mixed_model, finds_worths_and_how_participants_use_the_scale) {
  scored_world world;
  world.participants = 400;
  const auto fit = fit_mixed(5, simulated(1, world), without_intervals()).value();
  EXPECT_TRUE(fit.converged);
  EXPECT_TRUE(fit.scale_used);
  for (std::size_t s = 0; s < 5; ++s)
    EXPECT_NEAR(fit.systems[s].deviation.value, world.worth[s], 1) << s;
  EXPECT_NEAR(fit.systems[2].mean.value, 60, 2);
  EXPECT_NEAR(fit.shift_sd, 12, 1.2);
  EXPECT_NEAR(fit.scale_sd, 0.4, 0.06);
  EXPECT_NEAR(fit.residual_sd, 6, 0.3);
}

TEST(mixed_model, with_balanced_scores_and_shift_alone_it_is_analysis_of_variance) {
  // Every participant scores every system once: systems' means are the plain means, and
  // maximum likelihood has closed forms.
  seeded_random random(2);
  constexpr std::uint32_t participants = 30;
  constexpr system_index systems = 4;
  std::vector<given_score> scores;
  std::vector<double> mean(systems), own(participants);
  double all = 0;
  for (std::uint32_t p = 0; p < participants; ++p) {
    const double shift = 3 * random.normal();
    for (system_index s = 0; s < systems; ++s) {
      const double y = 5 + shift + s + random.normal();
      scores.push_back({p, s, y});
      mean[s] += y / participants;
      own[p] += y / systems;
      all += y / (participants * systems);
    }
  }
  double between = 0, within = 0;
  for (const given_score& g : scores) {
    const double rest = g.score - mean[g.system] - own[g.participant] + all;
    within += rest * rest;
  }
  for (const double o : own) between += systems * (o - all) * (o - all);
  const double noise = within / (participants * (systems - 1));
  const double shift = (between / participants - noise) / systems;
  mixed_settings s = without_intervals(false);
  s.tolerance = 1e-15;
  s.most_iterations = 20'000;
  const auto fit = fit_mixed(systems, scores, s).value();
  for (system_index i = 0; i < systems; ++i) EXPECT_NEAR(fit.systems[i].mean.value, mean[i], 1e-6);
  EXPECT_NEAR(fit.residual_sd, std::sqrt(noise), 1e-4);
  EXPECT_NEAR(fit.shift_sd, std::sqrt(shift), 1e-3);
}

TEST(mixed_model, a_harsh_participant_does_not_harm_the_systems_they_meet) {
  // Participant 0 gives 40 less, and meets system 0 far more often than the others.
  seeded_random random(3);
  std::vector<given_score> scores;
  for (std::uint32_t p = 0; p < 25; ++p)
    for (int n = 0; n < 20; ++n) {
      const auto s = static_cast<system_index>(p == 0 && n < 15 ? 0 : random.below(3));
      scores.push_back({p, s, (p == 0 ? 30.0 : 70.0) + 2 * random.normal()});
    }
  double plain = 0, count = 0;
  for (const auto& g : scores)
    if (g.system == 0) {
      plain += g.score;
      count += 1;
    }
  const auto fit = fit_mixed(3, scores, without_intervals(false)).value();
  EXPECT_LT(plain / count, 68);
  EXPECT_NEAR(fit.systems[0].deviation.value, 0, 0.7);
  EXPECT_LT(fit.participants[0].shift, -30);
}

TEST(mixed_model, units_and_shift_of_the_scale_pass_through) {
  auto scores = simulated(4, {});
  const auto x = fit_mixed(5, scores, without_intervals()).value();
  for (auto& s : scores) s.score = 1e6 + 1000 * s.score;
  const auto y = fit_mixed(5, scores, without_intervals()).value();
  for (std::size_t s = 0; s < 5; ++s)
    EXPECT_NEAR(y.systems[s].deviation.value, 1000 * x.systems[s].deviation.value, 0.5);
  EXPECT_NEAR(y.scale_sd, x.scale_sd, 1e-4);
}

TEST(mixed_model, the_likelihood_never_falls) {
  const auto scores = simulated(5, {});
  mixed_settings s = without_intervals();
  s.tolerance = 0;
  double last = -1e300;
  for (s.most_iterations = 1; s.most_iterations < 40; ++s.most_iterations) {
    const double next = fit_mixed(5, scores, s).value().log_likelihood;
    EXPECT_GE(next, last - 1e-3);
    last = next;
  }
}

TEST(mixed_model, intervals_by_participant_cover_the_truth_and_repeat) {
  scored_world world;
  world.participants = 40;
  world.scores_each = 6;
  mixed_settings s;
  s.rounds = 100;
  int covered = 0;
  constexpr int worlds = 40;
  for (std::uint64_t seed = 0; seed < worlds; ++seed) {
    const auto fit = fit_mixed(5, simulated(100 + seed, world), s).value();
    for (std::size_t i = 0; i < 5; ++i) {
      const auto& d = fit.systems[i].deviation;
      ASSERT_TRUE(d.lower && d.upper);
      covered += *d.lower <= world.worth[i] && world.worth[i] <= *d.upper ? 1 : 0;
      EXPECT_LE(fit.systems[i].rank_upper, fit.systems[i].rank_lower);
    }
  }
  EXPECT_NEAR(covered / (5.0 * worlds), 0.94, 0.05);
  const auto x = fit_mixed(5, simulated(1, world), s).value();
  const auto y = fit_mixed(5, simulated(1, world), s).value();
  EXPECT_EQ(*x.systems[0].mean.lower, *y.systems[0].mean.lower);
}

TEST(mixed_model, says_what_cannot_be_told) {
  EXPECT_EQ(fit_mixed(2, {}).value().no_interval, "there are no scores");
  const std::vector<given_score> alike{{0, 0, 3}, {1, 1, 3}, {2, 0, 3}};
  const auto same = fit_mixed(3, alike).value();
  EXPECT_EQ(same.no_interval, "all scores are alike");
  EXPECT_EQ(same.systems[0].mean.value, 3);
  EXPECT_EQ(same.systems[2].status, rating_status::no_votes);
  const std::vector<given_score> lone{{0, 0, 3}, {0, 1, 5}};
  const auto one = fit_mixed(2, lone).value();
  EXPECT_FALSE(one.systems[0].mean.lower);
  EXPECT_FALSE(one.no_interval.empty());
  EXPECT_FALSE(one.scale_used);
  EXPECT_FALSE(fit_mixed(2, std::vector<given_score>{{0, 0, NAN}}));
  EXPECT_FALSE(fit_mixed(2, std::vector<given_score>{{0, 2, 1}}));
}

TEST(mixed_model, odd_scores_never_give_nan) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    seeded_random random(seed);
    std::vector<given_score> scores;
    for (auto n = 1 + random.below(30); n > 0; --n)
      scores.push_back(
          {static_cast<std::uint32_t>(random.below(8)), static_cast<system_index>(random.below(4)),
           seed % 3 == 0 ? static_cast<double>(random.below(2)) : 100 * random.unit()});
    mixed_settings s;
    s.rounds = 20;
    const auto fit = fit_mixed(4, scores, s).value();
    for (const auto& sys : fit.systems) {
      EXPECT_TRUE(std::isfinite(sys.mean.value) && std::isfinite(sys.deviation.value)) << seed;
      EXPECT_TRUE(!sys.mean.lower || std::isfinite(*sys.mean.lower)) << seed;
    }
    for (const auto& p : fit.participants)
      EXPECT_TRUE(std::isfinite(p.shift) && std::isfinite(p.scale)) << seed;
  }
}

}  // namespace
}  // namespace agon::ratings::cardinal

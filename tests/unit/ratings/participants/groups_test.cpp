// Groups that are found, and groups that are known.
#include <gtest/gtest.h>

#include <cmath>

#include "ratings/participants/group_difference.hpp"
#include "ratings/participants/latent_groups.hpp"
#include "ratings/random.hpp"

namespace agon::ratings::participants {
namespace {

roster systems_named(std::size_t count) {
  roster out;
  for (std::size_t i = 0; i < count; ++i) out.add("system " + std::to_string(i));
  return out;
}

// Participant p is of group p % tastes.size(), whose systems have these strengths.
std::vector<judged_vote> votes_by_taste(std::uint64_t seed,
                                        const std::vector<std::vector<double>>& tastes,
                                        std::uint32_t participants, int votes_each) {
  seeded_random random(seed);
  std::vector<judged_vote> out;
  for (std::uint32_t p = 0; p < participants; ++p) {
    const auto& theta = tastes[p % tastes.size()];
    for (int n = 0; n < votes_each; ++n) {
      const auto a = random.below(theta.size());
      const auto b = (a + 1 + random.below(theta.size() - 1)) % theta.size();
      const bool won = random.unit() < 1 / (1 + std::exp(theta[b] - theta[a]));
      out.push_back({p, static_cast<system_index>(a), static_cast<system_index>(b),
                     random.unit() < 0.1 ? outcome::tie
                     : won               ? outcome::a
                                         : outcome::b});
    }
  }
  return out;
}

const std::vector<std::vector<double>> opposite{{-1, -0.5, 0, 0.5, 1}, {1, 0.5, 0, -0.5, -1}};

TEST(latent_groups, two_tastes_are_found_and_bic_says_two) {
  const auto votes = votes_by_taste(1, opposite, 80, 30);
  const auto choice = choose_latent_groups(systems_named(5), votes, 4);
  ASSERT_EQ(choice.best, 1U);
  const group_fit& fit = choice.fits[1];
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.groups[0].share, 0.5, 0.05);
  EXPECT_LT(fit.groups[0].theta[0] * fit.groups[1].theta[0], -0.5);
  // All of one group are together.
  const double first = fit.membership[0];
  for (std::size_t p = 0; p < 80; ++p)
    EXPECT_NEAR(fit.membership[2 * p], p % 2 == 0 ? first : 1 - first, 0.25) << p;
}

TEST(latent_groups, one_taste_needs_one_group) {
  const auto votes = votes_by_taste(2, {{-1, -0.5, 0, 0.5, 1}}, 60, 30);
  EXPECT_EQ(choose_latent_groups(systems_named(5), votes, 3).best, 0U);
}

TEST(latent_groups, one_group_with_a_weak_prior_is_bradley_terry) {
  const auto votes = votes_by_taste(3, {{-1, -0.5, 0, 0.5, 1}}, 20, 50);
  tally counts;
  for (const auto& v : votes)
    counts.add("system " + std::to_string(v.a), "system " + std::to_string(v.b), v.result);
  group_settings s;
  s.prior_sd = 1000;
  s.tolerance = 1e-14;
  const auto fit = fit_latent_groups(systems_named(5), votes, 1, s);
  const auto plain = fit_bradley_terry(counts);
  for (system_index i = 0; i < 5; ++i) {
    const auto at = *counts.systems().find("system " + std::to_string(i));
    EXPECT_NEAR(fit.groups[0].theta[i], plain.theta[at], 1e-5);
  }
}

TEST(latent_groups, the_objective_never_falls_and_a_seed_repeats) {
  const auto votes = votes_by_taste(4, opposite, 30, 12);
  group_settings s;
  s.starts = 1;
  s.tolerance = 0;
  double last = -1e300;
  for (s.most_iterations = 1; s.most_iterations < 40; ++s.most_iterations) {
    const double next = fit_latent_groups(systems_named(5), votes, 3, s).objective;
    EXPECT_GE(next, last - 1e-9);
    last = next;
  }
  s.starts = 5;
  EXPECT_EQ(fit_latent_groups(systems_named(5), votes, 3, s).membership,
            fit_latent_groups(systems_named(5), votes, 3, s).membership);
}

TEST(latent_groups, nothing_is_nan_with_few_votes) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto votes = votes_by_taste(seed, opposite, 4, static_cast<int>(seed % 5));
    const auto fit = fit_latent_groups(systems_named(5), votes, 3);
    for (const auto& g : fit.groups) {
      EXPECT_TRUE(std::isfinite(g.share));
      for (const double t : g.theta) EXPECT_TRUE(std::isfinite(t));
      for (const double e : g.standard_error) EXPECT_TRUE(std::isfinite(e) && e > 0);
    }
    for (const double m : fit.membership) EXPECT_TRUE(m >= 0 && m <= 1);
    EXPECT_TRUE(std::isfinite(fit.bic));
  }
  EXPECT_THROW((void)fit_latent_groups(systems_named(5), {}, 0), std::invalid_argument);
}

tally tally_of(const std::vector<judged_vote>& votes, std::size_t systems, std::uint32_t from,
               std::uint32_t to) {
  tally out;
  for (std::size_t i = 0; i < systems; ++i) out.add_system("system " + std::to_string(i));
  for (const auto& v : votes)
    if (v.participant >= from && v.participant < to) out.add(v.a, v.b, v.result);
  return out;
}

TEST(group_difference, a_taste_of_its_own_is_distinct_and_the_differences_sum_to_zero) {
  const auto votes =
      votes_by_taste(5, {{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {1, -1, 0, 0}}, 80, 60);
  tally part;
  for (const auto& v : votes)
    if (v.participant % 4 == 3)
      part.add("system " + std::to_string(v.a), "system " + std::to_string(v.b), v.result);
  const auto d = compare_to_all(tally_of(votes, 4, 0, 80), part);
  EXPECT_EQ(d.rated, 4U);
  EXPECT_GT(d.systems[0].lower, 0);
  EXPECT_LT(d.systems[1].upper, 0);
  double sum = 0;
  for (const auto& s : d.systems) sum += s.difference;
  EXPECT_NEAR(sum, 0, 1e-6);
}

TEST(group_difference, the_whole_does_not_differ_from_itself) {
  const auto votes = votes_by_taste(6, {{-1, 0, 1}}, 20, 20);
  const tally all = tally_of(votes, 3, 0, 20);
  const auto d = compare_to_all(all, all);
  EXPECT_EQ(d.distinct, 0U);
  for (const auto& s : d.systems) {
    EXPECT_NEAR(s.difference, 0, 1e-6);
    EXPECT_NEAR(s.standard_error, 0, 1e-6);
  }
}

TEST(group_difference, without_a_true_difference_intervals_hold_zero) {
  int covered = 0;
  constexpr int worlds = 200;
  for (std::uint64_t seed = 0; seed < worlds; ++seed) {
    const auto votes = votes_by_taste(500 + seed, {{-0.6, -0.2, 0.2, 0.6}}, 40, 20);
    const auto d = compare_to_all(tally_of(votes, 4, 0, 40), tally_of(votes, 4, 0, 14));
    for (const auto& s : d.systems) covered += s.lower <= 0 && 0 <= s.upper ? 1 : 0;
  }
  EXPECT_NEAR(covered / (4.0 * worlds), 0.95, 0.025);
}

TEST(group_difference, tells_what_cannot_be_compared_and_refuses_what_is_no_part) {
  tally all, part;
  for (const char* name : {"x", "y", "z"}) all.add_system(name);
  all.add("x", "y", outcome::tie, 5);
  all.add("y", "z", outcome::a, 3);
  all.add("y", "z", outcome::b, 2);
  part.add("x", "y", outcome::tie, 2);
  const auto d = compare_to_all(all, part);
  EXPECT_EQ(d.rated, 2U);
  EXPECT_EQ(d.systems[2].status, rating_status::no_votes);
  EXPECT_EQ(d.systems[2].difference, 0);
  part.add("x", "y", outcome::tie, 4);
  EXPECT_THROW((void)compare_to_all(all, part), std::invalid_argument);
  tally stranger;
  stranger.add("x", "w", outcome::a);
  EXPECT_THROW((void)compare_to_all(all, stranger), std::invalid_argument);
}

}  // namespace
}  // namespace agon::ratings::participants

// What must hold for any votes under every model on tallies, tried on random ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ratings/pairwise.hpp"
#include "ratings/random.hpp"

namespace agon::ratings {
namespace {

constexpr std::size_t systems = 7;

std::string nth_system(std::size_t i) {
  return "system " + std::to_string(i);
}

tally unrelated(std::size_t count) {
  tally t;
  for (std::size_t i = 0; i < count; ++i) t.add_system(nth_system(i));
  return t;
}

// Votes drawn from a model, with strengths `step` apart around 0.
tally simulated(seeded_random& random, const pairwise_settings& settings, int votes, double step,
                std::size_t count = systems) {
  pairwise_fit world;
  for (std::size_t i = 0; i < count; ++i)
    world.theta.push_back(step * (static_cast<double>(i) - static_cast<double>(count - 1) / 2));
  world.tie_parameter = settings.method == method::davidson ? std::log(0.6) : 0.4;
  if (settings.method == method::grounded_rao_kupper) world.ground_level = 0.8;
  std::vector<std::array<double, outcome_count>> odds;
  for (std::size_t a = 0; a < count; ++a)
    for (std::size_t b = 0; b < count; ++b)
      odds.push_back(a == b ? std::array<double, outcome_count>{}
                            : predicted(world, settings, a, b));
  tally t = unrelated(count);
  for (int v = 0; v < votes; ++v) {
    const auto a = static_cast<system_index>(random.below(count));
    const auto b = static_cast<system_index>((a + 1 + random.below(count - 1)) % count);
    const auto& p = odds[a * count + b];
    double u = random.unit();
    std::size_t o = 0;
    while (o < 3 && u >= p[o]) u -= p[o++];
    t.add(a, b, static_cast<outcome>(o));
  }
  return t;
}

class pairwise_properties : public ::testing::TestWithParam<method> {
 protected:
  pairwise_settings settings_{.method = GetParam()};
  seeded_random random_{20240814};
  tally votes_ = simulated(random_, settings_, 1400, 0.3);
  pairwise_fit fit_ = fit_pairwise(votes_, settings_);
};

TEST_P(pairwise_properties, permuted_labels_permute_the_scores) {
  std::vector<system_index> order{3, 0, 6, 2, 5, 1, 4};
  tally permuted;
  for (const system_index i : order) permuted.add_system(nth_system(i));
  permuted.merge(votes_);
  const auto fit = fit_pairwise(permuted, settings_);
  for (std::size_t i = 0; i < systems; ++i) {
    EXPECT_NEAR(fit.ratings[i].score, fit_.ratings[order[i]].score, 1e-6);
    EXPECT_NEAR(fit.ratings[i].standard_error, fit_.ratings[order[i]].standard_error, 1e-6);
    EXPECT_EQ(fit.ratings[i].rank_upper, fit_.ratings[order[i]].rank_upper);
  }
}

TEST_P(pairwise_properties, copies_of_the_votes_keep_scores_and_narrow_intervals) {
  tally copies = votes_;
  for (int i = 0; i < 3; ++i) copies.merge(votes_);
  const auto fit = fit_pairwise(copies, settings_);
  for (std::size_t i = 0; i < systems; ++i) {
    EXPECT_NEAR(fit.ratings[i].score, fit_.ratings[i].score, 1e-6);
    EXPECT_NEAR(fit.ratings[i].standard_error, fit_.ratings[i].standard_error / 2, 1e-6);
  }
}

TEST_P(pairwise_properties, exchanged_sides_change_nothing) {
  tally reversed = unrelated(systems);
  votes_.for_each_pair([&](system_index a, system_index b, const tally::cell& c) {
    for (std::size_t o = 0; o < outcome_count; ++o)
      reversed.add(b, a, mirrored(static_cast<outcome>(o)), c[o]);
  });
  EXPECT_EQ(fit_pairwise(reversed, settings_).theta, fit_.theta);
}

// Grounded Rao–Kupper has no such symmetry: to lose against the ground is not to win.
TEST_P(pairwise_properties, wins_turned_to_losses_mirror_the_scores) {
  if (GetParam() == method::grounded_rao_kupper) return;
  tally turned = unrelated(systems);
  votes_.for_each_pair([&](system_index a, system_index b, const tally::cell& c) {
    for (std::size_t o = 0; o < outcome_count; ++o)
      turned.add(a, b, mirrored(static_cast<outcome>(o)), c[o]);
  });
  const auto fit = fit_pairwise(turned, settings_);
  for (std::size_t i = 0; i < systems; ++i) EXPECT_NEAR(fit.theta[i], -fit_.theta[i], 1e-9);
}

TEST_P(pairwise_properties, no_other_point_nearby_is_likelier) {
  ASSERT_EQ(fit_.rated.size(), systems);
  const auto likelihood = [&](const pairwise_fit& at) {
    double sum = 0;
    votes_.for_each_pair([&](system_index a, system_index b, const tally::cell& c) {
      const auto p = predicted(at, settings_, a, b);
      for (std::size_t o = 0; o < outcome_count; ++o) {
        const auto n = static_cast<double>(c[o]);
        if (GetParam() == method::bradley_terry && o == 2)
          sum += n * (std::log(p[0]) + std::log(p[1])) / 2;
        else if (p[o] > 0)
          sum += n * std::log(p[o]);
      }
    });
    return sum;
  };
  const double best = likelihood(fit_);
  EXPECT_NEAR(best, fit_.log_likelihood, 1e-7);
  for (int tries = 0; tries < 40; ++tries) {
    pairwise_fit other = fit_;
    for (double& t : other.theta) t += 0.02 * random_.normal();
    if (other.tie_parameter) *other.tie_parameter += 0.02 * random_.normal();
    if (other.ground_level) *other.ground_level += 0.02 * random_.normal();
    EXPECT_LT(likelihood(other), best);
  }
}

// The share of intervals that hold the truth, in a world where the model is true, by number
// of votes per system.
TEST_P(pairwise_properties, intervals_hold_the_truth_as_often_as_they_say) {
  for (const auto& [votes, rounds] : {std::pair{30, 200}, {300, 150}, {10000, 20}}) {
    constexpr std::size_t count = 5;
    int inside = 0;
    int all = 0;
    for (int round = 0; round < rounds; ++round) {
      const tally t =
          simulated(random_, settings_, votes * static_cast<int>(count) / 2, 0.25, count);
      const auto fit = fit_pairwise(t, settings_);
      if (fit.rated.size() != count) continue;
      for (std::size_t i = 0; i < count; ++i, ++all) {
        const double truth = 1000 + points_per_unit * 0.25 * (static_cast<double>(i) - 2);
        inside += fit.ratings[i].lower <= truth && truth <= fit.ratings[i].upper;
      }
    }
    // Four standard deviations of what is counted here, votes of one world being dependent.
    const double slack = rounds == 20 ? 0.09 : 0.03;
    EXPECT_NEAR(static_cast<double>(inside) / all, 0.95, slack) << votes << " votes each";
  }
}

std::uint64_t fuzzed_count(seeded_random& random, std::uint64_t most) {
  switch (random.below(5)) {
    case 0:
    case 1:
      return 0;
    case 2:
      return 1;
    case 3:
      return random.below(10);
    default:
      return most >> random.below(40);
  }
}

TEST_P(pairwise_properties, fuzzed_counts_give_finite_scores_or_a_reason) {
  std::size_t rated = 0;
  std::size_t failed = 0;
  for (const std::uint64_t most : {std::uint64_t{100'000}, std::uint64_t{1} << 40}) {
    for (int round = 0; round < 120; ++round) {
      SCOPED_TRACE(round);
      const std::size_t count = 1 + random_.below(12);
      tally t = unrelated(count);
      const auto pairs = random_.below(count * 2);
      for (std::size_t p = 0; count > 1 && p < pairs; ++p) {
        const auto a = static_cast<system_index>(random_.below(count));
        const auto b = static_cast<system_index>((a + 1 + random_.below(count - 1)) % count);
        for (std::size_t o = 0; o < outcome_count; ++o)
          t.add(a, b, static_cast<outcome>(o), fuzzed_count(random_, most));
      }
      const auto fit = fit_pairwise(t, settings_);
      for (const auto& r : fit.ratings) {
        for (const double v : {r.score, r.standard_error, r.lower, r.upper})
          ASSERT_TRUE(std::isfinite(v));
        rated += r.status == rating_status::rated;
        failed += r.status == rating_status::not_converged;
        if (r.status == rating_status::rated) {
          ASSERT_LE(r.lower, r.score);
          ASSERT_LE(r.rank_upper, r.rank_lower);
        }
      }
      for (const auto& p : fit.parameters) ASSERT_TRUE(std::isfinite(p.value)) << p.name;
      ASSERT_TRUE(std::isfinite(fit.certificate.score_error));
    }
    if (most == 100'000) EXPECT_EQ(failed, 0U);
  }
  EXPECT_GT(rated, 400U);
  EXPECT_LT(failed, 2 * rated);  // beside 2^40 votes on one pair, double arithmetic is blind
}

INSTANTIATE_TEST_SUITE_P(models, pairwise_properties,
                         ::testing::Values(method::bradley_terry, method::davidson,
                                           method::rao_kupper, method::grounded_rao_kupper),
                         [](const auto& info) { return std::string(board_name(info.param)); });

TEST(bradley_terry_scores, agree_with_the_whole_fit) {
  seeded_random random(8);
  const tally t = simulated(random, {}, 2000, 0.2);
  const auto fit = fit_bradley_terry(t);
  const auto scores = bradley_terry_scores(t);
  for (std::size_t i = 0; i < systems; ++i) {
    EXPECT_EQ(scores[i].status, rating_status::rated);
    EXPECT_NEAR(scores[i].score, fit.ratings[i].score, 1e-5);
  }
}

TEST(tally, more_systems_than_the_dense_layout_holds_count_alike) {
  tally many;
  tally few;
  seeded_random random(3);
  for (std::size_t i = 0; i < 1500; ++i) many.add_system(nth_system(i));
  for (int v = 0; v < 5000; ++v) {
    const auto a = random.below(40) * 37;
    const auto b = (a + 37 * (1 + random.below(39))) % 1480;
    const auto o = static_cast<outcome>(random.below(4));
    many.add(static_cast<system_index>(a), static_cast<system_index>(b), o);
    few.add(nth_system(a), nth_system(b), o);
  }
  EXPECT_EQ(many.votes(), few.votes());
  EXPECT_EQ(many.rows(), few.rows());
  EXPECT_EQ(many.sha256(), few.sha256());
  EXPECT_EQ(many.sorted().rows(), few.rows());
  tally grown = few;  // dense, then sparse
  for (std::size_t i = 0; i < 1500; ++i) grown.add_system(nth_system(i));
  grown.merge(few);
  EXPECT_EQ(grown.votes(), 2 * few.votes());
  EXPECT_EQ(grown.rows().size(), few.rows().size());
  EXPECT_EQ(many.pair(1, 2), tally::cell{});
  const auto x = fit_pairwise(many);
  const auto y = fit_pairwise(few);
  ASSERT_EQ(x.rated.size(), y.rated.size());
  for (const system_index i : y.rated) {
    const auto there = many.systems().find(few.systems().name(i));
    EXPECT_NEAR(x.ratings[*there].score, y.ratings[i].score, 1e-7);
  }
}

}  // namespace
}  // namespace agon::ratings

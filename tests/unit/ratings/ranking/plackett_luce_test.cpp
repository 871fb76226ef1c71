#include "ratings/ranking/plackett_luce.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ratings/random.hpp"
#include "ratings/ranking/ranking_board.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings::ranking {
namespace {

ranking_tally with_systems(std::size_t count) {
  ranking_tally t;
  for (std::size_t i = 0; i < count; ++i) t.add_system("system " + std::to_string(i));
  return t;
}

// Chooses with the probabilities of the model from `size` random systems of strength
// 0.3 · i; pairs tie with δ = `delta`.
ranking simulated_ranking(seeded_random& random, std::size_t systems, std::size_t size,
                          double delta) {
  std::vector<system_index> left(systems);
  std::iota(left.begin(), left.end(), 0U);
  for (std::size_t i = 0; i < size; ++i) std::swap(left[i], left[i + random.below(systems - i)]);
  left.resize(size);
  ranking out;
  while (!left.empty()) {
    std::vector<std::pair<double, std::vector<std::size_t>>> options;
    for (std::size_t i = 0; i < left.size(); ++i) {
      options.push_back({std::exp(0.3 * left[i]), {i}});
      for (std::size_t j = 0; j < i; ++j)
        options.push_back({delta * std::exp(0.15 * (left[i] + left[j])), {i, j}});
    }
    double sum = 0;
    for (const auto& o : options) sum += o.first;
    double at = random.unit() * sum;
    std::size_t chosen = 0;
    while (chosen + 1 < options.size() && (at -= options[chosen].first) >= 0) ++chosen;
    std::vector<system_index> group;
    for (const std::size_t i : options[chosen].second) group.push_back(left[i]);
    std::erase_if(left, [&](system_index s) {
      return std::find(group.begin(), group.end(), s) != group.end();
    });
    out.groups.push_back(std::move(group));
  }
  return out;
}

ranking_tally simulated(std::uint64_t seed, std::size_t systems, std::size_t size, int count,
                        double delta = 0) {
  seeded_random random(seed);
  ranking_tally out = with_systems(systems);
  for (int n = 0; n < count; ++n) out.add(simulated_ranking(random, systems, size, delta)).value();
  return out;
}

TEST(plackett_luce, of_pairs_without_ties_is_bradley_terry) {
  tally votes;
  seeded_random random(1);
  for (int n = 0; n < 2000; ++n) {
    const auto a = random.below(8);
    const auto b = (a + 1 + random.below(7)) % 8;
    const bool won =
        random.unit() < 1 / (1 + std::exp(0.2 * (static_cast<double>(b) - static_cast<double>(a))));
    votes.add("s" + std::to_string(a), "s" + std::to_string(b), won ? outcome::a : outcome::b);
  }
  const auto x = fit_plackett_luce(ranking_tally::of(votes, both_bad_policy::drop));
  const auto y = fit_bradley_terry(votes);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(x.ratings[i].score, y.ratings[i].score, 1e-6);
    EXPECT_NEAR(x.ratings[i].standard_error, y.ratings[i].standard_error, 1e-6);
    EXPECT_EQ(x.ratings[i].rank_upper, y.ratings[i].rank_upper);
  }
  for (std::size_t k = 0; k < x.covariance.size(); ++k)
    EXPECT_NEAR(x.covariance[k], y.inverse_information[k], 1e-10);
}

TEST(plackett_luce, of_pairs_with_ties_is_davidson_on_real_votes) {
  AGON_NEEDS_SHARED_DATA("votes/chatbotarena_20240814.json");
  const auto rankings = ranking_tally::of(testing::read_chatbot_arena(), both_bad_policy::drop);
  const auto fit = fit_plackett_luce(rankings);
  double votes = 0;
  for (const auto& [r, n] : rankings.rankings()) votes += static_cast<double>(n);
  ASSERT_EQ(fit.ties.size(), 1U);
  EXPECT_NEAR(std::exp(fit.ties[0].log_delta), 0.54759753, 1e-8);
  EXPECT_NEAR(-fit.log_likelihood / votes, 1.0100066452, 1e-9);
  EXPECT_LT(fit.certificate.score_error, 1e-4);
}

TEST(plackett_luce, finds_strengths_and_ties_of_rankings) {
  const auto fit = fit_plackett_luce(simulated(2, 6, 4, 4000, 0.5));
  ASSERT_EQ(fit.rated.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(fit.theta[i], 0.3 * (static_cast<double>(i) - 2.5), 0.08);
  ASSERT_EQ(fit.ties.size(), 1U);
  EXPECT_NEAR(fit.ties[0].log_delta, std::log(0.5), 4 * fit.ties[0].standard_error);
}

TEST(plackett_luce, intervals_cover_the_truth) {
  int covered = 0;
  constexpr int worlds = 120;
  for (std::uint64_t seed = 0; seed < worlds; ++seed) {
    const auto fit = fit_plackett_luce(simulated(1000 + seed, 5, 3, 150, 0.3));
    for (std::size_t i = 0; i < 5; ++i) {
      const double truth = 1000 + points_per_unit * 0.3 * (static_cast<double>(i) - 2);
      covered += fit.ratings[i].lower <= truth && truth <= fit.ratings[i].upper ? 1 : 0;
    }
  }
  EXPECT_NEAR(covered / (5.0 * worlds), 0.95, 0.03);
}

TEST(plackett_luce, the_best_of_several_says_less_than_a_whole_ranking) {
  // (0 | 1 2): P = π0/(π0+π1+π2). With all three as the best a times, b times, c times the
  // estimate is their shares.
  ranking_tally t = with_systems(3);
  t.add({{{0}}, {1, 2}}, 50).value();
  t.add({{{1}}, {0, 2}}, 30).value();
  t.add({{{2}}, {0, 1}}, 20).value();
  const auto fit = fit_plackett_luce(t);
  EXPECT_NEAR(fit.theta[0] - fit.theta[2], std::log(2.5), 1e-9);
  EXPECT_NEAR(fit.theta[1] - fit.theta[2], std::log(1.5), 1e-9);
}

TEST(plackett_luce, permuted_names_permute_scores_and_a_copy_halves_variances) {
  seeded_random random(5);
  ranking_tally x = with_systems(6), y = with_systems(6), twice = with_systems(6);
  for (int n = 0; n < 400; ++n) {
    ranking r = simulated_ranking(random, 6, 4, 0.3);
    x.add(r).value();
    twice.add(r, 2).value();
    for (auto& g : r.groups)
      for (auto& s : g) s = 5 - s;
    y.add(r).value();
  }
  const auto fx = fit_plackett_luce(x), fy = fit_plackett_luce(y), ft = fit_plackett_luce(twice);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(fx.ratings[i].score, fy.ratings[5 - i].score, 1e-6);
    EXPECT_NEAR(fx.ratings[i].score, ft.ratings[i].score, 1e-6);
    EXPECT_NEAR(fx.ratings[i].standard_error, ft.ratings[i].standard_error * std::sqrt(2), 1e-6);
  }
}

TEST(plackett_luce, islands_need_pseudo_rankings) {
  ranking_tally t = with_systems(5);
  t.add({{{0}, {1}}, {}}, 6).value();
  t.add({{{1}, {0}}, {}}, 2).value();
  t.add({{{2}, {3}}, {}}, 3).value();
  const auto strict = fit_plackett_luce(t);
  EXPECT_EQ(strict.rated, (std::vector<system_index>{0, 1}));
  EXPECT_EQ(strict.ratings[2].status, rating_status::only_wins);
  EXPECT_EQ(strict.ratings[4].status, rating_status::no_votes);

  const auto fit = fit_plackett_luce(t, {.pseudo = 0.5, .anchor = {}});
  EXPECT_TRUE(fit.regularised);
  EXPECT_EQ(fit.rated.size(), 4U);
  EXPECT_EQ(fit.ratings[4].status, rating_status::no_votes);
  EXPECT_GT(fit.ratings[2].score, fit.ratings[3].score);
  // Both islands are symmetric about the imagined system: 3(1−σ(2a)) + ½(1−2σ(a)) = 0.
  const double a = (fit.theta[2] - fit.theta[3]) / 2;
  const auto logistic = [](double z) { return 1 / (1 + std::exp(-z)); };
  EXPECT_NEAR(3 * (1 - logistic(2 * a)) + 0.5 * (1 - 2 * logistic(a)), 0, 1e-9);
  for (const system_index i : fit.rated) EXPECT_GT(fit.ratings[i].standard_error, 0);
}

TEST(plackett_luce, nothing_but_ties_says_why) {
  ranking_tally t = with_systems(3);
  t.add({{{0, 1}}, {}}, 3).value();
  t.add({{{1, 2}}, {}}, 3).value();
  const auto fit = fit_plackett_luce(t);
  EXPECT_TRUE(fit.rated.empty());
  EXPECT_EQ(fit.ratings[0].status, rating_status::not_converged);
  EXPECT_FALSE(fit.problem.empty());
}

TEST(plackett_luce, random_rankings_never_give_nan) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    seeded_random random(seed);
    ranking_tally t = with_systems(6);
    for (auto n = random.below(12); n > 0; --n) {
      ranking r = simulated_ranking(random, 6, 1 + random.below(5), random.unit());
      while (!r.groups.empty() && random.unit() < 0.3) {
        r.below.insert(r.below.end(), r.groups.back().begin(), r.groups.back().end());
        r.groups.pop_back();
      }
      t.add(r, random.unit() < 0.1 ? 1'000'000 : 1 + random.below(3)).value();
    }
    for (const double pseudo : {0.0, 0.5}) {
      const auto fit = fit_plackett_luce(t, {.pseudo = pseudo, .anchor = {}});
      for (const auto& r : fit.ratings) {
        EXPECT_TRUE(std::isfinite(r.score) && std::isfinite(r.lower) && std::isfinite(r.upper));
        EXPECT_TRUE(r.status != rating_status::rated || r.standard_error > 0) << seed;
      }
      for (const double c : fit.covariance) EXPECT_TRUE(std::isfinite(c));
    }
  }
}

TEST(ranking_tally, refuses_what_is_no_ranking) {
  ranking_tally t = with_systems(3);
  EXPECT_FALSE(t.add({{{0}, {0}}, {}}));
  EXPECT_FALSE(t.add({{{0}}, {0}}));
  EXPECT_FALSE(t.add({{{0}, {}}, {}}));
  EXPECT_FALSE(t.add({{{7}}, {}}));
  EXPECT_TRUE(t.rankings().empty());
  t.add({{{2, 0}}, {}}).value();
  t.add({{{0, 2}}, {}}).value();
  EXPECT_EQ(t.rankings().size(), 1U);
}

TEST(ranking_board, does_not_depend_on_the_order_of_systems_and_rankings) {
  const ranking_tally rankings = simulated(7, 6, 4, 300, 0.5);
  ranking_tally shuffled;
  for (std::size_t i = 6; i > 0; --i) shuffled.add_system("system " + std::to_string(i - 1));
  for (const auto& [ranked, count] : rankings.rankings()) {
    ranking r = ranked;
    for (auto& group : r.groups)
      for (system_index& s : group) s = static_cast<system_index>(5 - s);
    shuffled.add(std::move(r), count).value();
  }
  EXPECT_EQ(shuffled.sha256(), rankings.sha256());
  EXPECT_EQ(to_json(make_plackett_luce_board(shuffled)),
            to_json(make_plackett_luce_board(rankings)));
}

TEST(ranking_board, counts_the_pairs_that_rankings_imply) {
  ranking_tally t = with_systems(4);
  t.add({{{0}, {1, 2}}, {3}}, 5).value();
  t.add({{{3}, {2}, {1}, {0}}, {}}).value();
  const board b = make_plackett_luce_board(t);
  EXPECT_EQ(b.votes, 6U);
  EXPECT_EQ(b.method, "plackett_luce");
  for (const board_entry& e : b.entries) {
    EXPECT_EQ(e.votes, 18U) << e.system;
    EXPECT_EQ(e.wins + e.losses + e.ties, e.votes);
    if (e.system == "system 0") {
      EXPECT_EQ(e.wins, 15U);
    }
  }
}

TEST(ranking_board, of_pairs_without_ties_has_the_scores_of_bradley_terry) {
  tally votes;
  votes.add("x", "y", outcome::a, 30);
  votes.add("x", "y", outcome::b, 20);
  votes.add("y", "z", outcome::a, 25);
  votes.add("z", "y", outcome::a, 15);
  votes.add("x", "z", outcome::both_bad, 4);
  const board plain = make_bradley_terry_board(votes);
  const board ranked = make_plackett_luce_board(votes, both_bad_policy::drop);
  ASSERT_EQ(ranked.entries.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ranked.entries[i].system, plain.entries[i].system);
    EXPECT_NEAR(*ranked.entries[i].score, *plain.entries[i].score, 0.002);
    EXPECT_EQ(ranked.entries[i].both_bad, plain.entries[i].both_bad);
  }
}

}  // namespace
}  // namespace agon::ratings::ranking

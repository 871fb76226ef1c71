#include "ratings/contextual.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ratings/methods.hpp"
#include "ratings/random.hpp"

namespace agon::ratings {
namespace {

constexpr std::size_t systems = 5;

struct world {
  double side = 0;
  double length = 0;  // effect of the feature as given, not per deviation
  double step = 0.3;  // between systems
  double lean = 0;    // how much longer stronger systems write
};

// Feature 0 matters as the world says; feature 1 is noise.
vote_log simulated(seeded_random& random, const world& w, int votes) {
  vote_log log({"length", "noise"});
  for (std::size_t i = 0; i < systems; ++i) log.add_system("system " + std::to_string(i));
  for (int v = 0; v < votes; ++v) {
    const auto a = static_cast<system_index>(random.below(systems));
    const auto b = static_cast<system_index>((a + 1 + random.below(systems - 1)) % systems);
    const double apart = static_cast<double>(a) - static_cast<double>(b);
    const std::array x{static_cast<float>(0.4 * random.normal() + w.lean * apart),
                       static_cast<float>(3 * random.normal() + 1)};
    const double z = w.step * apart + w.length * static_cast<double>(x[0]) + w.side;
    const outcome o = random.unit() < 1 / (1 + std::exp(-z)) ? outcome::a : outcome::b;
    log.add({.a = a, .b = b, .result = o, .features = x});
  }
  return log;
}

const context_effect& effect(const contextual_fit& fit, const std::string& name) {
  for (const auto& e : fit.effects)
    if (e.name == name) return e;
  throw std::runtime_error("no effect " + name);
}

TEST(contextual, without_features_or_side_is_bradley_terry) {
  seeded_random random(1);
  vote_log log;
  for (const char* name : {"a", "b", "c"}) log.add_system(name);
  for (int i = 0; i < 900; ++i) {
    const auto a = static_cast<system_index>(random.below(3));
    log.add({a, static_cast<system_index>((a + 1 + random.below(2)) % 3),
             static_cast<outcome>(random.below(4))});
  }
  for (const auto policy : {both_bad_policy::drop, both_bad_policy::tie}) {
    const auto plain = fit_bradley_terry(count(log), {.both_bad = policy});
    const auto fit = fit_contextual(log, {.both_bad = policy, .side_bias = false});
    EXPECT_TRUE(fit.effects.empty());
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(fit.ratings[i].score, plain.ratings[i].score, 1e-7);
      EXPECT_NEAR(fit.ratings[i].standard_error, plain.ratings[i].standard_error, 1e-7);
    }
    EXPECT_LT(fit.certificate.score_error, 1e-6);
  }
}

// Agresti, Categorical Data Analysis, table 10.11: baseball with the home field as the first
// side. Home wins of the row team and its home losses are not in his margin, so two teams
// with known answers: P(home wins) = σ(±z + s).
TEST(contextual, side_bias_of_two_systems_in_closed_form) {
  vote_log log;
  const auto a = log.add_system("a");
  const auto b = log.add_system("b");
  const auto add = [&](system_index first, system_index second, int wins, int losses) {
    for (int i = 0; i < wins; ++i) log.add({first, second, outcome::a});
    for (int i = 0; i < losses; ++i) log.add({first, second, outcome::b});
  };
  add(a, b, 60, 20);  // logit ln 3 = z + s
  add(b, a, 30, 30);  // logit 0 = −z + s
  const auto fit = fit_contextual(log);
  EXPECT_NEAR(fit.theta[0] - fit.theta[1], std::log(3.0) / 2, 1e-6);
  EXPECT_NEAR(effect(fit, "side").points, points_per_unit * std::log(3.0) / 2, 1e-4);
  EXPECT_GT(*effect(fit, "side").lower, 0);
}

TEST(contextual, finds_the_effects_of_the_world) {
  seeded_random random(2);
  const world w{.side = 0.2, .length = 1.5, .step = 0.3, .lean = 0.2};
  const vote_log log = simulated(random, w, 20000);
  const auto fit = fit_contextual(log);
  const auto& length = effect(fit, "length");
  const double expected = points_per_unit * w.length * length.standard_deviation;
  EXPECT_LT(*length.lower, expected);
  EXPECT_GT(*length.upper, expected);
  EXPECT_LT(*effect(fit, "side").lower, points_per_unit * w.side);
  EXPECT_GT(*effect(fit, "side").upper, points_per_unit * w.side);
  EXPECT_LT(*effect(fit, "noise").lower, 0);
  EXPECT_GT(*effect(fit, "noise").upper, 0);
  // Length explains part of what plain Bradley–Terry takes for strength.
  const auto plain = fit_bradley_terry(count(log));
  for (std::size_t i = 0; i < systems; ++i) {
    const double truth = points_per_unit * w.step * (static_cast<double>(i) - 2);
    EXPECT_NEAR(fit.ratings[i].score - 1000, truth, 4 * fit.ratings[i].standard_error);
  }
  EXPECT_GT(plain.ratings[4].score - plain.ratings[0].score,
            1.5 * (fit.ratings[4].score - fit.ratings[0].score));
}

TEST(contextual, intervals_hold_the_truth_as_often_as_they_say) {
  seeded_random random(3);
  int inside = 0;
  int side = 0;
  constexpr int rounds = 120;
  for (int round = 0; round < rounds; ++round) {
    const world w{.side = 0.3, .length = 0.8, .step = 0.25, .lean = 0.1};
    const auto fit = fit_contextual(simulated(random, w, 600));
    for (std::size_t i = 0; i < systems; ++i) {
      const double truth = 1000 + points_per_unit * w.step * (static_cast<double>(i) - 2);
      inside += fit.ratings[i].lower <= truth && truth <= fit.ratings[i].upper;
    }
    const auto& s = effect(fit, "side");
    side += *s.lower <= points_per_unit * w.side && points_per_unit * w.side <= *s.upper;
  }
  EXPECT_NEAR(inside / (rounds * 5.0), 0.95, 0.03);
  EXPECT_NEAR(side / (rounds * 1.0), 0.95, 0.06);
}

TEST(contextual, units_and_offsets_of_a_feature_move_no_score_and_sides_can_be_exchanged) {
  seeded_random random(4);
  const vote_log log = simulated(random, {.side = 0.3, .length = 1, .lean = 0.2}, 2000);
  vote_log scaled({"length", "noise"});
  vote_log turned({"length", "noise"});
  for (system_index i = 0; i < systems; ++i) {
    scaled.add_system(log.systems().name(i));
    turned.add_system(log.systems().name(i));
  }
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto x = log.feature_rows().subspan(2 * i, 2);
    const std::array larger{1024 * x[0], x[1] / 512};
    const std::array negative{-x[0], -x[1]};
    scaled.add(
        {.a = log.first(i), .b = log.second(i), .result = log.result(i), .features = larger});
    turned.add({.a = log.second(i),
                .b = log.first(i),
                .result = mirrored(log.result(i)),
                .features = negative});
  }
  const auto fit = fit_contextual(log);
  const auto by_unit = fit_contextual(scaled);
  const auto by_side = fit_contextual(turned);
  for (std::size_t i = 0; i < systems; ++i) {
    EXPECT_NEAR(fit.ratings[i].score, by_unit.ratings[i].score, 1e-6);
    EXPECT_NEAR(fit.ratings[i].score, by_side.ratings[i].score, 1e-6);
    EXPECT_NEAR(fit.ratings[i].standard_error, by_side.ratings[i].standard_error, 1e-6);
  }
  EXPECT_NEAR(effect(fit, "side").points, -effect(by_side, "side").points, 1e-6);
  EXPECT_NEAR(effect(fit, "length").points, effect(by_unit, "length").points, 1e-6);
}

TEST(contextual, result_does_not_depend_on_threads) {
  seeded_random random(5);
  const vote_log log = simulated(random, {.side = 0.1, .length = 1}, 5000);
  EXPECT_EQ(fit_contextual(log, {}, {}, 1).theta, fit_contextual(log, {}, {}, 3).theta);
}

TEST(contextual, feature_without_variation_and_equal_weights_change_nothing) {
  seeded_random random(6);
  vote_log with({"constant"});
  vote_log without;
  for (const char* name : {"a", "b", "c"}) {
    with.add_system(name);
    without.add_system(name);
  }
  const float constant = 2;
  for (int i = 0; i < 600; ++i) {
    const auto a = static_cast<system_index>(random.below(3));
    const auto b = static_cast<system_index>((a + 1 + random.below(2)) % 3);
    const auto o = static_cast<outcome>(random.below(3));
    with.add({.a = a, .b = b, .result = o, .features = std::span(&constant, 1)});
    without.add({.a = a, .b = b, .result = o});
  }
  const auto x = fit_contextual(with, {}, std::vector<float>(600, 0.25F));
  const auto y = fit_contextual(without);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(x.ratings[i].score, y.ratings[i].score, 1e-4);
    EXPECT_NEAR(x.ratings[i].standard_error, y.ratings[i].standard_error, 1e-4);
  }
  EXPECT_FALSE(effect(x, "constant").lower);
}

TEST(contextual, board_tells_effects_and_differs_from_the_overall_one) {
  seeded_random random(7);
  const vote_log log = simulated(random, {.side = 0.2, .length = 2, .lean = 0.3}, 4000);
  const board controlled = make_board(log, {}, contextual_settings{});
  ASSERT_EQ(controlled.parameters.size(), 3U);
  EXPECT_EQ(controlled.parameters[2].name, "side");
  EXPECT_NE(to_json(controlled).find(R"("method":"contextual")"), std::string::npos);
  EXPECT_EQ(controlled.inputs_sha256.size(), 64U);
  const board overall = make_board(count(log), pairwise_settings{});
  const auto changes = difference(overall, controlled);
  ASSERT_EQ(changes.size(), systems);
  EXPECT_LT(*changes[4].score, -50);
  EXPECT_TRUE(*changes[4].beyond_error);
  double sum = 0;
  std::int64_t places = 0;
  for (const auto& d : changes) {
    sum += *d.score;
    places += *d.ranks;
  }
  EXPECT_NEAR(sum, 0, 1e-9);
  EXPECT_EQ(places, 0);
}

TEST(contextual, style_difference_is_relative_and_zero_where_both_are) {
  EXPECT_EQ(style_difference(30, 10), 0.5);
  EXPECT_EQ(style_difference(0, 7), -1);
  EXPECT_EQ(style_difference(0, 0), 0);
}

TEST(contextual, what_cannot_be_rated_is_told) {
  vote_log log;
  for (const char* name : {"a", "b", "c", "d"}) log.add_system(name);
  log.add({0, 1, outcome::a});
  log.add({0, 1, outcome::b});
  log.add({2, 0, outcome::a});
  const auto fit = fit_contextual(log);
  EXPECT_EQ(fit.ratings[2].status, rating_status::only_wins);
  EXPECT_EQ(fit.ratings[3].status, rating_status::no_votes);
  EXPECT_TRUE(fit_contextual(vote_log{}).ratings.empty());
  EXPECT_THROW((void)fit_contextual(log, {.both_bad = both_bad_policy::model}),
               std::invalid_argument);
}

}  // namespace
}  // namespace agon::ratings

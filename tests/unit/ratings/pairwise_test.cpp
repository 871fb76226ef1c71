#include "ratings/pairwise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "ratings/methods.hpp"
#include "tests/unit/ratings/shared_data.hpp"

namespace agon::ratings {
namespace {

using status = rating_status;

double mean_loss(const pairwise_fit& fit) {
  return -fit.log_likelihood / fit.votes;
}

double parameter(const pairwise_fit& fit, const std::string& name) {
  for (const auto& p : fit.parameters)
    if (p.name == name) return p.value;
  ADD_FAILURE() << "no parameter " << name;
  return 0;
}

TEST(pairwise, chatbot_arena_likelihoods_and_tie_parameters) {
  AGON_NEEDS_SHARED_DATA("votes/chatbotarena_20240814.json");
  const tally votes = testing::read_chatbot_arena();
  const auto bradley_terry = fit_pairwise(votes);
  EXPECT_NEAR(mean_loss(bradley_terry), 0.6554111075, 5e-11);
  const auto rao_kupper = fit_pairwise(votes, {.method = method::rao_kupper});
  EXPECT_NEAR(mean_loss(rao_kupper), 1.0094825297, 5e-11);
  EXPECT_NEAR(parameter(rao_kupper, "eta"), 0.44998991, 5e-9);
  const auto davidson = fit_pairwise(votes, {.method = method::davidson});
  EXPECT_NEAR(mean_loss(davidson), 1.0100066452, 5e-11);
  EXPECT_NEAR(parameter(davidson, "nu"), 0.54759753, 5e-9);
  const auto with_bad =
      fit_pairwise(votes, {.method = method::davidson, .both_bad = both_bad_policy::tie});
  EXPECT_NEAR(mean_loss(with_bad), 1.0585524876, 5e-11);
  EXPECT_NEAR(parameter(with_bad, "nu"), 1.12252028, 5e-9);
  for (const auto* fit : {&bradley_terry, &rao_kupper, &davidson, &with_bad})
    EXPECT_LT(fit->certificate.score_error, 1e-6);
}

TEST(pairwise, bradley_terry_agrees_with_its_own_path) {
  AGON_NEEDS_SHARED_DATA("votes/chatbotarena_20240814.json");
  const tally votes = testing::read_chatbot_arena();
  const auto own = fit_bradley_terry(votes);
  const auto general = fit_pairwise(votes);
  ASSERT_EQ(own.rated, general.rated);
  for (const system_index i : own.rated) {
    EXPECT_NEAR(own.ratings[i].score, general.ratings[i].score, 1e-7);
    EXPECT_NEAR(own.ratings[i].standard_error, general.ratings[i].standard_error, 1e-8);
  }
}

// Two systems: each model's maximum in closed form.
tally two_systems(std::uint64_t a, std::uint64_t b, std::uint64_t ties, std::uint64_t bad = 0) {
  tally t;
  t.add("a", "b", outcome::a, a);
  t.add("a", "b", outcome::b, b);
  t.add("a", "b", outcome::tie, ties);
  t.add("a", "b", outcome::both_bad, bad);
  return t;
}

TEST(pairwise, davidson_of_two_systems_reproduces_the_shares) {
  const pairwise_settings settings{.method = method::davidson};
  const auto fit = fit_pairwise(two_systems(50, 20, 30), settings);
  EXPECT_NEAR(fit.theta[0] - fit.theta[1], std::log(50.0 / 20), 1e-10);
  EXPECT_NEAR(parameter(fit, "nu"), 30 / std::sqrt(50.0 * 20), 1e-10);
  const auto p = predicted(fit, settings, 0, 1);
  EXPECT_NEAR(p[0], 0.5, 1e-10);
  EXPECT_NEAR(p[1], 0.2, 1e-10);
  EXPECT_NEAR(p[2], 0.3, 1e-10);
}

TEST(pairwise, rao_kupper_of_two_systems_reproduces_the_shares) {
  const pairwise_settings settings{.method = method::rao_kupper};
  const auto fit = fit_pairwise(two_systems(50, 20, 30), settings);
  // σ(z−η) = 0.5, σ(−z−η) = 0.2.
  EXPECT_NEAR(parameter(fit, "eta"), std::log(4.0) / 2, 1e-10);
  EXPECT_NEAR(fit.theta[0] - fit.theta[1], std::log(4.0) / 2, 1e-10);
  EXPECT_NEAR(predicted(fit, settings, 0, 1)[2], 0.3, 1e-10);
}

TEST(pairwise, grounded_rao_kupper_of_two_systems_reproduces_the_shares) {
  const pairwise_settings settings{.method = method::grounded_rao_kupper};
  const auto fit = fit_pairwise(two_systems(40, 20, 25, 15), settings);
  ASSERT_EQ(fit.rated.size(), 2U);
  const auto p = predicted(fit, settings, 0, 1);
  EXPECT_NEAR(p[0], 0.40, 1e-9);
  EXPECT_NEAR(p[1], 0.20, 1e-9);
  EXPECT_NEAR(p[2], 0.25, 1e-9);
  EXPECT_NEAR(p[3], 0.15, 1e-9);
  // π_a + π_b = 1/0.15 − 1
  ASSERT_TRUE(fit.ground_level);
  EXPECT_NEAR(
      std::exp(fit.theta[0] + *fit.ground_level) + std::exp(fit.theta[1] + *fit.ground_level),
      1 / 0.15 - 1, 1e-7);
}

TEST(pairwise, grounded_without_both_bad_is_rao_kupper) {
  const tally t = two_systems(50, 20, 30);
  const auto grounded = fit_pairwise(t, {.method = method::grounded_rao_kupper});
  const auto plain = fit_pairwise(t, {.method = method::rao_kupper});
  EXPECT_FALSE(grounded.ground_level);
  EXPECT_NEAR(grounded.ratings[0].score, plain.ratings[0].score, 1e-6);
  EXPECT_NEAR(grounded.ratings[0].standard_error, plain.ratings[0].standard_error, 1e-6);
  EXPECT_NEAR(std::log(parameter(grounded, "theta_prime")), parameter(plain, "eta"), 1e-8);
}

TEST(pairwise, without_ties_every_model_is_bradley_terry) {
  tally t;
  t.add("a", "b", outcome::a, 30);
  t.add("b", "c", outcome::a, 20);
  t.add("c", "a", outcome::a, 25);
  const auto expected = fit_bradley_terry(t);
  for (const method m : {method::bradley_terry, method::davidson, method::rao_kupper}) {
    const auto fit = fit_pairwise(t, {.method = m});
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(fit.ratings[i].score, expected.ratings[i].score, 1e-7) << to_text(m);
      EXPECT_NEAR(fit.ratings[i].standard_error, expected.ratings[i].standard_error, 1e-7);
    }
    EXPECT_FALSE(fit.tie_parameter);
  }
}

TEST(pairwise, a_win_and_a_tie_alone_bound_no_model_with_ties) {
  tally t;
  t.add("a", "b", outcome::a);
  t.add("a", "b", outcome::tie);
  EXPECT_EQ(fit_pairwise(t).ratings[0].status, status::rated);
  for (const method m : {method::davidson, method::rao_kupper, method::grounded_rao_kupper})
    for (const auto& r : fit_pairwise(t, {.method = m}).ratings)
      EXPECT_EQ(r.status, status::separated) << to_text(m);
  t.add("b", "a", outcome::a);
  for (const method m : {method::davidson, method::rao_kupper, method::grounded_rao_kupper})
    for (const auto& r : fit_pairwise(t, {.method = m}).ratings)
      EXPECT_EQ(r.status, status::rated) << to_text(m);
}

TEST(pairwise, a_circle_of_wins_outweighs_ties) {
  tally t;
  t.add("a", "b", outcome::a, 3);
  t.add("b", "c", outcome::a, 3);
  t.add("a", "c", outcome::tie);
  // a ≻ b ≻ c = a: two wins against one tie bound the tie parameter.
  for (const method m : {method::davidson, method::rao_kupper}) {
    const auto fit = fit_pairwise(t, {.method = m});
    EXPECT_EQ(fit.rated.size(), 3U) << to_text(m);
  }
}

TEST(pairwise, systems_that_only_failed_with_others_are_told_from_the_rated) {
  tally t = two_systems(40, 20, 25, 15);
  t.add("bad", "a", outcome::both_bad, 7);
  t.add("bad", "b", outcome::b, 4);
  const auto fit = fit_pairwise(t, {.method = method::grounded_rao_kupper});
  ASSERT_EQ(fit.rated.size(), 2U);
  EXPECT_EQ(fit.ratings[2].status, status::only_losses);
  // Beside a system infinitely far below, both_bad and wins still tell of a and the ground.
  const auto without =
      fit_pairwise(two_systems(40, 20, 25, 15), {.method = method::grounded_rao_kupper});
  EXPECT_LT(*fit.ground_level, *without.ground_level + 0.5);
  EXPECT_NE(fit.ratings[0].score, without.ratings[0].score);
}

TEST(pairwise, both_bad_alone_join_systems_to_the_ground) {
  tally t;
  // a and c never met; both met the ground.
  t.add("a", "b", outcome::a, 10);
  t.add("a", "b", outcome::b, 5);
  t.add("a", "b", outcome::both_bad, 5);
  t.add("c", "d", outcome::a, 5);
  t.add("c", "d", outcome::b, 10);
  t.add("c", "d", outcome::both_bad, 20);
  const auto fit = fit_pairwise(t, {.method = method::grounded_rao_kupper});
  ASSERT_EQ(fit.rated.size(), 4U);
  EXPECT_GT(fit.ratings[0].score, fit.ratings[3].score);
  EXPECT_EQ(fit_pairwise(t).rated.size(), 2U);
}

TEST(pairwise, simultaneous_intervals_are_wider_by_the_chi_squared_root) {
  tally t;
  t.add("a", "b", outcome::a, 300);
  t.add("b", "c", outcome::a, 200);
  t.add("c", "a", outcome::a, 250);
  const auto each = fit_pairwise(t);
  const auto all = fit_pairwise(t, {.simultaneous = true});
  // χ² with two degrees of freedom: −2 ln 0.05.
  const double ratio = std::sqrt(-2 * std::log(0.05)) / 1.959963984540054;
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR((all.ratings[i].upper - all.ratings[i].score) /
                    (each.ratings[i].upper - each.ratings[i].score),
                ratio, 1e-9);
}

TEST(pairwise, equal_weights_change_no_score) {
  tally plain;
  weighted_tally ones;
  weighted_tally halves;
  for (const char* name : {"a", "b", "c"}) {
    plain.add_system(name);
    ones.add_system(name);
    halves.add_system(name);
  }
  for (unsigned i = 0; i < 300; ++i) {
    const system_index a = i % 3;
    const system_index b = (a + 1 + i % 2) % 3;
    const auto o = static_cast<outcome>(i * 7 % 11 % 4);
    plain.add(a, b, o);
    ones.add(a, b, o, 1);
    halves.add(a, b, o, 0.5);
  }
  for (const method m :
       {method::bradley_terry, method::davidson, method::rao_kupper, method::grounded_rao_kupper}) {
    const auto x = fit_pairwise(plain, {.method = m});
    const auto y = fit_pairwise(ones, {.method = m});
    const auto z = fit_pairwise(halves, {.method = m});
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(x.ratings[i].score, y.ratings[i].score, 1e-8);
      EXPECT_NEAR(x.ratings[i].score, z.ratings[i].score, 1e-7);
      // The sandwich knows that half weights are no half votes.
      EXPECT_NEAR(x.ratings[i].standard_error, z.ratings[i].standard_error, 1e-7);
    }
  }
}

TEST(pairwise, settings_out_of_range_are_refused) {
  const tally t = two_systems(2, 1, 1, 1);
  const auto refused = [&](const pairwise_settings& s) {
    EXPECT_THROW((void)fit_pairwise(t, s), std::invalid_argument);
  };
  refused({.method = method::elo});
  refused({.method = method::contextual});
  refused({.method = method::davidson, .both_bad = both_bad_policy::model});
  refused({.method = method::grounded_rao_kupper, .both_bad = both_bad_policy::drop});
  refused({.confidence = 1});
  refused({.confidence = std::nan("")});
  refused({.mean = 1e7});
  refused({.small_sample_error = -1});
  EXPECT_THROW((void)fit_bradley_terry(t, {.both_bad = both_bad_policy::model}),
               std::invalid_argument);
  EXPECT_THROW((void)elo_state({.both_bad = both_bad_policy::model}), std::invalid_argument);
}

TEST(methods, every_method_has_a_name_that_reads_back) {
  for (const method m : all_methods()) {
    EXPECT_EQ(method_from_text(to_text(m)), m);
    EXPECT_EQ(method_from_text(board_name(m)), m);
  }
  EXPECT_FALSE(method_from_text("bradley terry"));
  EXPECT_EQ(to_text(method::grounded_rao_kupper), "grounded-rao-kupper");
}

TEST(methods, board_of_each_tally_method_names_its_method_and_parameters) {
  const tally t = two_systems(40, 20, 25, 15);
  EXPECT_EQ(to_json(make_board(t, pairwise_settings{})), to_json(make_bradley_terry_board(t)));
  const std::string davidson = to_json(make_board(t, {.method = method::davidson}));
  EXPECT_NE(davidson.find(R"("method":"davidson")"), std::string::npos);
  EXPECT_NE(davidson.find(R"("name":"nu")"), std::string::npos);
  const board grounded = make_board(t, {.method = method::grounded_rao_kupper});
  EXPECT_EQ(grounded.parameters.size(), 3U);
  EXPECT_NE(to_json(grounded).find(R"("both_bad":"model")"), std::string::npos);
}

TEST(weighted_tally, sums_weights_and_squares_and_counts_votes) {
  weighted_tally t;
  const auto b = t.add_system("b");
  const auto a = t.add_system("a");
  t.add(b, a, outcome::a, 0.5);
  t.add(a, b, outcome::b, 2);
  t.add(a, b, outcome::tie, 0);
  const auto pairs = t.pairs();
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].weight[0], 2.5);
  EXPECT_EQ(pairs[0].squared[0], 4.25);
  EXPECT_EQ(t.counts().votes(), 3U);
  EXPECT_NEAR(t.effective_votes(), 2.5 * 2.5 / 4.25, 1e-15);
  EXPECT_THROW(t.add(a, b, outcome::a, -1), std::invalid_argument);
  EXPECT_THROW(t.add(a, b, outcome::a, std::nan("")), std::invalid_argument);
  weighted_tally other;
  const auto a2 = other.add_system("a");
  const auto b2 = other.add_system("b");
  other.add(b2, a2, outcome::a, 0.5);
  other.add(a2, b2, outcome::tie, 0);
  other.add(a2, b2, outcome::b, 2);
  EXPECT_EQ(t.sha256(), other.sha256());
}

}  // namespace
}  // namespace agon::ratings

#include "ratings/bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "ratings/binomial.hpp"
#include "ratings/methods.hpp"
#include "ratings/robustness.hpp"

namespace agon::ratings {
namespace {

constexpr std::array tally_methods{method::bradley_terry, method::davidson, method::rao_kupper,
                                   method::grounded_rao_kupper};

// Five systems, each participant judging a handful of battles; `copies` repeats each vote
// of a participant, which tells nothing new.
vote_log arena(int votes, int per_participant, int copies = 1) {
  vote_log log;
  for (const char* name : {"e", "d", "c", "b", "a"}) log.add_system(name);
  seeded_random random(7);
  for (int i = 0; i < votes; ++i) {
    const auto a = static_cast<system_index>(random.below(5));
    const auto b = static_cast<system_index>((a + 1 + random.below(4)) % 5);
    const double z = 0.4 * (static_cast<double>(a) - static_cast<double>(b));
    const double u = random.unit();
    const outcome o = u < 0.15                               ? outcome::tie
                      : u < 0.25                             ? outcome::both_bad
                      : u < 0.25 + 0.75 / (1 + std::exp(-z)) ? outcome::a
                                                             : outcome::b;
    const auto who = log.participant("p" + std::to_string(i / per_participant));
    for (int c = 0; c < copies; ++c) log.add({a, b, o, who});
  }
  return log;
}

double deviation(const bootstrap_result& r, std::size_t system) {
  double sum = 0;
  double squares = 0;
  for (std::size_t k = 0; k < r.rounds; ++k) {
    const double x = r.theta[k * r.systems + system];
    sum += x;
    squares += x * x;
  }
  const auto n = static_cast<double>(r.rounds);
  return std::sqrt(squares / n - sum / n * (sum / n));
}

TEST(binomial, has_the_mean_and_variance_it_should) {
  seeded_random random(1);
  struct law {
    std::uint64_t n;
    double p;
  };
  for (const auto& [n, p] : {law{5, 0.3}, law{1000, 0.002}, law{1000, 0.3}, law{1000000, 0.9},
                             law{100000000, 1e-6}, law{40, 0.5}, law{3, 1e-9}}) {
    constexpr int draws = 20000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; ++i) {
      const auto x = static_cast<double>(binomial(random, n, p));
      ASSERT_LE(x, static_cast<double>(n));
      sum += x;
      squares += x * x;
    }
    const double mean = static_cast<double>(n) * p;
    const double variance = mean * (1 - p);
    EXPECT_NEAR(sum / draws, mean, 4 * std::sqrt(variance / draws)) << n << " " << p;
    EXPECT_NEAR(squares / draws - sum / draws * (sum / draws), variance, 0.05 * variance + 1e-3);
  }
  EXPECT_EQ(binomial(random, 10, 0), 0U);
  EXPECT_EQ(binomial(random, 10, 1), 10U);
  EXPECT_EQ(binomial(random, 0, 0.5), 0U);
}

TEST(bootstrap, spread_by_battle_is_that_of_the_sandwich) {
  const tally votes = count(arena(3000, 10));
  for (const method m : tally_methods) {
    const pairwise_settings settings{.method = m, .bootstrap = {.rounds = 2000}};
    const auto fit = fit_pairwise(votes, settings);
    const auto rounds = bootstrap(fit, settings);
    for (std::size_t i = 0; i < 5; ++i)
      EXPECT_NEAR(points_per_unit * deviation(rounds, i) / fit.ratings[i].standard_error, 1, 0.06)
          << to_text(m);
  }
}

TEST(bootstrap, converged_rounds_agree_with_single_steps_to_first_order) {
  const tally votes = count(arena(3000, 10));
  for (const method m : tally_methods) {
    pairwise_settings settings{.method = m, .bootstrap = {.rounds = 50, .seed = 3}};
    const auto fit = fit_pairwise(votes, settings);
    const auto step = bootstrap(fit, settings);
    settings.bootstrap.converge = true;
    const auto full = bootstrap(fit, settings);
    EXPECT_EQ(full.not_converged, 0U) << to_text(m);
    double largest = 0;
    for (std::size_t k = 0; k < step.theta.size(); ++k)
      largest = std::max(largest, std::fabs(step.theta[k] - full.theta[k]));
    EXPECT_LT(largest, 0.03) << to_text(m);
    EXPECT_GT(largest, 1e-6) << to_text(m);
  }
}

// A round's maximum is that of its counts: with all counts doubled in place of a draw.
TEST(bootstrap, seed_decides_the_result_and_threads_do_not) {
  const vote_log log = arena(1000, 5);
  const tally votes = count(log);
  for (const auto unit : {resampling_unit::battle, resampling_unit::participant}) {
    pairwise_settings settings{.bootstrap = {.rounds = 20, .seed = 5, .unit = unit}};
    const auto fit = fit_pairwise(votes, settings);
    const auto one = bootstrap(log, {}, fit, settings, 1);
    const auto three = bootstrap(log, {}, fit, settings, 3);
    EXPECT_EQ(one.theta, three.theta);
    settings.bootstrap.seed = 6;
    EXPECT_NE(bootstrap(log, {}, fit, settings).theta, one.theta);
  }
}

TEST(bootstrap, by_participant_sees_that_repeated_votes_tell_nothing_new) {
  const vote_log once = arena(2000, 1);
  const vote_log thrice = arena(2000, 1, 3);
  pairwise_settings settings{.bootstrap = {.rounds = 1000, .unit = resampling_unit::participant}};
  const auto fit_once = fit_pairwise(count(once), settings);
  const auto fit_thrice = fit_pairwise(count(thrice), settings);
  const auto by_person_once = bootstrap(once, {}, fit_once, settings);
  const auto by_person = bootstrap(thrice, {}, fit_thrice, settings);
  settings.bootstrap.unit = resampling_unit::battle;
  const auto by_battle = bootstrap(thrice, {}, fit_thrice, settings);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(deviation(by_person, i) / deviation(by_person_once, i), 1, 0.1);
    EXPECT_NEAR(deviation(by_battle, i) / deviation(by_person, i), 1 / std::sqrt(3.0), 0.06);
  }
}

TEST(bootstrap, equal_weights_change_no_spread) {
  const vote_log log = arena(2000, 4);
  const std::vector<float> halves(log.size(), 0.5F);
  for (const method m : {method::bradley_terry, method::grounded_rao_kupper}) {
    const pairwise_settings settings{.method = m, .bootstrap = {.rounds = 600}};
    const auto plain_fit = fit_pairwise(count(log), settings);
    const auto fit = fit_pairwise(count(log, halves), settings);
    const auto plain = bootstrap(plain_fit, settings);
    const auto weighted = bootstrap(log, halves, fit, settings);
    for (std::size_t i = 0; i < 5; ++i)
      EXPECT_NEAR(deviation(plain, i) / deviation(weighted, i), 1, 0.12) << to_text(m);
    EXPECT_THROW((void)bootstrap(fit, settings), std::invalid_argument);
  }
}

TEST(bootstrap, board_has_percentile_bounds_and_says_so) {
  const vote_log log = arena(2000, 4);
  pairwise_settings settings{.bootstrap = {.rounds = 200}};
  const board plain = make_board(count(log), pairwise_settings{});
  const board by_battle = make_board(count(log), settings);
  EXPECT_NE(to_json(by_battle).find(
                R"("bootstrap":{"converge":false,"rounds":200,"seed":1,"unit":"battle"})"),
            std::string::npos);
  settings.bootstrap.unit = resampling_unit::participant;
  const board by_participant = make_board(log, {}, settings);
  for (std::size_t i = 0; i < 5; ++i) {
    const double width = *plain.entries[i].upper - *plain.entries[i].lower;
    EXPECT_NEAR(*by_battle.entries[i].score, *plain.entries[i].score, 1e-3);
    EXPECT_NEAR(*by_battle.entries[i].upper - *by_battle.entries[i].lower, width, 0.25 * width);
    EXPECT_NEAR(*by_participant.entries[i].upper - *by_participant.entries[i].lower, width,
                0.25 * width);
  }
  EXPECT_THROW((void)make_board(count(log), settings), std::invalid_argument);
  settings.simultaneous = true;
  EXPECT_THROW((void)make_board(log, {}, settings), std::invalid_argument);
}

TEST(robustness, of_two_systems_is_the_majority_and_one_vote) {
  tally t;
  t.add("a", "b", outcome::a, 60);
  t.add("a", "b", outcome::b, 40);
  const auto fit = fit_pairwise(t);
  const auto margins = robustness(t, fit, {});
  ASSERT_EQ(margins.size(), 1U);
  EXPECT_TRUE(margins[0].confirmed);
  EXPECT_GE(margins[0].votes, 21U);
  EXPECT_LE(margins[0].votes, 30U);  // the true answer or, the first order being short, more
  ASSERT_EQ(margins[0].removed.size(), 1U);
  EXPECT_EQ(margins[0].removed[0].result, outcome::a);
  EXPECT_NEAR(margins[0].share, static_cast<double>(margins[0].votes) / 100, 1e-12);
}

TEST(robustness, close_neighbours_fall_to_few_votes) {
  tally t;
  t.add("a", "b", outcome::a, 501);
  t.add("a", "b", outcome::b, 500);
  t.add("b", "c", outcome::a, 900);
  t.add("b", "c", outcome::b, 100);
  t.add("a", "c", outcome::a, 900);
  t.add("a", "c", outcome::b, 100);
  for (const method m : {method::bradley_terry, method::davidson}) {
    const pairwise_settings settings{.method = m};
    const auto margins = robustness(t, fit_pairwise(t, settings), settings);
    ASSERT_EQ(margins.size(), 2U);
    EXPECT_LE(margins[0].votes, 2U);
    EXPECT_GT(margins[1].votes, 300U);
    EXPECT_TRUE(margins[0].confirmed && margins[1].confirmed);
  }
}

TEST(robustness, every_confirmed_set_exchanges_its_neighbours) {
  const tally t = count(arena(800, 4));
  const pairwise_settings settings{.method = method::rao_kupper};
  const auto fit = fit_pairwise(t, settings);
  for (const auto& margin : robustness(t, fit, settings)) {
    ASSERT_TRUE(margin.confirmed);
    tally rest;
    for (system_index i = 0; i < 5; ++i) rest.add_system(t.systems().name(i));
    std::uint64_t removed = 0;
    t.for_each_pair([&](system_index a, system_index b, tally::cell c) {
      for (const auto& v : margin.removed)
        if (v.a == a && v.b == b) {
          c[static_cast<std::size_t>(v.result)] -= v.count;
          removed += v.count;
        }
      for (std::size_t o = 0; o < outcome_count; ++o) rest.add(a, b, static_cast<outcome>(o), c[o]);
    });
    EXPECT_EQ(removed, margin.votes);
    const auto refit = fit_pairwise(rest, settings);
    EXPECT_LT(refit.ratings[margin.above].score, refit.ratings[margin.below].score);
  }
}

TEST(vote_log, counts_as_the_tally_does_on_any_number_of_threads) {
  vote_log log;
  tally t;
  for (const char* name : {"a", "b", "c"}) {
    log.add_system(name);
    t.add_system(name);
  }
  seeded_random random(2);
  for (int i = 0; i < 400000; ++i) {
    const auto a = static_cast<system_index>(random.below(3));
    const auto b = static_cast<system_index>((a + 1 + random.below(2)) % 3);
    const auto o = static_cast<outcome>(random.below(4));
    log.add({a, b, o});
    t.add(a, b, o);
  }
  EXPECT_EQ(count(log, 1).sha256(), t.sha256());
  EXPECT_EQ(count(log, 3).sha256(), t.sha256());
  EXPECT_EQ(count(log, std::vector<float>(log.size(), 1)).counts().sha256(), t.sha256());
}

TEST(vote_log, plays_elo_in_its_order) {
  const vote_log log = arena(300, 3);
  elo_state elo;
  for (std::size_t i = 0; i < log.size(); ++i)
    elo.add(log.systems().name(log.first(i)), log.systems().name(log.second(i)), log.result(i));
  EXPECT_EQ(play(log).save(), elo.save());
}

TEST(vote_log, refuses_what_it_cannot_keep) {
  vote_log log({"length"});
  const auto a = log.add_system("a");
  const auto b = log.add_system("b");
  const float value = 0.5F;
  const float endless = std::numeric_limits<float>::infinity();
  log.add({.a = a, .b = b, .features = std::span(&value, 1)});
  const auto refused = [&](const logged_vote& v) {
    EXPECT_THROW(log.add(v), std::invalid_argument);
  };
  refused({.a = a, .b = b});
  refused({.a = a, .b = b, .features = std::span(&endless, 1)});
  refused({.a = a, .b = a, .features = std::span(&value, 1)});
  refused({.a = a, .b = 2, .features = std::span(&value, 1)});
  refused({.a = a, .b = b, .probability = 2, .features = std::span(&value, 1)});
  refused({.a = a, .b = b, .result = static_cast<outcome>(4), .features = std::span(&value, 1)});
  EXPECT_EQ(log.size(), 1U);
}

TEST(vote_log, five_million_votes_take_less_than_a_hundred_megabytes) {
  vote_log log;
  log.add_system("a");
  log.add_system("b");
  for (int i = 0; i < 5'000'000; ++i) log.add({0, 1, outcome::a, 7});
  EXPECT_LT(log.bytes(), 100U << 20);
}

}  // namespace
}  // namespace agon::ratings

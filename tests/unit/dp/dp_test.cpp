#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "privacy/dp/budget.hpp"
#include "privacy/dp/contribution.hpp"
#include "privacy/dp/noise.hpp"
#include "privacy/dp/noisy_counts.hpp"

namespace agon::dp {
namespace {

// Repeats itself, unlike what a release draws from.
class seeded_random final : public crypto::random_source {
 public:
  explicit seeded_random(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<unsigned char> bytes) override {
    for (unsigned char& b : bytes) b = static_cast<unsigned char>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

using weight = std::function<double(double)>;

// Pearson's statistic of draws against weights, with tails gathered so that every bin is
// expected at least ten times; as a z by Wilson and Hilferty.
double misfit(const std::vector<std::int64_t>& draws, const weight& w) {
  constexpr int reach = 400;
  double total = 0;
  for (int x = -reach; x <= reach; ++x) total += w(x);
  std::map<std::int64_t, double> seen;
  for (const std::int64_t x : draws) ++seen[x];
  const auto n = static_cast<double>(draws.size());
  double statistic = 0, expected = 0, found = 0;
  int bins = 0;
  for (int x = -reach; x <= reach; ++x) {
    expected += n * w(x) / total;
    found += seen[x];
    if (expected < 10) continue;
    statistic += (found - expected) * (found - expected) / expected;
    expected = found = 0;
    ++bins;
  }
  statistic += expected > 0.5 ? (found - expected) * (found - expected) / expected : 0;
  const double k = bins - 1;
  return (std::cbrt(statistic / k) - (1 - 2 / (9 * k))) / std::sqrt(2 / (9 * k));
}

template <class F>
std::vector<std::int64_t> drawn(int count, F draw) {
  std::vector<std::int64_t> out;
  for (int i = 0; i < count; ++i) out.push_back(draw());
  return out;
}

constexpr int draws_per_case = 20'000;
constexpr double most_z = 4;  // one in 30,000 by chance; the seed makes it the same each time

TEST(dp_noise, laplace_fits_its_distribution) {
  seeded_random random(1);
  for (const ratio scale : {ratio{1, 1}, ratio{5, 1}, ratio{7, 3}, ratio{1, 2}}) {
    const double t = static_cast<double>(scale.numerator) / static_cast<double>(scale.denominator);
    const auto draws = drawn(draws_per_case, [&] { return draw_discrete_laplace(scale, random); });
    EXPECT_LT(misfit(draws, [&](double x) { return std::exp(-std::fabs(x) / t); }), most_z) << t;
  }
}

TEST(dp_noise, gaussian_fits_its_distribution) {
  seeded_random random(2);
  for (const ratio variance : {ratio{1, 1}, ratio{50, 1}, ratio{10, 3}, ratio{1, 4}}) {
    const double v =
        static_cast<double>(variance.numerator) / static_cast<double>(variance.denominator);
    const auto draws =
        drawn(draws_per_case, [&] { return draw_discrete_gaussian(variance, random); });
    EXPECT_LT(misfit(draws, [&](double x) { return std::exp(-x * x / (2 * v)); }), most_z) << v;
  }
}

// The control: the test sees a distribution that is off by a tenth.
TEST(dp_noise, the_fit_would_show_a_wrong_variance) {
  seeded_random random(3);
  const auto draws = drawn(draws_per_case, [&] { return draw_discrete_gaussian({50, 1}, random); });
  EXPECT_GT(misfit(draws, [](double x) { return std::exp(-x * x / (2 * 55.0)); }), most_z);
}

TEST(dp_noise, coins_fall_as_often_as_they_should) {
  seeded_random random(4);
  for (const ratio e : {ratio{0, 1}, ratio{1, 3}, ratio{1, 1}, ratio{5, 2}}) {
    const double p =
        std::exp(-static_cast<double>(e.numerator) / static_cast<double>(e.denominator));
    int heads = 0;
    for (int i = 0; i < draws_per_case; ++i) heads += draw_exponential_coin(e, random) ? 1 : 0;
    const double deviation = std::sqrt(draws_per_case * p * (1 - p));
    EXPECT_NEAR(heads, draws_per_case * p, 4 * deviation + 1e-9) << p;
  }
}

TEST(dp_noise, large_scales_take_no_shortcut) {
  seeded_random random(5);
  double sum = 0;
  constexpr int count = 2000;
  for (int i = 0; i < count; ++i) {
    const auto x = static_cast<double>(draw_discrete_gaussian({4'000'000'000, 1}, random));
    sum += x * x;
  }
  EXPECT_NEAR(sum / count / 4e9, 1, 4 * std::sqrt(2.0 / count));
}

TEST(dp_noise, parameters_that_cannot_be_are_refused) {
  seeded_random random(6);
  EXPECT_THROW(static_cast<void>(draw_discrete_laplace({0, 1}, random)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(draw_discrete_gaussian({1, 0}, random)), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(draw_discrete_gaussian({1ULL << 40, 1}, random)),
               std::invalid_argument);
}

TEST(dp_budget, costs_are_rounded_up) {
  EXPECT_EQ(rho_of_gaussian(1, {1, 1}).billionths, 500'000'000);
  EXPECT_EQ(rho_of_gaussian(20, {4000, 1}).billionths, 50'000'000);
  EXPECT_EQ(rho_of_gaussian(1, {3, 1}).billionths, 166'666'667);
  EXPECT_EQ(rho_of_pure({1, 1}).billionths, 500'000'000);
  EXPECT_EQ(rho_of_pure({1, 10}).billionths, 5'000'000);
  EXPECT_EQ((rho_of_pure({1, 10}) + rho_of_pure({1, 1})).billionths, 505'000'000);
  EXPECT_THROW(static_cast<void>(rho_of_gaussian(1'000'000, {1, 1})), std::invalid_argument);
}

TEST(dp_budget, the_variance_for_a_budget_stays_within_it) {
  for (const std::uint64_t s : {1U, 3U, 20U})
    for (const std::int64_t b : {7'000'000L, 50'000'000L, 123'456'789L}) {
      const ratio v = variance_for(s, {b});
      EXPECT_LE(rho_of_gaussian(s, v).billionths, b);
      EXPECT_GT(rho_of_gaussian(s, {v.numerator - 1, v.denominator}).billionths + 1,
                b * 999 / 1000);
    }
}

TEST(dp_budget, epsilon_is_tighter_than_the_simple_bound_and_above_the_pure_one) {
  for (const double r : {0.005, 0.05, 0.5, 2.0}) {
    const rho spent{static_cast<std::int64_t>(r * 1e9)};
    const double simple = r + 2 * std::sqrt(r * std::log(1e6));
    const double tight = epsilon_of(spent, 1e-6);
    EXPECT_LT(tight, simple);
    EXPECT_GT(tight, 0.6 * simple);
    EXPECT_GT(epsilon_of(spent, 1e-9), tight) << "a smaller delta costs more";
  }
  EXPECT_EQ(epsilon_of({0}, 1e-6), 0);
}

TEST(dp_contribution, each_person_counts_so_often_and_no_more) {
  contribution_bound bound(2);
  EXPECT_TRUE(bound.take("a"));
  EXPECT_TRUE(bound.take("a"));
  EXPECT_FALSE(bound.take("a"));
  EXPECT_TRUE(bound.take("b"));
  EXPECT_THROW(contribution_bound(0), std::invalid_argument);
}

std::vector<dimension> small_counts() {
  return {{"day",
           {"2026-11-01", "2026-11-02", "2026-11-03"},
           {{"2026-11-01", 1000}, {"2026-11-03", 5}}},
          {"language", {"de", "en"}, {{"en", 900}, {"is", 2}, {"fo", 3}}}};
}

TEST(dp_noisy_counts, every_cell_has_a_row_with_or_without_votes) {
  seeded_random random(7);
  const noisy_counts out = add_noise(small_counts(), {.votes_per_person = 1}, random);
  ASSERT_EQ(out.rows.size(), 7U);
  EXPECT_EQ(out.rows[1].cell, "2026-11-02");
  EXPECT_EQ(out.rows[3].cell, "other");
  EXPECT_EQ(out.rows[6].dimension, "language");
  EXPECT_EQ(out.rows[6].cell, "other") << "rare languages are not named";
  EXPECT_LE(out.spent.billionths, 100'000'000);
  EXPECT_NEAR(static_cast<double>(out.rows[0].count), 1000, 5 * out.rows[0].deviation);
  EXPECT_NEAR(static_cast<double>(out.rows[6].count), 5, 5 * out.rows[6].deviation);
}

TEST(dp_noisy_counts, the_same_source_gives_the_same_rows) {
  seeded_random one(8), same(8), another(9);
  const auto counts = [](crypto::random_source& r) {
    std::vector<std::int64_t> out;
    for (const noisy_count& row : add_noise(small_counts(), {}, r).rows) out.push_back(row.count);
    return out;
  };
  const auto first = counts(one);
  EXPECT_EQ(first, counts(same));
  EXPECT_NE(first, counts(another));
}

TEST(dp_noisy_counts, noise_has_the_deviation_that_is_stated) {
  seeded_random random(10);
  double sum = 0, deviation = 0;
  constexpr int rounds = 400;
  for (int i = 0; i < rounds; ++i) {
    const noisy_counts out = add_noise(small_counts(), {}, random);
    deviation = out.rows[0].deviation;
    const auto off = static_cast<double>(out.rows[0].count - 1000);
    sum += off * off;
  }
  EXPECT_NEAR(sum / rounds / (deviation * deviation), 1, 4 * std::sqrt(2.0 / rounds));
  EXPECT_NEAR(deviation, 20 / std::sqrt(0.1), 0.01);
}

TEST(dp_noisy_counts, a_cell_named_twice_is_a_mistake) {
  seeded_random random(11);
  EXPECT_THROW(static_cast<void>(add_noise({{"day", {"a", "a"}, {}}}, {}, random)),
               std::invalid_argument);
  EXPECT_THROW(static_cast<void>(add_noise({{"day", {"other"}, {}}}, {}, random)),
               std::invalid_argument);
}

}  // namespace
}  // namespace agon::dp

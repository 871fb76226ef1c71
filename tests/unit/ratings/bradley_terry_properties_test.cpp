// What must hold for any votes, tried on random ones with fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "ratings/bradley_terry.hpp"

namespace agon::ratings {
namespace {

using generator = std::mt19937_64;

double unit(generator& random) {
  return static_cast<double>(random() >> 11) * 0x1p-53;
}

std::string name_of(std::size_t i) {
  return "system " + std::to_string(i);
}

tally with_systems(std::size_t count) {
  tally t;
  for (std::size_t i = 0; i < count; ++i) t.add_system(name_of(i));
  return t;
}

// Votes of a Bradley–Terry world in which system i has strength i · step; a share of
// `ties` of the votes is called a tie whatever the systems are.
tally simulated(generator& random, std::size_t systems, int votes, double step, double ties = 0) {
  tally t = with_systems(systems);
  for (int v = 0; v < votes; ++v) {
    const auto a = static_cast<system_index>(random() % systems);
    const auto b = static_cast<system_index>((a + 1 + random() % (systems - 1)) % systems);
    const double z = step * (static_cast<double>(a) - static_cast<double>(b));
    const bool won = unit(random) < 1 / (1 + std::exp(-z));
    t.add(a, b, unit(random) < ties ? outcome::tie : won ? outcome::a : outcome::b);
  }
  return t;
}

void expect_close(const bradley_terry_rating& x, const bradley_terry_rating& y,
                  double error_ratio = 1) {
  EXPECT_EQ(x.status, y.status);
  EXPECT_NEAR(x.score, y.score, 1e-7);
  EXPECT_NEAR(x.standard_error, y.standard_error * error_ratio, 1e-7);
}

class bradley_terry_properties : public ::testing::Test {
 protected:
  generator random_{20240814};
  tally votes_ = simulated(random_, 9, 900, 0.2, 0.2);
  bradley_terry_fit fit_ = fit_bradley_terry(votes_);
};

TEST_F(bradley_terry_properties, permuted_labels_permute_the_scores) {
  std::vector<system_index> order(9);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random_);
  tally permuted;
  for (const system_index i : order) permuted.add_system(name_of(i));
  for (const auto& row : votes_.rows()) permuted.merge(*tally::from_rows(std::span(&row, 1)));
  const auto fit = fit_bradley_terry(permuted);
  for (system_index i = 0; i < 9; ++i) {
    expect_close(fit.ratings[i], fit_.ratings[order[i]]);
    EXPECT_EQ(fit.ratings[i].rank_upper, fit_.ratings[order[i]].rank_upper);
    EXPECT_EQ(fit.ratings[i].rank_lower, fit_.ratings[order[i]].rank_lower);
  }
}

TEST_F(bradley_terry_properties, exchanged_slots_change_no_bit) {
  tally reversed = with_systems(9);
  for (system_index b = 1; b < 9; ++b)
    for (system_index a = 0; a < b; ++a)
      for (std::size_t o = 0; o < outcome_count; ++o)
        reversed.add(b, a, mirrored(static_cast<outcome>(o)), votes_.pair(a, b)[o]);
  EXPECT_EQ(fit_bradley_terry(reversed).theta, fit_.theta);
}

TEST_F(bradley_terry_properties, wins_turned_to_losses_mirror_the_scores) {
  tally turned = with_systems(9);
  for (system_index b = 1; b < 9; ++b)
    for (system_index a = 0; a < b; ++a)
      for (std::size_t o = 0; o < outcome_count; ++o)
        turned.add(a, b, mirrored(static_cast<outcome>(o)), votes_.pair(a, b)[o]);
  const auto fit = fit_bradley_terry(turned);
  for (system_index i = 0; i < 9; ++i) {
    EXPECT_NEAR(fit.theta[i], -fit_.theta[i], 1e-10);
    EXPECT_NEAR(fit.ratings[i].standard_error, fit_.ratings[i].standard_error, 1e-7);
    EXPECT_EQ(fit.ratings[i].rank_upper + fit_.ratings[i].rank_lower, 10U);
  }
}

TEST_F(bradley_terry_properties, repeated_votes_keep_scores_and_narrow_intervals) {
  tally repeated = votes_;
  repeated.merge(votes_);
  repeated.merge(votes_);
  repeated.merge(votes_);
  const auto fit = fit_bradley_terry(repeated);
  for (system_index i = 0; i < 9; ++i) expect_close(fit.ratings[i], fit_.ratings[i], 0.5);
}

TEST_F(bradley_terry_properties, merged_parts_give_the_bits_of_the_whole) {
  const tally other = simulated(random_, 9, 500, 0.2);
  tally left = votes_;
  left.merge(other);
  tally right = with_systems(9);
  right.merge(other);
  right.merge(votes_);
  EXPECT_EQ(fit_bradley_terry(left).theta, fit_bradley_terry(right).theta);
}

TEST_F(bradley_terry_properties, votes_that_lead_out_of_the_rated_set_do_not_move_it) {
  tally more = votes_;
  more.add("newcomer", name_of(0), outcome::b, 50);
  more.add("stranger", "foreigner", outcome::tie, 50);
  const auto fit = fit_bradley_terry(more);
  for (system_index i = 0; i < 9; ++i) expect_close(fit.ratings[i], fit_.ratings[i]);
  EXPECT_EQ(fit.ratings[9].status, rating_status::only_losses);
  EXPECT_EQ(fit.ratings[10].status, rating_status::disconnected);
}

// The bound is held against the gradient itself: what each system won must be what the
// scores expect.
TEST_F(bradley_terry_properties, wins_equal_expected_wins) {
  for (system_index i = 0; i < 9; ++i) {
    double difference = 0;
    for (system_index j = 0; j < 9; ++j) {
      if (i == j) continue;
      const auto& c = votes_.pair(std::min(i, j), std::max(i, j));
      const double wins = static_cast<double>(i < j ? c[0] : c[1]) + static_cast<double>(c[2]) / 2;
      const auto played = static_cast<double>(c[0] + c[1] + c[2]);
      difference += wins - played / (1 + std::exp(fit_.theta[j] - fit_.theta[i]));
    }
    EXPECT_NEAR(difference, 0, 1e-9);
  }
  EXPECT_LT(fit_.certificate.score_error, 1e-6);
}

// Zeros, ones, a few, and counts up to `most` of every magnitude.
std::uint64_t fuzzed_count(generator& random, std::uint64_t most) {
  switch (random() % 5) {
    case 0:
    case 1:
      return 0;
    case 2:
      return 1;
    case 3:
      return random() % 10;
    default:
      return (most >> (random() % 50)) - random() % 2 * (most >> 50);
  }
}

tally fuzzed(generator& random, std::uint64_t most) {
  const std::size_t systems = 1 + random() % 12;
  tally t = with_systems(systems);
  const auto pairs = random() % (systems * 2);
  for (std::size_t p = 0; systems > 1 && p < pairs; ++p) {
    const auto a = static_cast<system_index>(random() % systems);
    const auto b = static_cast<system_index>((a + 1 + random() % (systems - 1)) % systems);
    for (std::size_t o = 0; o < outcome_count; ++o)
      t.add(a, b, static_cast<outcome>(o), fuzzed_count(random, most));
  }
  return t;
}

void expect_sound(const bradley_terry_fit& fit) {
  std::size_t rated = 0;
  for (const auto& r : fit.ratings) {
    for (const double v : {r.score, r.standard_error, r.lower, r.upper})
      ASSERT_TRUE(std::isfinite(v));
    if (r.status != rating_status::rated) {
      ASSERT_EQ(r.score, 0);
      continue;
    }
    ++rated;
    ASSERT_LE(r.lower, r.score);
    ASSERT_LE(r.score, r.upper);
    ASSERT_GE(r.rank_upper, 1U);
    ASSERT_LE(r.rank_upper, r.rank_lower);
    ASSERT_LE(r.rank_lower, fit.rated.size());
  }
  ASSERT_EQ(rated, fit.rated.size());
  ASSERT_NE(rated, 1U);
  ASSERT_TRUE(std::isfinite(fit.certificate.score_error));
}

struct fuzz_result {
  std::size_t rated = 0;
  std::size_t not_converged = 0;
};

fuzz_result fuzz(std::uint64_t seed, int rounds, std::uint64_t most) {
  generator random(seed);
  fuzz_result out;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    const tally t = fuzzed(random, most);
    const auto policy = random() % 2 == 0 ? both_bad_policy::drop : both_bad_policy::tie;
    const auto fit = fit_bradley_terry(t, {.both_bad = policy});
    expect_sound(fit);
    out.rated += fit.rated.size();
    for (const auto& r : fit.ratings) out.not_converged += r.status == rating_status::not_converged;
  }
  return out;
}

TEST(bradley_terry_fuzz, counts_up_to_millions_are_always_rated) {
  const auto result = fuzz(99, 600, 10'000'000);
  EXPECT_GT(result.rated, 1000U);
  EXPECT_EQ(result.not_converged, 0U);
}

// Beside 2^50 votes on one pair, double arithmetic cannot weigh the single vote that joins
// two islands. Then that is said.
TEST(bradley_terry_fuzz, absurd_counts_give_finite_scores_or_a_reason) {
  const auto result = fuzz(100, 600, std::uint64_t{1} << 44);
  EXPECT_GT(result.rated, 1000U);
  EXPECT_LT(result.not_converged, result.rated);
}

TEST(bradley_terry_fuzz, long_chain_of_steep_wins) {
  tally t = with_systems(40);
  for (system_index i = 0; i + 1 < 40; ++i) {
    t.add(i, i + 1, outcome::a, 1000000000000);
    t.add(i, i + 1, outcome::b, 1);
  }
  const auto fit = fit_bradley_terry(t);
  expect_sound(fit);
  ASSERT_EQ(fit.rated.size(), 40U);
  EXPECT_NEAR(fit.ratings[0].score - fit.ratings[39].score, 39 * 400 * 12, 1e-3);
}

// The share of intervals that hold the true score, in a world where the model is true.
double coverage(std::uint64_t seed, int votes, double step, double ties, std::size_t rounds) {
  constexpr std::size_t systems = 6;
  generator random(seed);
  int inside = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto fit = fit_bradley_terry(simulated(random, systems, votes, step, ties));
    if (fit.rated.size() != systems) continue;
    for (system_index i = 0; i < systems; ++i) {
      const double truth = 1000 + points_per_unit * step * (static_cast<double>(i) - 2.5);
      inside += fit.ratings[i].lower <= truth && truth <= fit.ratings[i].upper;
    }
  }
  return static_cast<double>(inside) / static_cast<double>(rounds * systems);
}

TEST(bradley_terry_coverage, intervals_hold_the_truth_as_often_as_they_say) {
  EXPECT_NEAR(coverage(1, 600, 0.3, 0, 500), 0.95, 0.02);
  EXPECT_NEAR(coverage(2, 150, 0.3, 0, 500), 0.95, 0.02);
}

// With all systems equal a tie is an exact observation of the truth, and the sandwich,
// unlike the model's own error, uses that.
TEST(bradley_terry_coverage, intervals_are_right_with_many_ties) {
  EXPECT_NEAR(coverage(3, 600, 0, 0.5, 500), 0.95, 0.02);
}

}  // namespace
}  // namespace agon::ratings

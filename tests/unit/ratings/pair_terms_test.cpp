#include "ratings/pair_terms.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

namespace agon::ratings {
namespace {

constexpr std::array all_models{pair_model::bradley_terry, pair_model::davidson,
                                pair_model::rao_kupper,    pair_model::grounded,
                                pair_model::ground_only,   pair_model::groundless};

// Outcomes that a model knows; Bradley–Terry's tie is half of each win, not an outcome.
bool knows(pair_model m, std::size_t k) {
  if (m == pair_model::ground_only) return k == 0 || k == 3;
  if (k == 3) return m == pair_model::grounded;
  return k != 2 || m != pair_model::bradley_terry;
}

struct at {
  double a;
  double b;
  double phi;
};
constexpr std::array points{at{0, 0, 0.3}, at{1.2, -0.7, 0.5}, at{-2, 3, 0.05}, at{0.4, 0.5, 2.5},
                            at{-30, 25, 0.7}};

TEST(pair_terms, probabilities_sum_to_one) {
  for (const pair_model m : all_models) {
    for (const at& x : points) {
      const pair_terms t = terms_of(m, x.a, x.b, x.phi);
      double sum = 0;
      for (std::size_t k = 0; k < outcome_count; ++k)
        if (knows(m, k)) sum += std::exp(t.log_p[k]);
      EXPECT_NEAR(sum, 1, 1e-12) << static_cast<int>(m) << " at " << x.a;
    }
  }
}

TEST(pair_terms, derivatives_are_those_of_the_logarithm) {
  constexpr double step = 1e-5;
  for (const pair_model m : all_models) {
    for (const at& x : points) {
      if (std::fabs(x.a) > 20) continue;  // differences of tiny probabilities say nothing
      const pair_terms t = terms_of(m, x.a, x.b, x.phi);
      for (std::size_t k = 0; k < outcome_count; ++k) {
        if (!knows(m, k) && !(m == pair_model::bradley_terry && k == 2)) continue;
        for (std::size_t i = 0; i < 3; ++i) {
          at up = x;
          at down = x;
          (i == 0 ? up.a : i == 1 ? up.b : up.phi) += step;
          (i == 0 ? down.a : i == 1 ? down.b : down.phi) -= step;
          const pair_terms u = terms_of(m, up.a, up.b, up.phi);
          const pair_terms d = terms_of(m, down.a, down.b, down.phi);
          EXPECT_NEAR(t.gradient[k][i], (u.log_p[k] - d.log_p[k]) / (2 * step),
                      1e-7 * (1 + std::fabs(t.gradient[k][i])))
              << static_cast<int>(m) << " outcome " << k << " coordinate " << i;
          constexpr std::array<std::array<std::size_t, 3>, 3> slot{
              {{0, 1, 3}, {1, 2, 4}, {3, 4, 5}}};
          for (std::size_t j = 0; j < 3; ++j)
            EXPECT_NEAR(t.information[k][slot[i][j]],
                        -(u.gradient[k][j] - d.gradient[k][j]) / (2 * step),
                        1e-6 * (1 + std::fabs(t.information[k][slot[i][j]])))
                << static_cast<int>(m) << " outcome " << k << " coordinates " << i << j;
        }
      }
    }
  }
}

TEST(pair_terms, exchanged_systems_exchange_the_outcomes) {
  for (const pair_model m : all_models) {
    if (m == pair_model::ground_only) continue;
    for (const at& x : points) {
      const pair_terms t = terms_of(m, x.a, x.b, x.phi);
      const pair_terms r = terms_of(m, x.b, x.a, x.phi);
      EXPECT_NEAR(t.log_p[0], r.log_p[1], 1e-12 * (1 + std::fabs(t.log_p[0])));
      EXPECT_NEAR(t.gradient[0][0], r.gradient[1][1], 1e-12);
      if (knows(m, 2)) EXPECT_NEAR(t.gradient[2][0], r.gradient[2][1], 1e-12);
    }
  }
}

TEST(pair_terms, nothing_overflows_far_out) {
  for (const pair_model m : all_models) {
    for (const double z : {700.0, -700.0, 5000.0}) {
      const pair_terms t = terms_of(m, z, -z, 1);
      for (std::size_t k = 0; k < outcome_count; ++k) {
        EXPECT_TRUE(std::isfinite(t.log_p[k]));
        for (const double g : t.gradient[k]) EXPECT_TRUE(std::isfinite(g));
        for (const double w : t.information[k]) EXPECT_TRUE(std::isfinite(w));
      }
    }
  }
}

// The published form of grounded Rao–Kupper, in plain arithmetic.
TEST(pair_terms, grounded_probabilities_are_the_published_ones) {
  const double a = std::exp(0.8);
  const double b = std::exp(-0.3);
  const double t = std::exp(0.4) + 1.000001;
  const pair_terms terms = terms_of(pair_model::grounded, 0.8, -0.3, 0.4);
  EXPECT_NEAR(std::exp(terms.log_p[0]), a / (a + t * b + 1), 1e-14);
  EXPECT_NEAR(std::exp(terms.log_p[1]), b / (b + t * a + 1), 1e-14);
  EXPECT_NEAR(std::exp(terms.log_p[3]), 1 / (1 + a + b), 1e-14);
}

}  // namespace
}  // namespace agon::ratings

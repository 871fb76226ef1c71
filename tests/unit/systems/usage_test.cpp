#include "services/systems/usage.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace agon::systems::test {
namespace {

TEST(cost_of, adds_up_what_has_a_price) {
  const price_list prices{"USD", 0.15, 0.6, 15, 0.04, 0.01};
  const usage used{1000, 200, 10, 2, 3.5};
  // 150 + 120 + 150 + 80,000 + 35,000 millionths
  const auto cost = cost_of(prices, used);
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->currency, "USD");
  EXPECT_EQ(cost->micros, 115'420);
  EXPECT_TRUE(cost->complete);
}

TEST(cost_of, says_when_tokens_were_not_told) {
  const auto cost = cost_of({"EUR", 0.15, 0, 0, 0.5, 0}, {std::nullopt, 7, 10, 1, 0});
  ASSERT_TRUE(cost);
  EXPECT_FALSE(cost->complete);
  EXPECT_EQ(cost->micros, 500'000);
  EXPECT_TRUE(cost_of({"EUR", 0, 0, 0, 0.5, 0}, {})->complete) << "tokens are free";
}

TEST(cost_of, rounds_up_and_stays_in_range) {
  EXPECT_EQ(cost_of({"USD", 0.15, 0, 0, 0, 0}, {1, 0, 0, 1, 0})->micros, 1);
  EXPECT_EQ(
      cost_of({"USD", 1e6, 1e6, 0, 0, 0}, {std::numeric_limits<std::uint64_t>::max(), 0, 0, 1, 0})
          ->micros,
      9'000'000'000'000'000);
  EXPECT_FALSE(cost_of({}, {1, 1, 1, 1, 1})) << "no currency: no prices";
}

}  // namespace
}  // namespace agon::systems::test

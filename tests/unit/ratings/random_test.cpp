#include "ratings/random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace agon::ratings {
namespace {

TEST(seeded_random, same_seed_and_stream_give_the_same_numbers) {
  seeded_random x(7, 3);
  seeded_random y(7, 3);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(x.next(), y.next());
}

TEST(seeded_random, seeds_and_streams_differ) {
  seeded_random x(7, 3);
  EXPECT_NE(x.next(), seeded_random(7, 4).next());
  EXPECT_NE(seeded_random(7).next(), seeded_random(8).next());
}

TEST(seeded_random, numbers_below_a_bound_are_even) {
  seeded_random random(1);
  std::vector<int> seen(7);
  for (int i = 0; i < 70'000; ++i) ++seen.at(random.below(7));
  for (const int n : seen) EXPECT_NEAR(n, 10'000, 400);
  EXPECT_EQ(random.below(1), 0U);
}

TEST(seeded_random, moments_are_those_of_the_distributions) {
  seeded_random random(2);
  double unit = 0, normal = 0, squares = 0;
  constexpr int count = 100'000;
  for (int i = 0; i < count; ++i) {
    unit += random.unit();
    const double z = random.normal();
    normal += z;
    squares += z * z;
  }
  EXPECT_NEAR(unit / count, 0.5, 0.005);
  EXPECT_NEAR(normal / count, 0, 0.02);
  EXPECT_NEAR(squares / count, 1, 0.02);
}

}  // namespace
}  // namespace agon::ratings

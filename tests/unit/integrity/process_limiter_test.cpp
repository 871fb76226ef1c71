#include "services/integrity/process_limiter.hpp"

#include <gtest/gtest.h>

namespace agon::integrity {
namespace {

std::chrono::steady_clock::time_point moment{};
std::chrono::steady_clock::time_point now() {
  return moment;
}

constexpr limit three{3, 60};

TEST(process_limiter, a_burst_and_then_the_rate) {
  process_limiter limiter(100, &now);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.take_now("battle", "anna", three));
  const auto refused = limiter.take_now("battle", "anna", three);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::too_many_requests);
  EXPECT_EQ(refused.error().retry_after, std::chrono::seconds(1));
  EXPECT_TRUE(limiter.take_now("battle", "bert", three));
  EXPECT_TRUE(limiter.take_now("other", "anna", three));
  moment += std::chrono::seconds(1);
  EXPECT_TRUE(limiter.take_now("battle", "anna", three));
  EXPECT_FALSE(limiter.take_now("battle", "anna", three));
}

TEST(process_limiter, memory_is_bounded_and_nobody_is_locked_out_by_it) {
  process_limiter limiter(10, &now);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.take_now("battle", std::to_string(i), three));
}

}  // namespace
}  // namespace agon::integrity

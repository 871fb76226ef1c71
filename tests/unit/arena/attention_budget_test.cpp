#include "services/arena/attention_budget.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace agon::arena {
namespace {

const time_point noon = *parse_rfc3339("2026-11-24T12:00:00Z");

time_point at(double seconds) {
  return noon + std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
}

TEST(most_attention, is_the_time_since_the_battle_was_ready) {
  EXPECT_DOUBLE_EQ(most_attention(noon, at(8), {}), 8 + attention_tolerance);
  EXPECT_DOUBLE_EQ(most_attention(noon, at(-1), {}), 0) << "servers' clocks differ";
}

TEST(most_attention, is_shared_by_battles_that_were_ready_together) {
  const std::vector<attention_paid> others = {{noon, 5}, {noon, 2}};
  EXPECT_DOUBLE_EQ(most_attention(noon, at(8), others), 1 + attention_tolerance);
}

TEST(most_attention, leaves_what_was_heard_before_alone) {
  // Eight seconds for the first battle, then the second was ready.
  const std::vector<attention_paid> others = {{noon, 8}};
  EXPECT_DOUBLE_EQ(most_attention(at(10), at(18), others), 8 + attention_tolerance);
}

TEST(most_attention, sees_through_battles_that_begin_one_after_the_other) {
  // One each second, each credited with eight seconds: all must fit since the first.
  std::vector<attention_paid> others;
  for (int i = 0; i < 8; ++i) others.push_back({at(i), 8});
  EXPECT_LT(most_attention(at(8), at(70), others), 8);
  EXPECT_GE(most_attention(at(8), at(72), others), 8);
}

// Someone opens battles at any moment, listens to one at a time, goes away, comes back, with a
// network that delays what the page tells: never credited with less than was heard.
TEST(most_attention, never_refuses_who_listens_to_one_thing_at_a_time) {
  std::mt19937 random(20261125);
  const auto uniform = [&](double most) {
    return std::uniform_real_distribution(0.0, most)(random);
  };
  for (int day = 0; day < 300; ++day) {
    struct opened {
      double ready;
      double heard;
      double told;
      double credit;
    };
    std::vector<opened> battles;
    double now = 0;
    for (int step = 0; step < 60; ++step) {
      if (battles.empty() || uniform(1) < 0.3) battles.push_back({now, 0, 0, 0});
      opened& b = battles[random() % battles.size()];
      const double listens = uniform(6);
      now += listens;
      b.heard += listens;
      if (uniform(1) < 0.3) now += uniform(30);
      for (opened& told : battles) {
        if (uniform(1) < 0.5) continue;  // its page has not sent yet
        told.told = told.heard;
        std::vector<attention_paid> others;
        for (const opened& o : battles)
          if (&o != &told) others.push_back({at(o.ready), o.credit});
        const double most = most_attention(at(told.ready), at(now), others);
        ASSERT_GE(most, told.told) << "day " << day << " step " << step;
        told.credit = std::min(told.told, most);
      }
    }
  }
}

// Whoever claims to hear everything at once gets no more than the time that has passed.
TEST(most_attention, gives_a_liar_no_more_than_the_time) {
  std::mt19937 random(20261126);
  for (int day = 0; day < 100; ++day) {
    std::vector<attention_paid> battles;
    double now = 0;
    double total = 0;
    for (int step = 0; step < 100; ++step) {
      now += std::uniform_real_distribution(0.0, 2.0)(random);
      if (step % 3 == 0) battles.push_back({at(now), 0});
      for (std::size_t i = 0; i < battles.size(); ++i) {
        std::vector<attention_paid> others(battles);
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
        battles[i].seconds =
            std::max(battles[i].seconds, most_attention(battles[i].ready_at, at(now), others));
      }
      total = 0;
      for (const attention_paid& b : battles) total += b.seconds;
      ASSERT_LE(total, now + attention_tolerance + 1e-6);
    }
  }
}

TEST(credited, goes_up_to_the_budget_and_never_down) {
  const std::vector<double> claimed = {3, 3};
  EXPECT_EQ(credited(claimed, std::vector<double>{0, 0}, 10, true), claimed);
  EXPECT_EQ(credited(claimed, std::vector<double>{0, 0}, 4, true), (std::vector<double>{3, 1}));
  EXPECT_EQ(credited(claimed, std::vector<double>{0, 3}, 4, true), (std::vector<double>{1, 3}));
  EXPECT_EQ(credited(claimed, std::vector<double>{2, 5}, 4, true), (std::vector<double>{2, 5}));
  EXPECT_EQ(credited(claimed, {}, 4, false), claimed) << "side by side";
  EXPECT_EQ(credited(claimed, {}, 2, false), (std::vector<double>{2, 2}));
}

}  // namespace
}  // namespace agon::arena

#include "services/arena/live_text.hpp"

#include <gtest/gtest.h>

namespace agon::arena {
namespace {

std::string letters(std::size_t count) {
  return std::string(count, 'x');
}

// Steps until nothing moves any more; how far that is.
std::size_t run_on(live_text& text) {
  std::size_t at = 0;
  for (int i = 0; i < 1000; ++i) text.step();
  if (const auto p = text.after(0)) at = p->to;
  return at;
}

TEST(live_text, nothing_is_shown_before_every_side_has_begun) {
  live_text text(2);
  text.append(0, letters(500));
  text.finish(0);
  EXPECT_EQ(run_on(text), 0U);
  text.append(1, "a");
  EXPECT_EQ(run_on(text), 1U);
}

TEST(live_text, all_sides_go_at_the_pace_of_the_slowest) {
  live_text text(3);
  text.append(0, letters(900));
  text.append(1, letters(40));
  text.append(2, letters(300));
  text.finish(0);
  EXPECT_EQ(run_on(text), 40U);
  text.append(1, letters(2));
  EXPECT_EQ(run_on(text), 42U);
}

TEST(live_text, pieces_have_one_size_whatever_the_systems_send) {
  live_text one(2);
  live_text other(2);
  for (int slot : {0, 1}) {
    one.append(static_cast<std::size_t>(slot), letters(480));
    for (int i = 0; i < 480; ++i) other.append(static_cast<std::size_t>(slot), "x");
  }
  std::size_t before = 0;
  for (int i = 0; i < 10; ++i) {
    one.step();
    other.step();
    const auto p = one.after(before);
    const auto q = other.after(before);
    ASSERT_TRUE(p && q);
    EXPECT_EQ(p->to, q->to);
    EXPECT_EQ(p->texts[0].size(), p->texts[1].size());
    before = p->to;
  }
}

TEST(live_text, a_shorter_side_ends_and_the_others_go_on) {
  live_text text(2);
  text.append(0, letters(30));
  text.finish(0);
  text.append(1, letters(100));
  EXPECT_EQ(run_on(text), 100U);
  EXPECT_FALSE(text.done());
  text.finish(1);
  EXPECT_TRUE(text.done());
  const auto p = text.after(10);
  EXPECT_EQ(p->texts[0].size(), 20U);
  EXPECT_EQ(p->texts[1].size(), 90U);
}

TEST(live_text, the_rest_comes_soon_once_all_are_done) {
  live_text text(2);
  for (std::size_t slot : {0U, 1U}) {
    text.append(slot, letters(30'000));
    text.finish(slot);
  }
  int steps = 0;
  while (!text.done() && steps < 1000) {
    text.step();
    ++steps;
  }
  EXPECT_LT(steps, 100);
}

TEST(live_text, another_system_may_take_over_until_something_was_shown) {
  live_text text(2);
  text.append(0, letters(50));
  EXPECT_TRUE(text.restart(0));
  text.append(0, "new");
  text.append(1, "other");
  run_on(text);
  EXPECT_EQ(text.after(0)->texts[0], "new");
  EXPECT_FALSE(text.restart(1));
}

TEST(live_text, characters_are_never_cut) {
  live_text text(2);
  std::string greek;
  for (int i = 0; i < 50; ++i) greek += "ἀ";
  text.append(0, greek);
  text.append(1, letters(50));
  text.step();
  const auto p = text.after(0);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->texts[0].size(), p->to * 3);
  EXPECT_EQ(text.after(p->to), std::nullopt);
}

}  // namespace
}  // namespace agon::arena

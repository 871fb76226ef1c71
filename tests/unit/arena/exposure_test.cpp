#include "services/arena/exposure.hpp"

#include <gtest/gtest.h>

namespace agon::arena {
namespace {

using enum exposure_kind;

const time_point start = *parse_rfc3339("2026-11-24T03:00:00Z");

exposure_event event(int sequence, exposure_kind kind, double position, double at, int slot = 0) {
  return {sequence,
          slot,
          kind,
          position,
          start + std::chrono::microseconds(static_cast<std::int64_t>(at * 1e6)),
          start};
}

TEST(heard_seconds, playing_through_counts_once) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, tick, 1, 1),
                                              event(2, tick, 2, 2), event(3, ended, 2.5, 2.5)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 2.5), 2.5);
  EXPECT_DOUBLE_EQ(heard_seconds(events, 1, 2.5), 0);
}

TEST(heard_seconds, hearing_again_adds_nothing) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, pause, 2, 2),
                                              event(2, seek, 1, 3), event(3, play, 1, 3),
                                              event(4, pause, 3, 5)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 3);
}

TEST(heard_seconds, a_seek_is_not_hearing) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, tick, 1, 1),
                                              event(2, seek, 8, 1.2), event(3, tick, 9, 2.2)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 2);
}

TEST(heard_seconds, playback_at_up_to_twice_the_speed_counts) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, tick, 1.5, 1),
                                              event(2, tick, 3, 2), event(3, ended, 4, 2.5)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 4), 4);
}

TEST(heard_seconds, a_lost_event_loses_no_listening_around_it) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(3, tick, 3, 3),
                                              event(5, pause, 5, 5)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 5);
}

TEST(heard_seconds, a_device_that_slept_heard_nothing_meanwhile) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, tick, 2, 2),
                                              event(2, tick, 3, 3602), event(3, pause, 4, 3603)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 4);
}

TEST(heard_seconds, a_clock_that_is_set_back_costs_one_tick) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, tick, 1, 1),
                                              event(2, tick, 2, -3598), event(3, tick, 3, -3597)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 2);
}

TEST(heard_seconds, faster_than_the_clock_does_not_count) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, tick, 9, 1),
                                              event(2, ended, 10, 1.1)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 0);
}

TEST(heard_seconds, order_of_arrival_and_repeats_do_not_matter) {
  const std::vector<exposure_event> events = {event(2, pause, 2, 2), event(0, play, 0, 0),
                                              event(1, tick, 1, 1), event(1, tick, 1, 1),
                                              event(0, play, 0, 0)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 2);
}

TEST(heard_seconds, time_while_paused_does_not_count) {
  const std::vector<exposure_event> events = {event(0, play, 0, 0), event(1, pause, 1, 1),
                                              event(2, pause, 4, 9)};
  EXPECT_DOUBLE_EQ(heard_seconds(events, 0, 10), 1);
}

TEST(seen_seconds, counts_the_time_on_the_screen) {
  const std::vector<exposure_event> events = {event(0, visible, 0.5, 0),  event(1, tick, 0.5, 1),
                                              event(2, scroll, 0.8, 1.5), event(3, hidden, 1, 2.5),
                                              event(4, visible, 1, 9),    event(5, tick, 1, 10)};
  EXPECT_DOUBLE_EQ(seen_seconds(events, 0), 3.5);
  EXPECT_DOUBLE_EQ(seen_seconds(events, 1), 0);
}

TEST(seen_seconds, sides_beside_each_other_are_seen_at_once) {
  const std::vector<exposure_event> events = {event(0, visible, 1, 0, 0),
                                              event(1, visible, 1, 0, 1), event(2, tick, 1, 1, 0),
                                              event(3, hidden, 1, 2, 1)};
  EXPECT_DOUBLE_EQ(seen_seconds(events, 0), 1);
  EXPECT_DOUBLE_EQ(seen_seconds(events, 1), 2);
}

TEST(seen_seconds, a_page_that_slept_was_not_looked_at) {
  const std::vector<exposure_event> events = {event(0, visible, 1, 0), event(1, tick, 1, 600)};
  EXPECT_DOUBLE_EQ(seen_seconds(events, 0), 0);
}

TEST(seen_seconds, events_come_in_any_order_and_twice_and_clocks_jump) {
  const std::vector<exposure_event> events = {event(2, tick, 1, 2),    event(0, visible, 1, 0),
                                              event(1, tick, 1, 1),    event(1, tick, 1, 1),
                                              event(3, tick, 1, -500), event(4, tick, 1, -499)};
  EXPECT_DOUBLE_EQ(seen_seconds(events, 0), 3);
}

TEST(seen_seconds, ticks_alone_show_nothing) {
  const std::vector<exposure_event> events = {event(0, tick, 1, 0), event(1, tick, 1, 1)};
  EXPECT_DOUBLE_EQ(seen_seconds(events, 0), 0);
}

}  // namespace
}  // namespace agon::arena

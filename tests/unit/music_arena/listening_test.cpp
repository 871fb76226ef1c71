#include "services/music_arena/listening.hpp"

#include <gtest/gtest.h>

namespace agon::music_arena {
namespace {

using arena::exposure_kind;

double heard(const std::vector<listen_event>& a, double length = 30) {
  return arena::heard_seconds(exposures_of(a, {}), 0, length);
}

constexpr double t = 1753718400;

TEST(music_arena_listening, playing_counts_as_their_front_end_counts_it) {
  EXPECT_NEAR(heard({{exposure_kind::play, t}, {exposure_kind::pause, t + 5}}), 5, 1e-6);
  EXPECT_NEAR(heard({{exposure_kind::play, t},
                     {exposure_kind::tick, t + 1},
                     {exposure_kind::tick, t + 2.5},
                     {exposure_kind::pause, t + 3},
                     {exposure_kind::play, t + 10},
                     {exposure_kind::pause, t + 15}}),
              8, 1e-6);
}

TEST(music_arena_listening, what_has_no_end_or_goes_back_in_time_counts_nothing) {
  EXPECT_EQ(heard({{exposure_kind::play, t}}), 0);
  EXPECT_EQ(heard({{exposure_kind::play, t + 5}, {exposure_kind::pause, t}}), 0);
  EXPECT_EQ(heard({{exposure_kind::pause, t}, {exposure_kind::pause, t + 9}}), 0);
}

TEST(music_arena_listening, the_same_heard_twice_counts_once) {
  const std::vector<listen_event> twice{{exposure_kind::play, t},
                                        {exposure_kind::ended, t + 6},
                                        {exposure_kind::play, t + 7},
                                        {exposure_kind::ended, t + 13}};
  EXPECT_NEAR(heard(twice), 6, 1e-6);
}

TEST(music_arena_listening, nobody_hears_more_than_there_is) {
  EXPECT_NEAR(heard({{exposure_kind::play, t}, {exposure_kind::pause, t + 500}}, 12), 12, 1e-6);
}

TEST(music_arena_listening, both_sides_have_sequences_of_their_own) {
  const std::vector<listen_event> side{{exposure_kind::play, t}, {exposure_kind::pause, t + 1}};
  const auto all = exposures_of(side, side);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[1].sequence, 2);
  EXPECT_EQ(all[2].sequence, 1);
  EXPECT_EQ(all[3].sequence, 3);
  EXPECT_EQ(all[3].slot, 1);
}

}  // namespace
}  // namespace agon::music_arena

#include "services/core/clock.hpp"

#include <gtest/gtest.h>

namespace agon {
namespace {

TEST(clock, prints_and_reads_the_same_moment) {
  const auto t = parse_rfc3339("2026-11-24T03:11:54.123456Z");
  ASSERT_TRUE(t);
  EXPECT_EQ(to_rfc3339(*t), "2026-11-24T03:11:54.123Z");
}

TEST(clock, an_offset_is_taken_away) {
  EXPECT_EQ(*parse_rfc3339("2026-01-01T01:30:00+01:30"), *parse_rfc3339("2026-01-01T00:00:00Z"));
  EXPECT_EQ(*parse_rfc3339("2025-12-31T19:00:00-05:00"), *parse_rfc3339("2026-01-01T00:00:00Z"));
}

TEST(clock, anything_else_is_refused) {
  for (const char* text : {"", "now", "2026-11-24", "2026-11-24T03:11:54", "2026-02-30T00:00:00Z",
                           "2026-11-24T24:00:00Z", "2026-11-24T03:11:54.Z", "2026-11-24T03:11:54Zx",
                           "2026-11-24T03:11:54+1", "2026-11-24 03:11:54Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(clock, years_that_could_not_be_written_again_are_refused) {
  for (const char* text : {"0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59",
                           "9999-12-31T23:59:60Z", "1969-12-31T23:59:59Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  EXPECT_TRUE(parse_rfc3339("1970-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace agon

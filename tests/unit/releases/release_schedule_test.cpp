#include "services/releases/release_schedule.hpp"

#include <gtest/gtest.h>

namespace agon::releases {
namespace {

using namespace std::chrono_literals;

std::string due(const char* schedule, const char* now, std::chrono::hours cool_off = 72h) {
  const auto d = newest_due(schedule, parse_rfc3339(now).value(), cool_off);
  return d ? d->name + " before " + to_rfc3339(d->cast_before).substr(0, 10) : "nothing";
}

TEST(release_schedule, a_month_is_due_when_its_last_vote_has_cooled_off) {
  EXPECT_EQ(due("monthly", "2026-12-03T23:59:59Z"), "2026-10 before 2026-11-01");
  EXPECT_EQ(due("monthly", "2026-12-04T00:00:00Z"), "2026-11 before 2026-12-01");
  EXPECT_EQ(due("monthly", "2027-01-20T00:00:00Z"), "2026-12 before 2027-01-01");
  EXPECT_EQ(due("monthly", "2026-12-01T00:00:00Z", 0h), "2026-11 before 2026-12-01");
}

TEST(release_schedule, weeks_are_those_of_iso_8601) {
  EXPECT_EQ(due("weekly", "2026-11-26T00:00:00Z"), "2026-w47 before 2026-11-23");
  EXPECT_EQ(due("weekly", "2027-01-07T00:00:00Z"), "2026-w53 before 2027-01-04");
  EXPECT_EQ(due("weekly", "2027-01-14T00:00:00Z"), "2027-w01 before 2027-01-11");
}

TEST(release_schedule, never_is_never) {
  EXPECT_EQ(due("never", "2026-12-04T00:00:00Z"), "nothing");
}

}  // namespace
}  // namespace agon::releases

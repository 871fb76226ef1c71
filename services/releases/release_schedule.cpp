#include "services/releases/release_schedule.hpp"

#include <fmt/format.h>

namespace agon::releases {
namespace {

using namespace std::chrono;

time_point start_of(sys_days day) {
  return time_point_cast<microseconds>(sys_seconds(day));
}

due_partition month_before(sys_days day) {
  const year_month_day today(day);
  const year_month month = today.year() / today.month();
  const year_month last = month - months(1);
  return {fmt::format("{:04}-{:02}", static_cast<int>(last.year()),
                      static_cast<unsigned>(last.month())),
          start_of(sys_days(month / 1))};
}

due_partition week_before(sys_days day) {
  const sys_days monday = day - (weekday(day) - Monday);
  // A week belongs to the year of its Thursday.
  const sys_days thursday = monday - days(4);
  const year y = year_month_day(thursday).year();
  const auto number = (thursday - sys_days(y / January / 1)).count() / 7 + 1;
  return {fmt::format("{:04}-w{:02}", static_cast<int>(y), number), start_of(monday)};
}

}  // namespace

std::optional<due_partition> newest_due(std::string_view schedule, time_point now, hours cool_off) {
  const sys_days day = floor<days>(now - cool_off);
  if (schedule == "monthly") return month_before(day);
  if (schedule == "weekly") return week_before(day);
  return std::nullopt;
}

}  // namespace agon::releases

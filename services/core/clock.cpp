#include "services/core/clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>

namespace agon {
namespace {

// Reads exactly `count` digits at `at`; -1 if something else stands there.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool is(std::string_view text, std::size_t at, char c) {
  return at < text.size() && text[at] == c;
}

error not_a_time() {
  return fail(errc::invalid_input, "not an RFC 3339 time such as 2026-11-24T03:11:54Z");
}

}  // namespace

time_point system_clock_source::now() const {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(time_point t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::milliseconds>(t - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

result<time_point> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const int y = digits(text, 0, 4);
  const int mo = digits(text, 5, 2);
  const int d = digits(text, 8, 2);
  const int h = digits(text, 11, 2);
  const int mi = digits(text, 14, 2);
  const int s = digits(text, 17, 2);
  const bool shape = is(text, 4, '-') && is(text, 7, '-') &&
                     (is(text, 10, 'T') || is(text, 10, 't')) && is(text, 13, ':') &&
                     is(text, 16, ':');
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!shape || y < 0 || mo < 0 || d < 0 || !date.ok() || h < 0 || h > 23 || mi < 0 || mi > 59 ||
      s < 0 || s > 60)
    return not_a_time();

  std::size_t at = 19;
  std::int64_t micros = 0;
  if (is(text, at, '.')) {
    std::size_t count = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count)
      if (count < 6) micros = micros * 10 + (text[at] - '0');
    if (count == 0 || count > 9) return not_a_time();
    for (; count < 6; ++count) micros *= 10;
  }

  minutes offset{0};
  if (is(text, at, 'Z') || is(text, at, 'z')) {
    ++at;
  } else if (is(text, at, '+') || is(text, at, '-')) {
    const int oh = digits(text, at + 1, 2);
    const int om = digits(text, at + 4, 2);
    if (oh < 0 || oh > 23 || om < 0 || om > 59 || !is(text, at + 3, ':')) return not_a_time();
    offset = hours{oh} + minutes{om};
    if (text[at] == '-') offset = -offset;
    at += 6;
  } else {
    return not_a_time();
  }
  if (at != text.size()) return not_a_time();
  const time_point moment = time_point{sys_days{date}} + hours{h} + minutes{mi} + seconds{s} +
                            microseconds{micros} - offset;
  // Beyond these years an offset or a leap second could lead to one of five digits, or to
  // none that PostgreSQL and to_rfc3339 write.
  if (moment < time_point{sys_days{year{1970} / 1 / 1}} ||
      moment >= time_point{sys_days{year{9999} / 1 / 1}})
    return not_a_time();
  return moment;
}

}  // namespace agon

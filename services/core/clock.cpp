#include "services/core/clock.hpp"

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

// By hand: a vote prints half a dozen times.
void put_digits(std::string& out, std::size_t at, std::size_t count, std::int64_t value) {
  for (std::size_t i = at + count; i-- > at; value /= 10)
    out[i] = static_cast<char>('0' + value % 10);
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
  std::string out = to_text(t, "0000-00-00T00:00:00.000000Z");
  out.erase(out.size() - 4, 3);  // milliseconds
  return out;
}

std::string to_text(time_point t, std::string_view pattern) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{t - day};
  std::string out(pattern);
  put_digits(out, 0, 4, static_cast<int>(date.year()));
  put_digits(out, 5, 2, static_cast<unsigned>(date.month()));
  put_digits(out, 8, 2, static_cast<unsigned>(date.day()));
  put_digits(out, 11, 2, time.hours().count());
  put_digits(out, 14, 2, time.minutes().count());
  put_digits(out, 17, 2, time.seconds().count());
  put_digits(out, 20, 6, time.subseconds().count());
  return out;
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

#include "services/http/conditional.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"

#include "services/http/trimmed.hpp"

namespace agon::http {
namespace {

constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

}  // namespace

std::string etag_of(std::string_view bytes) {
  const crypto::digest hash = crypto::sha256(bytes);
  return '"' + crypto::to_base64url(crypto::bytes_of(hash).substr(0, 16)) + '"';
}

bool names_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view one = trimmed(list.substr(0, end));
    if (one.substr(0, 2) == "W/") one.remove_prefix(2);
    if (one == "*" || one == etag) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

std::string http_date(std::chrono::sys_seconds t) {
  using namespace std::chrono;
  const auto day = floor<std::chrono::days>(t);
  const year_month_day date{day};
  const hh_mm_ss time{t - day};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     http::days[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                     http::months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 29) return std::nullopt;
  const auto month_name = std::find(http::months.begin(), http::months.end(), text.substr(8, 3));
  const auto d = number(text.substr(5, 2));
  const auto y = number(text.substr(12, 4));
  const auto h = number(text.substr(17, 2));
  const auto m = number(text.substr(20, 2));
  const auto s = number(text.substr(23, 2));
  if (month_name == http::months.end() || !d || !y || !h || !m || !s) return std::nullopt;
  const auto month_number = static_cast<unsigned>(month_name - http::months.begin()) + 1;
  const year_month_day date{year{*y}, month{month_number}, day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
  const sys_seconds t = sys_days{date} + hours{*h} + minutes{*m} + seconds{*s};
  if (http_date(t) != text) return std::nullopt;
  return t;
}

}  // namespace agon::http

#include "services/outgoing/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace agon::outgoing {
namespace {

constexpr std::chrono::seconds longest_told{24 * 3600};

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t size) {
  int n = 0;
  const char* const begin = text.data() + at;
  const auto [end, failed] = std::from_chars(begin, begin + size, n);
  if (failed != std::errc() || end != begin + size) return std::nullopt;
  return n;
}

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that is still sent (RFC 9110, 5.6.7).
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto day = number_at(text, 5, 2);
  const auto* const month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto year = number_at(text, 12, 4);
  const auto hour = number_at(text, 17, 2);
  const auto minute = number_at(text, 20, 2);
  const auto second = number_at(text, 23, 2);
  if (!day || month == months.end() || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace

std::chrono::milliseconds pause_before(unsigned attempt, const retry_limits& limits,
                                       crypto::random_source& random) {
  auto whole = limits.first;
  for (unsigned i = 1; i < attempt && whole < limits.longest; ++i) whole *= 2;
  whole = std::min(whole, limits.longest);
  const auto half = static_cast<std::uint64_t>(std::max<std::int64_t>(1, whole.count() / 2));
  return std::chrono::milliseconds(static_cast<std::int64_t>(half + random.below(half + 1)));
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, time_point now) {
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (failed == std::errc() && end == value.data() + value.size()) {
    if (seconds < 0) return std::nullopt;
    return std::min(std::chrono::seconds(seconds), longest_told);
  }
  const auto date = parse_http_date(value);
  if (!date || *date < now) return std::nullopt;
  return std::min(std::chrono::ceil<std::chrono::seconds>(*date - now), longest_told);
}

}  // namespace agon::outgoing

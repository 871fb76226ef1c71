#include <string_view>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t precise = 4;  // decimals: eleven metres

struct decimal {
  std::size_t end = 0;  // 0: none
  std::size_t decimals = 0;
  int whole = 0;
};

decimal read_decimal(std::string_view s, std::size_t i) {
  decimal d;
  if (at(s, i) == '-' || at(s, i) == '+') ++i;
  const std::size_t begin = i;
  while (is_digit(at(s, i)) && i < begin + 4) d.whole = d.whole * 10 + (s[i++] - '0');
  if (i == begin || i > begin + 3 || at(s, i) != '.') return {};
  const std::size_t fraction = ++i;
  while (is_digit(at(s, i)) && i < fraction + 16) ++i;
  d.decimals = i - fraction;
  d.end = i;
  return d;
}

// Behind "°", "o", "'", '"', "N" and spaces, whatever of them there is.
std::size_t behind_marks(std::string_view s, std::size_t i) {
  const std::size_t most = i + 4;
  while (i < most &&
         (at(s, i) == ' ' || at(s, i) == other_byte || at(s, i) == '\'' || at(s, i) == '"'))
    ++i;
  const char c = to_upper(at(s, i));
  if ((c == 'N' || c == 'S' || c == 'E' || c == 'W' || c == 'O') && !is_word(at(s, i + 1))) ++i;
  return i;
}

// "48°51'29.6\"N": degrees, minutes, seconds and a quarter of the sky; 0 if none.
std::size_t sexagesimal_end(std::string_view s, std::size_t i, int most_degrees) {
  int parts = 0;
  for (; parts < 3 && is_digit(at(s, i)); ++parts) {
    int v = 0;
    const std::size_t begin = i;
    while (is_digit(at(s, i)) && i < begin + 4) v = v * 10 + (s[i++] - '0');
    if (i > begin + 3 || v > (parts == 0 ? most_degrees : 59)) return 0;
    if (at(s, i) == '.' && is_digit(at(s, i + 1))) {
      const std::size_t fraction = ++i;
      while (is_digit(at(s, i)) && i < fraction + 10) ++i;
    }
    std::size_t marks = 0;
    while (marks < 3 &&
           (at(s, i) == other_byte || at(s, i) == '\'' || at(s, i) == '"' || at(s, i) == ' ')) {
      ++i;
      ++marks;
    }
    if (marks == 0) break;
  }
  const char c = to_upper(at(s, i));
  const bool quarter = c == 'N' || c == 'S' || c == 'E' || c == 'W' || c == 'O';
  return parts >= 2 && quarter && !is_word(at(s, i + 1)) ? i + 1 : 0;
}

std::size_t behind_comma(std::string_view s, std::size_t i) {
  const std::size_t begin = i;
  while (i < begin + 3 &&
         (at(s, i) == ' ' || at(s, i) == ',' || at(s, i) == ';' || at(s, i) == '/'))
    ++i;
  return i;
}

}  // namespace

void find_coordinates(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (!is_digit(s[i])) continue;
    const char previous = before(s, i);
    const std::size_t begin = previous == '-' || previous == '+' ? i - 1 : i;
    std::size_t run = i;
    while (is_digit(at(s, run))) ++run;
    const auto go_on = [&] { i = run - 1; };
    if (is_word(before(s, begin)) || previous == '.' || run - i > 3) {
      go_on();
      continue;
    }
    if (const decimal latitude = read_decimal(s, begin); latitude.end > 0 && latitude.whole <= 90) {
      std::size_t next = behind_comma(s, behind_marks(s, latitude.end));
      // "latitude: 48.8582, longitude: 2.2945"
      for (std::size_t skipped = 0; skipped < 14 && (is_letter(at(s, next)) || at(s, next) == ':' ||
                                                     at(s, next) == ' ' || at(s, next) == '=');
           ++skipped)
        ++next;
      const decimal longitude = next > latitude.end ? read_decimal(s, next) : decimal{};
      if (longitude.end > 0 && longitude.whole <= 180 && !is_word(at(s, longitude.end)) &&
          at(s, longitude.end) != '.') {
        const std::size_t end = behind_marks(s, longitude.end);
        const std::size_t fit = is_letter(before(s, end)) ? end : longitude.end;
        const bool both_precise = latitude.decimals >= precise && longitude.decimals >= precise;
        const bool named = t.words.near(topic::place, begin, fit);
        if (both_precise || (named && latitude.decimals >= 2 && longitude.decimals >= 2)) {
          out.push_back({kind::gps_coordinates, begin, fit,
                         named                                                     ? .95
                         : both_precise && latitude.decimals == longitude.decimals ? .5
                                                                                   : .35});
          i = fit - 1;
          continue;
        }
      }
    }
    const std::size_t latitude_end = sexagesimal_end(s, i, 90);
    if (latitude_end > 0) {
      const std::size_t longitude_end = sexagesimal_end(s, behind_comma(s, latitude_end), 180);
      if (longitude_end > 0) {
        out.push_back({kind::gps_coordinates, begin, longitude_end, .95});
        i = longitude_end - 1;
        continue;
      }
    }
    go_on();
  }
}

}  // namespace agon::pii

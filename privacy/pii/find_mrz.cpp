#include <algorithm>
#include <string_view>

#include "privacy/pii/checksums.hpp"
#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

bool is_mrz_character(char c) {
  return is_upper(c) || is_digit(c) || c == '<';
}

bool field_holds(std::string_view line, std::size_t begin, std::size_t size, std::size_t check) {
  return is_digit(line[check]) &&
         icao_check_digit(line.substr(begin, size)) == digit_at(line, check);
}

// The line of a passport or visa (44), of an older card (36) or the second line of a card
// (30) that holds number, birth and expiry with their check digits.
bool is_data_line(std::string_view line) {
  if (line.size() == 44 || line.size() == 36)
    return field_holds(line, 0, 9, 9) && field_holds(line, 13, 6, 19) &&
           field_holds(line, 21, 6, 27);
  if (line.size() == 30) return field_holds(line, 0, 6, 6) && field_holds(line, 8, 6, 14);
  return false;
}

// "P<UTOERIKSSON<<ANNA<MARIA<<<": names, and the first line of a card.
bool is_name_line(std::string_view line) {
  if (line.size() != 44 && line.size() != 36 && line.size() != 30) return false;
  const std::string_view fillers = "<<";
  return line.find(fillers) != std::string_view::npos && (line[1] == '<' || is_upper(line[1])) &&
         is_upper(line[0]);
}

}  // namespace

void find_mrz(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = s.find_first_of("<0123456789"); i < s.size(); ++i) {
    if (!is_mrz_character(s[i])) continue;
    std::size_t end = i;
    while (end < s.size() && is_mrz_character(s[end])) ++end;
    std::size_t begin = i;
    while (begin > 0 && i - begin < 64 && is_mrz_character(s[begin - 1])) --begin;
    const std::string_view line = s.substr(begin, end - begin);
    if (is_data_line(line))
      out.push_back({kind::mrz, begin, end, .98});
    else if (is_name_line(line))
      out.push_back({kind::mrz, begin, end, .6});
    i = end;
  }
}

}  // namespace agon::pii

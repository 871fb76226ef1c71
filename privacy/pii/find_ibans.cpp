#include <algorithm>
#include <string>
#include <string_view>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

struct country {
  char code[3];
  std::size_t length;
};

// SWIFT's IBAN registry, release 99: every country that issues IBANs.
constexpr country countries[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
    {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
    {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
    {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
    {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26},
    {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20},
    {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20},
    {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
    {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25},
    {"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
    {"YE", 30},
};

std::size_t length_for(char a, char b) {
  for (const country& c : countries)
    if (c.code[0] == a && c.code[1] == b) return c.length;
  return 0;
}

// ISO 7064 mod 97-10 over the number with its first four characters moved to the end.
bool checksum_holds(std::string_view iban) {
  unsigned remainder = 0;
  const auto feed = [&](std::string_view part) {
    for (const char c : part) {
      if (is_digit(c))
        remainder = (remainder * 10 + static_cast<unsigned>(c - '0')) % 97;
      else
        remainder = (remainder * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
    }
  };
  feed(iban.substr(4));
  feed(iban.substr(0, 4));
  return remainder == 1;
}

// Where the IBAN that begins at `begin` ends, or `begin`.
std::size_t iban_end(std::string_view s, std::size_t begin) {
  const std::size_t length = length_for(to_upper(s[begin]), to_upper(s[begin + 1]));
  if (length == 0) return begin;
  std::string compact;
  std::size_t i = begin;
  for (; i < s.size() && compact.size() < length; ++i) {
    const char c = s[i];
    if (is_digit(c) || is_upper(c) || is_lower(c))
      compact += to_upper(c);
    else if (!((c == ' ' || c == '-') && is_word(at(s, i + 1))))
      break;
  }
  if (compact.size() != length || is_word(at(s, i)) || !checksum_holds(compact)) return begin;
  return i;
}

}  // namespace

void find_ibans(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = 0; i + 4 < s.size(); ++i) {
    // The check digits are looked for first: most text has few.
    if (!is_digit(s[i + 2]) || !is_digit(s[i + 3])) continue;
    if (!is_letter(s[i]) || !is_letter(s[i + 1]) || is_word(before(s, i))) continue;
    const std::size_t end = iban_end(s, i);
    if (end == i) continue;
    out.push_back({kind::iban_code, i, end, 1.0});
    i = end - 1;
  }
}

}  // namespace agon::pii

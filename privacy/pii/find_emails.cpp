#include <string_view>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t longest_quoted_local = 66;
constexpr std::size_t longest_label = 63;

// RFC 5322's atom without "/" and "?", which join addresses to URLs.
bool is_local(char c, bool ideographs) {
  constexpr std::string_view marks = "!#$%&'*+-=^_`{|}~.";
  return is_word(c) || (ideographs && c == ideograph_byte) ||
         marks.find(c) != std::string_view::npos;
}

bool is_label(char c, bool ideographs) {
  return is_word(c) || c == '-' || (ideographs && c == ideograph_byte);
}

bool starts_local(char c) {
  return is_word(c) || c == ideograph_byte || c == '_';
}

// Where the local part begins that ends at `sign`; `sign` itself if there is none.
std::size_t local_begin(std::string_view s, std::size_t sign, std::size_t floor, bool ideographs) {
  if (before(s, sign) == '"') {
    const std::size_t lowest = sign > longest_quoted_local ? sign - longest_quoted_local : 0;
    for (std::size_t i = sign - 1; i-- > lowest && i >= floor;)
      if (s[i] == '"') return i;
  }
  std::size_t begin = sign;
  while (begin > floor && is_local(s[begin - 1], ideographs)) --begin;
  while (begin < sign && !starts_local(s[begin])) ++begin;
  return begin;
}

// Where the longest domain ends that begins at `begin`; `begin` if there is none.
std::size_t domain_end(std::string_view s, std::size_t begin, bool ideographs) {
  std::size_t end = begin;
  std::size_t labels = 0;
  for (std::size_t at_label = begin; at_label < s.size();) {
    std::size_t i = at_label;
    bool letters_only = true;
    while (i < s.size() && is_label(s[i], ideographs)) {
      letters_only = letters_only && (is_letter(s[i]) || s[i] == ideograph_byte);
      ++i;
    }
    std::size_t last = i;
    while (last > at_label && s[last - 1] == '-') --last;
    const std::size_t length = last - at_label;
    if (length == 0 || s[at_label] == '-' || length > longest_label) break;
    ++labels;
    const bool punycode = length > 4 && to_lower(s[at_label]) == 'x' &&
                          to_lower(s[at_label + 1]) == 'n' && s.substr(at_label + 2, 2) == "--";
    const bool letters = letters_only || (last != i && is_letter(s[last - 1]));
    if (labels >= 2 && length >= 2 && (letters || punycode)) end = last;
    if (last != i || at(s, i) != '.') break;
    at_label = i + 1;
  }
  return end;
}

}  // namespace

void find_emails(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  std::size_t floor = 0;  // nothing before it belongs to the next address
  for (std::size_t sign = s.find('@'); sign != std::string_view::npos;
       sign = s.find('@', sign + 1)) {
    for (const bool ideographs : {false, true}) {
      const std::size_t begin = local_begin(s, sign, floor, ideographs);
      const std::size_t end = domain_end(s, sign + 1, ideographs);
      if (begin == sign || end == sign + 1) continue;
      out.push_back({kind::email_address, begin, end, ideographs ? .9 : 1.0});
      floor = end;
      break;
    }
    if (floor <= sign) floor = sign + 1;
  }
}

}  // namespace agon::pii

#include <algorithm>
#include <string_view>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/public_suffix.hpp"

namespace agon::pii {
namespace {

constexpr double with_scheme = .8;
constexpr double bare_domain = .5;
constexpr double like_a_file = .2;
constexpr std::size_t longest_domain = 253;
constexpr std::size_t longest_scheme = 10;
constexpr std::size_t longest_user_info = 256;

bool is_domain_character(char c) {
  return is_word(c) || c == '-' || c == '.';
}

// The host of [begin, …): labels joined by dots, none empty.
std::size_t host_end(std::string_view s, std::size_t begin) {
  std::size_t end = begin;
  while (end < s.size() && end - begin < longest_domain && is_domain_character(s[end])) {
    if (s[end] == '.' && !is_word(at(s, end + 1))) break;
    ++end;
  }
  while (end > begin && (s[end - 1] == '-' || s[end - 1] == '.')) --end;
  return end;
}

bool may_stand_in_a_url(char c) {
  return is_word(c) ||
         std::string_view("-._~:/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
}

// The end of port, path, query and fragment, without what ends a sentence.
std::size_t whole_end(std::string_view s, std::size_t host_end) {
  const char c = at(s, host_end);
  const bool port = c == ':' && is_digit(at(s, host_end + 1));
  if (c != '/' && c != '?' && c != '#' && !port) return host_end;
  std::size_t end = host_end;
  int open = 0;
  for (; end < s.size() && may_stand_in_a_url(s[end]); ++end) {
    if (s[end] == '(') ++open;
    if (s[end] == ')' && open-- == 0) break;
  }
  while (end > host_end &&
         std::string_view(".,;:!?'[]*").find(s[end - 1]) != std::string_view::npos)
    --end;
  return end;
}

bool has_letter(std::string_view s) {
  return std::any_of(s.begin(), s.end(), is_letter);
}

// Names of source files end in what are countries too.
bool looks_like_a_file(std::string_view domain) {
  const std::string_view last = domain.substr(domain.rfind('.') + 1);
  if (std::count(domain.begin(), domain.end(), '.') > 1) return false;
  for (const std::string_view extension :
       {"py",  "rs",  "sh",  "md", "pl", "so", "ps", "cc", "mm", "gd",
        "zip", "mov", "app", "hs", "st", "ml", "id", "is", "me", "to",
        "it",  "in",  "as",  "am", "at", "do", "my", "so", "be", "no"})
    if (last.size() == extension.size() &&
        std::equal(last.begin(), last.end(), extension.begin(),
                   [](char a, char b) { return to_lower(a) == b; }))
      return true;
  return false;
}

// "http" before "://" at i.
std::size_t scheme_begin(std::string_view s, std::size_t i) {
  std::size_t begin = i;
  while (begin > 0 && i - begin < longest_scheme &&
         (is_word(s[begin - 1]) || s[begin - 1] == '+') && s[begin - 1] != letter_byte)
    --begin;
  return begin;
}

// Behind "user:password@", if there is one.
std::size_t behind_user_info(std::string_view s, std::size_t begin) {
  for (std::size_t i = begin; i < s.size() && i - begin < longest_user_info; ++i) {
    if (s[i] == '@') return i + 1;
    if (s[i] == '/' || s[i] == '?' || !may_stand_in_a_url(s[i])) break;
  }
  return begin;
}

}  // namespace

void find_urls(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  std::size_t floor = 0;
  for (std::size_t dot = s.find_first_of(".:"); dot != std::string_view::npos;
       dot = s.find_first_of(".:", dot + 1)) {
    if (s[dot] == ':') {
      if (dot < floor || s.substr(dot, 3) != "://") continue;
      const std::size_t begin = scheme_begin(s, dot);
      const std::size_t host = behind_user_info(s, dot + 3);
      const std::size_t end = host_end(s, host);
      if (begin == dot || begin < floor || end == host) continue;
      const std::string_view domain = s.substr(host, end - host);
      if (!is_registrable(domain)) continue;
      floor = whole_end(s, end);
      out.push_back({kind::url, begin, floor, with_scheme});
      dot = floor - 1;
      continue;
    }
    if (dot < floor || !is_word(before(s, dot)) || !is_word(at(s, dot + 1))) continue;
    std::size_t begin = dot;
    while (begin > floor && dot - begin < 63 && is_domain_character(s[begin - 1]) &&
           s[begin - 1] != '.')
      --begin;
    const std::size_t end = host_end(s, begin);
    floor = std::max(floor, end);
    const char previous = before(s, begin);
    const bool inside = previous == '@' || previous == '/' || previous == '_' ||
                        at(s, end) == '_' || previous == '.' || at(s, end) == '(' ||
                        at(s, end) == '@';
    if (inside || end <= begin || end - begin > longest_domain) continue;
    const std::string_view domain = s.substr(begin, end - begin);
    if (!has_letter(domain.substr(domain.rfind('.') + 1)) || !is_registrable(domain)) continue;
    floor = whole_end(s, end);
    const bool www =
        domain.size() > 4 && (domain.substr(0, 4) == "www." || domain.substr(0, 4) == "WWW.");
    const double score = www || floor > end          ? with_scheme
                         : looks_like_a_file(domain) ? like_a_file
                                                     : bare_domain;
    out.push_back({kind::url, begin, floor, score});
    dot = floor - 1;
  }
}

}  // namespace agon::pii

#include "privacy/pii/digit_groups.hpp"

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

// Reads one group at i and moves i behind it; false if there is none.
bool read_group(std::string_view s, std::size_t& i, char separator, digit_chain& out) {
  const bool opened = at(s, i) == '(';
  std::size_t end = i + (opened ? 1 : 0);
  const std::size_t begin = end;
  while (is_digit(at(s, end))) ++end;
  const bool bracketed = opened && at(s, end) == ')';
  if (begin == end || (opened && !bracketed)) return false;
  out.push_back({begin, end, bracketed, separator});
  i = end + (bracketed ? 1 : 0);
  return true;
}

}  // namespace

digit_chain read_digit_chain(std::string_view s, std::size_t begin) {
  digit_chain chain;
  std::size_t i = begin;
  char separator = 0;
  while (read_group(s, i, separator, chain)) {
    const std::size_t behind = i;
    separator = 0;
    if (at(s, i) == ' ') separator = s[i++];
    if (at(s, i) == '-' || at(s, i) == '.') separator = s[i++];
    if (at(s, i) == ' ') {
      if (separator == 0) separator = ' ';
      ++i;
    }
    if (i == behind && !chain.back().bracketed && at(s, i) != '(') break;
  }
  return chain;
}

std::size_t next_digit_chain(std::string_view s, std::size_t from) {
  while (from < s.size() && !is_digit(s[from]) && !(s[from] == '(' && is_digit(at(s, from + 1))))
    ++from;
  return from;
}

}  // namespace agon::pii

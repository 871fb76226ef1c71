#include "privacy/pii/placeholders.hpp"

#include <algorithm>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t longest_kind_name = 32;
constexpr std::size_t most_number_digits = 6;

}  // namespace

std::string placeholder(kind k, std::size_t number) {
  std::string out = "<";
  return out.append(name_of(k)).append("_").append(std::to_string(number)).append(">");
}

std::size_t placeholder_end(std::string_view s, std::size_t begin) {
  std::size_t i = begin + 1;
  while (i < begin + 2 + longest_kind_name && (is_upper(at(s, i)) || at(s, i) == '_')) ++i;
  const std::size_t name_end = i - 1;  // before the last "_"
  if (name_end <= begin + 1 || s[name_end] != '_') return begin;
  const std::size_t digits = i;
  while (is_digit(at(s, i)) && i <= digits + most_number_digits) ++i;
  if (i == digits || i > digits + most_number_digits || at(s, i) != '>') return begin;
  return kind_named(s.substr(begin + 1, name_end - begin - 1)) ? i + 1 : begin;
}

void blot_placeholders(std::string& folded) {
  for (std::size_t i = folded.find('<'); i != std::string::npos; i = folded.find('<', i + 1)) {
    const std::size_t end = placeholder_end(folded, i);
    if (end == i) continue;
    std::fill(folded.begin() + static_cast<std::ptrdiff_t>(i),
              folded.begin() + static_cast<std::ptrdiff_t>(end), other_byte);
    i = end - 1;
  }
}

}  // namespace agon::pii

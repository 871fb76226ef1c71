#include "privacy/pii/shapes.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t no_match = static_cast<std::size_t>(-1);
constexpr char no_separator = '\0';
constexpr char separator_unknown = '\1';

bool is_group_separator(char c) {
  return c == ' ' || c == '-' || c == '.';
}

[[noreturn]] void unreadable(std::string_view form) {
  throw std::invalid_argument("unreadable form: " + std::string(form));
}

std::uint8_t read_count(std::string_view form, std::size_t& i) {
  unsigned v = 0;
  const std::size_t begin = i;
  while (is_digit(at(form, i))) v = v * 10 + static_cast<unsigned>(form[i++] - '0');
  if (i == begin || v > 255) unreadable(form);
  return static_cast<std::uint8_t>(v);
}

}  // namespace

void shape_matcher::element::add(char c) {
  for (const char one : {to_lower(c), to_upper(c)}) {
    const auto u = static_cast<unsigned char>(one);
    if (u < 128) set[u >> 6U] |= std::uint64_t{1} << (u & 63U);
  }
}

bool shape_matcher::element::only_digits() const {
  constexpr std::uint64_t digits = 0x3ffULL << 48U;
  return what == type::characters && set[1] == 0 && (set[0] & ~digits) == 0;
}

bool shape_matcher::element::no_digits() const {
  constexpr std::uint64_t digits = 0x3ffULL << 48U;
  return what != type::characters || (set[0] & digits) == 0;
}

shape_matcher::shape_matcher(std::string_view form) {
  read(form);
  measure();
}

void shape_matcher::read(std::string_view form) {
  for (std::size_t i = 0; i < form.size();) {
    element e;
    const auto add_range = [&e](char first, char last) {
      for (char c = first; c <= last; ++c) e.add(c);
    };
    const char c = form[i++];
    if (c == '9' || c == 'X') add_range('0', '9');
    if (c == 'A' || c == 'X') add_range('A', 'Z');
    if (c == 'h') {
      add_range('0', '9');
      add_range('A', 'F');
    }
    if (c == '~') e.what = type::optional_separator;
    if (c == '+') e.what = type::separator;
    if (c == '=') e.what = type::same_separator;
    if (c == '[') {
      for (; at(form, i) != ']'; ++i) {
        if (i >= form.size()) unreadable(form);
        if (at(form, i + 1) == '-' && at(form, i + 2) != ']') {
          add_range(form[i], form[i + 2]);
          i += 2;
        } else {
          e.add(form[i]);
        }
      }
      ++i;
    }
    if (std::string_view("9AXh~+=[").find(c) == std::string_view::npos) e.add(c);
    if (at(form, i) == '?') {
      e.least = 0;
      ++i;
    } else if (at(form, i) == '{') {
      e.least = e.most = read_count(form, ++i);
      if (at(form, i) == ',') e.most = read_count(form, ++i);
      if (at(form, i++) != '}' || e.most < e.least) unreadable(form);
    }
    elements_.push_back(e);
  }
}

void shape_matcher::measure() {
  std::size_t i = 0;
  for (; i < elements_.size() && elements_[i].no_digits(); ++i) {
    const bool may_be_nothing =
        elements_[i].what == type::optional_separator || elements_[i].what == type::same_separator;
    least_before_digit_ += may_be_nothing ? 0 : elements_[i].least;
    most_before_digit_ += elements_[i].most;
  }
  // A set of letters and digits may or may not be one.
  for (std::size_t j = i; j < elements_.size() && !elements_[j].only_digits(); ++j)
    most_before_digit_ += elements_[j].most;
  std::size_t least = 0;
  std::size_t most = 0;
  bool fixed = true;
  for (std::size_t j = 0; j < elements_.size() && !elements_[j].no_digits(); ++j) {
    fixed = fixed && elements_[j].only_digits();
    least += fixed ? elements_[j].least : 0;
    most += elements_[j].most;
  }
  // An optional separator may be nothing, and then the run goes on.
  std::size_t total = 0;
  for (const element& e : elements_)
    if (!e.no_digits()) total += e.most;
  const bool parted = std::any_of(elements_.begin(), elements_.end(), [](const element& e) {
    return e.what == type::optional_separator || e.what == type::same_separator || e.least == 0;
  });
  least_first_run_ = least;
  most_first_run_ = parted ? total : most;
}

std::size_t shape_matcher::match(std::string_view s, std::size_t begin) const {
  const std::size_t end = match_from(s, begin, 0, separator_unknown);
  return end == no_match ? begin : end;
}

std::size_t shape_matcher::match_from(std::string_view s, std::size_t i, std::size_t index,
                                      char separator) const {
  for (; index < elements_.size(); ++index) {
    const element& e = elements_[index];
    if (e.what == type::characters) {
      std::size_t n = 0;
      while (n < e.most && e.has(at(s, i + n))) ++n;
      if (n < e.least) return no_match;
      if (e.least == e.most) {
        i += n;
        continue;
      }
      for (;; --n) {
        const std::size_t end = match_from(s, i + n, index + 1, separator);
        if (end != no_match) return end;
        if (n == e.least) return no_match;
      }
    }
    const char c = at(s, i);
    const bool is_one = i < s.size() && is_group_separator(c);
    if (e.what == type::same_separator && separator != separator_unknown) {
      if (separator == no_separator) continue;
      if (!is_one || c != separator) return no_match;
      ++i;
      continue;
    }
    if (e.what == type::separator && !is_one) return no_match;
    if (separator == separator_unknown) separator = is_one ? c : no_separator;
    if (is_one) ++i;
  }
  // What ends in the middle of a word or a longer number is something else.
  const char next = at(s, i);
  if (is_word(next) || next == '_') return no_match;
  if ((next == '-' || next == '.' || next == '/') && is_digit(at(s, i + 1)) &&
      is_digit(before(s, i)))
    return no_match;
  return i;
}

}  // namespace agon::pii

#include "privacy/pii/name_tokens.hpp"

#include <algorithm>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t longest_hashed = 48;

unsigned character_kind(char c) {
  if (is_upper(c)) return 1;
  if (is_lower(c)) return 2;
  if (is_digit(c)) return 3;
  return 4;  // a letter of another alphabet
}

// Up to four runs of kinds of characters, two bits and a half each, and how long.
std::uint8_t shape_of(std::string_view w) {
  unsigned runs = 0, last = 0, n = 0;
  for (const char c : w.substr(0, longest_hashed)) {
    const unsigned k = character_kind(c);
    if (k != last && n < 3) {
      runs = runs * 5 + k;
      ++n;
    }
    last = k;
  }
  const unsigned length = w.size() == 1 ? 0 : 1;
  return static_cast<std::uint8_t>(runs * 2 + length);  // at most 249
}

}  // namespace

std::uint32_t word_hash(std::string_view folded) {
  std::uint32_t h = 2166136261U;
  for (const char c : folded.substr(0, longest_hashed))
    h = (h ^ static_cast<unsigned char>(to_lower(c))) * 16777619U;
  return h;
}

std::vector<name_token> name_tokens(std::string_view s) {
  std::vector<name_token> out;
  out.reserve(s.size() / 5);
  bool spaced = true;
  for (std::size_t i = 0; i < s.size();) {
    if (s[i] == ' ' || s[i] == '\t' || s[i] == '\r') {
      spaced = true;
      ++i;
      continue;
    }
    name_token t;
    t.begin = i;
    t.spaced = spaced;
    if (is_word(s[i])) {
      while (i < s.size() && is_word(s[i])) ++i;
      const std::string_view w = s.substr(t.begin, i - t.begin);
      t.is_word = true;
      t.is_number = std::all_of(w.begin(), w.end(), is_digit);
      t.capital = is_upper(w[0]);
      t.shape = shape_of(w);
      t.prefix = word_hash(w.substr(0, 3));
      t.suffix = word_hash(w.substr(w.size() - std::min<std::size_t>(w.size(), 3)));
      t.ending = word_hash(w.substr(w.size() - std::min<std::size_t>(w.size(), 2)));
    } else {
      // Signs of one kind in a row are one: "???", "<<", what other finders took.
      while (i < s.size() && s[i] == s[t.begin]) ++i;
      t.shape = 250;
      t.prefix = t.suffix = t.ending = word_hash(s.substr(t.begin, 1));
    }
    t.end = i;
    t.word = t.is_word ? word_hash(s.substr(t.begin, t.end - t.begin)) : t.prefix;
    spaced = s[t.begin] == '\n';
    out.push_back(t);
  }
  return out;
}

}  // namespace agon::pii

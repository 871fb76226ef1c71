#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "privacy/pii/digit_groups.hpp"
#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/phone_metadata.hpp"

namespace agon::pii {
namespace {

constexpr double by_plan = .95;
constexpr double unmistakable = .9;
constexpr double common = .7;
constexpr double by_context = .5;
constexpr std::size_t longest_e164 = 15;
constexpr std::size_t words_back = 40;
constexpr std::size_t words_ahead = 3;

// The groups [first, last] of a chain, taken for one number.
struct candidate {
  std::size_t last = 0;
  double score = 0;
};

class chain_reader {
 public:
  chain_reader(std::string_view s, const digit_chain& chain, const context_words& words)
      : s_(s), chain_(chain), words_(words) {}

  // The number that begins with group g; score 0 if there is none. `plus`: a "+"
  // stands before the chain.
  candidate read(std::size_t g, bool plus);
  // How many groups from g on are a date or a social security number; 0 if none.
  [[nodiscard]] std::size_t other_meaning(std::size_t g) const;

 private:
  [[nodiscard]] std::size_t size(std::size_t g) const {
    return g < chain_.size() ? chain_[g].size() : 0;
  }
  [[nodiscard]] char first(std::size_t g) const { return s_[chain_[g].begin]; }
  [[nodiscard]] int number(std::size_t g) const;
  [[nodiscard]] bool shape(std::size_t g, std::initializer_list<std::size_t> sizes) const;
  [[nodiscard]] bool same_separators(std::size_t g, std::size_t last) const;
  [[nodiscard]] bool ends_well(std::size_t last) const;
  [[nodiscard]] bool starts_well(std::size_t g) const;
  // The last group so that at most `digits` are in [g, last] and no letter follows.
  [[nodiscard]] std::size_t reach(std::size_t g, std::size_t digits) const;
  [[nodiscard]] std::size_t digits_in(std::size_t g, std::size_t last) const;

  [[nodiscard]] candidate international(std::size_t g) const;
  [[nodiscard]] candidate north_american(std::size_t g) const;
  [[nodiscard]] candidate bracketed(std::size_t g) const;
  [[nodiscard]] candidate double_zero(std::size_t g) const;
  [[nodiscard]] candidate trunk_zero(std::size_t g) const;
  [[nodiscard]] candidate mobile_in_one(std::size_t g) const;
  [[nodiscard]] candidate beside_a_word(std::size_t g);

  std::string_view s_;
  const digit_chain& chain_;
  const context_words& words_;
};

int chain_reader::number(std::size_t g) const {
  int v = 0;
  for (std::size_t i = chain_[g].begin; i < chain_[g].end && v < 10'000; ++i)
    v = v * 10 + (s_[i] - '0');
  return v;
}

bool chain_reader::shape(std::size_t g, std::initializer_list<std::size_t> sizes) const {
  for (const std::size_t expected : sizes)
    if (size(g++) != expected) return false;
  return true;
}

bool chain_reader::same_separators(std::size_t g, std::size_t last) const {
  for (std::size_t i = g + 2; i <= last; ++i)
    if (chain_[i].separator != chain_[g + 1].separator) return false;
  return true;
}

bool chain_reader::ends_well(std::size_t last) const {
  const std::size_t end = chain_[last].end;
  const char c = at(s_, end);
  if (c == 'x' || c == 'X') return is_digit(at(s_, end + 1));
  return !is_word(c) && c != '_';
}

bool chain_reader::starts_well(std::size_t g) const {
  if (g > 0) return true;
  const std::size_t begin = chain_[g].begin - (chain_[g].bracketed ? 1 : 0);
  const char c = before(s_, begin);
  if ((c == ',' || c == '.' || c == '/' || c == ':') && begin >= 2 && is_digit(s_[begin - 2]))
    return false;
  return !is_word(c) && c != '_' && c != '$' && c != '#';
}

std::size_t chain_reader::digits_in(std::size_t g, std::size_t last) const {
  std::size_t n = 0;
  for (std::size_t i = g; i <= last; ++i) n += size(i);
  return n;
}

std::size_t chain_reader::reach(std::size_t g, std::size_t digits) const {
  std::size_t n = size(g);
  std::size_t last = g;
  while (last + 1 < chain_.size() && n + size(last + 1) <= digits) n += size(++last);
  while (last > g && !ends_well(last)) --last;
  return last;
}

std::size_t chain_reader::other_meaning(std::size_t g) const {
  const auto month_or_day = [&](std::size_t i) { return number(i) >= 1 && number(i) <= 31; };
  const auto year = [&](std::size_t i) { return number(i) >= 1900 && number(i) <= 2099; };
  if (g + 2 < chain_.size() && same_separators(g, g + 2)) {
    const bool small_first = size(g) <= 2 && month_or_day(g);
    const bool small_middle = size(g + 1) <= 2 && month_or_day(g + 1);
    const bool small_last = size(g + 2) <= 2 && month_or_day(g + 2);
    if (size(g) == 4 && year(g) && small_middle && small_last) return 3;
    if (size(g + 2) == 4 && year(g + 2) && small_first && small_middle) return 3;
    if (shape(g, {3, 2, 4})) return 3;
  }
  if (shape(g, {4, 4}) && year(g) && year(g + 1)) return 2;
  return 0;
}

// "+" and a country code: as many groups as make a number that the country gives out;
// if none do, as far as E.164 allows, because people make up and mistype numbers too.
candidate chain_reader::international(std::size_t g) const {
  if (first(g) == '0') return {};
  const std::size_t last = reach(g, first(g) == '1' ? 11 : longest_e164);
  std::string digits;
  candidate valid;
  for (std::size_t i = g; i <= last; ++i) {
    digits.append(s_.substr(chain_[i].begin, chain_[i].size()));
    if (digits.size() >= 7 && ends_well(i) &&
        validity_of_international(digits) == phone_validity::valid)
      valid = {i, by_plan};
  }
  if (valid.score > 0) return valid;
  const bool known = validity_of_international(digits) != phone_validity::unknown_country;
  const std::size_t n = digits.size();
  if (n < 8 || n > longest_e164) return {};
  return {last, known ? unmistakable : by_context};
}

candidate chain_reader::north_american(std::size_t g) const {
  for (std::size_t code = 1; code <= 3; ++code)
    if (shape(g, {code, 3, 3, 4}) && same_separators(g + 1, g + 3)) return {g + 3, unmistakable};
  if (shape(g, {3, 3, 4})) return {g + 2, same_separators(g, g + 2) ? common : by_context};
  return {};
}

candidate chain_reader::bracketed(std::size_t g) const {
  if (!chain_[g].bracketed || size(g) < 2 || size(g) > 5) return {};
  if (size(g) == 4 && number(g) >= 1900 && number(g) <= 2099) return {};  // "(1999) 123-145"
  const std::size_t last = std::min(reach(g, 12), g + 4);
  return {last, last > g && digits_in(g, last) >= 7 ? unmistakable : 0};
}

// "0044 20 7123 4567", "001-415-555-0132".
candidate chain_reader::double_zero(std::size_t g) const {
  if (first(g) != '0' || size(g) < 2 || s_[chain_[g].begin + 1] != '0') return {};
  const bool country_follows =
      size(g) == 2 ? g + 1 < chain_.size() && first(g + 1) != '0' : s_[chain_[g].begin + 2] != '0';
  const std::size_t last = reach(g, longest_e164 + 2);
  const std::size_t n = digits_in(g, last);
  if (!country_follows || last - g > 6 || n < 11 || n > longest_e164 + 2) return {};
  for (std::size_t i = g + 1; i <= last; ++i)
    if (size(i) > 2) return {last, common};  // pairs alone are a dump of bytes
  return {last, last == g ? common : 0};
}

// "020 7123 4567", "06-10446904", "02.27.96.63.08", "0612345678".
candidate chain_reader::trunk_zero(std::size_t g) const {
  if (first(g) != '0' || size(g) < 2 || s_[chain_[g].begin + 1] == '0') return {};
  const std::size_t last = std::min(reach(g, 12), g + 5);
  const std::size_t n = digits_in(g, last);
  if (n < 9) return {};
  if (last == g) return {last, n == 10 || n == 11 ? by_context : 0};
  if (size(g) > 5) return {};
  for (std::size_t i = g + 1; i <= last; ++i) {
    if (size(i) < 2) return {};
    if (chain_[i].separator == '.' && (last < g + 2 || !same_separators(g, last))) return {};
  }
  return {last, common};
}

// China's mobile numbers are written without separators more often than not; Brazil's
// have a shape of their own.
candidate chain_reader::mobile_in_one(std::size_t g) const {
  if (size(g) == 11 && first(g) == '1' && s_[chain_[g].begin + 1] >= '3') return {g, by_context};
  if (shape(g, {2, 5, 4}) && first(g + 1) == '9') return {g + 2, common};
  return {};
}

// Anything of the right length where a word speaks of telephones.
candidate chain_reader::beside_a_word(std::size_t g) {
  const std::size_t last = std::min(reach(g, 12), g + 4);
  const std::size_t n = digits_in(g, last);
  if (n < (last == g ? 7U : 6U) || n > 13) return {};
  for (std::size_t i = g; i <= last; ++i)
    if (last > g && (size(i) < 2 || size(i) > 7)) return {};
  for (std::size_t i = g + 1; i <= last; ++i)
    if (chain_[i].separator == '.' && last < g + 2) return {};  // a decimal
  return {last,
          words_.near(topic::phone, chain_[g].begin, chain_[last].end, words_back, words_ahead)
              ? by_context
              : 0};
}

candidate chain_reader::read(std::size_t g, bool plus) {
  if (plus)
    if (const candidate c = international(g); c.score > 0) return c;
  // Unmistakable forms may touch letters ("is415-555-0132"); others may not.
  if (const candidate c = north_american(g); c.score > by_context) return c;
  if (!starts_well(g)) return {};
  for (const candidate& c : {bracketed(g), double_zero(g), north_american(g), trunk_zero(g),
                             mobile_in_one(g), beside_a_word(g)})
    if (c.score > 0 && ends_well(c.last)) return c;
  return {};
}

// "x123", " ext. 123": the digits of an extension belong to the number.
std::size_t with_extension(std::string_view s, std::size_t end) {
  std::size_t i = end;
  while (at(s, i) == ' ' && i < end + 2) ++i;
  if (to_lower(at(s, i)) == 'e' && to_lower(at(s, i + 1)) == 'x' && to_lower(at(s, i + 2)) == 't')
    i += 3;
  else if (to_lower(at(s, i)) == 'x')
    i += 1;
  else
    return end;
  while ((at(s, i) == '.' || at(s, i) == ' ' || at(s, i) == ':') && i < end + 8) ++i;
  std::size_t digits = i;
  while (is_digit(at(s, digits)) && digits < i + 7) ++digits;
  return digits > i && digits < i + 7 && !is_word(at(s, digits)) ? digits : end;
}

}  // namespace

void find_phones(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = next_digit_chain(s, 0); i < s.size(); i = next_digit_chain(s, i)) {
    const digit_chain chain = read_digit_chain(s, i);
    if (chain.empty()) {
      ++i;
      continue;
    }
    chain_reader reader(s, chain, t.words);
    i = chain.back().end;
    for (std::size_t g = 0; g < chain.size(); ++g) {
      if (const std::size_t groups = reader.other_meaning(g); groups > 0) {
        g += groups - 1;
        continue;
      }
      const std::size_t open = chain[g].begin - (chain[g].bracketed ? 1 : 0);
      const bool plus = g == 0 && before(s, open) == '+';
      const candidate found = reader.read(g, plus);
      if (found.score == 0) continue;
      const std::size_t end = with_extension(s, chain[found.last].end);
      out.push_back({kind::phone_number, open - (plus ? 1 : 0), end, found.score});
      g = found.last;
      i = std::max(i, end);
    }
  }
}

}  // namespace agon::pii

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "privacy/pii/digit_groups.hpp"
#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t shortest_card = 12;
constexpr std::size_t longest_card = 19;

// A range of first six digits, and the lengths that a network issues in it.
struct network {
  std::uint32_t first, last;
  std::size_t shortest, longest;
  double score;
};

constexpr network networks[] = {
    {100000, 199999, 15, 15, .9},   // UATP
    {180000, 180099, 15, 15, 1.0},  // JCB
    {213100, 213199, 15, 15, 1.0},  // JCB
    {220000, 220499, 16, 19, 1.0},  // Mir
    {222100, 272099, 16, 16, 1.0},  // Mastercard
    {300000, 305999, 14, 19, 1.0},  // Diners Club
    {309500, 309599, 14, 19, 1.0},  // Diners Club
    {340000, 349999, 15, 15, 1.0},  // American Express
    {352800, 358999, 16, 19, 1.0},  // JCB
    {360000, 369999, 14, 19, 1.0},  // Diners Club
    {370000, 379999, 15, 15, 1.0},  // American Express
    {380000, 399999, 14, 19, 1.0},  // Diners Club
    {400000, 499999, 13, 13, 1.0},  // Visa
    {400000, 499999, 16, 16, 1.0},  // Visa
    {400000, 499999, 19, 19, 1.0},  // Visa
    {500000, 509999, 12, 19, .9},   // Maestro, Elo, RuPay, Verve, Dankort
    {510000, 559999, 16, 16, 1.0},  // Mastercard
    {560000, 699999, 16, 19, 1.0},  // Maestro, Discover, UnionPay, RuPay, Hipercard
    {560000, 699999, 12, 15, .7},   // Maestro
    {810000, 829999, 16, 19, 1.0},  // UnionPay, RuPay
    {860000, 860099, 16, 16, 1.0},  // Uzcard
    {979200, 979299, 16, 16, 1.0},  // Troy
    {986000, 986099, 16, 16, 1.0},  // Humo
};

struct digits {
  std::array<std::uint8_t, longest_card> values{};
  std::size_t count = 0;
};

// ISO/IEC 7812-1, annex B.
bool card_luhn_holds(const digits& d) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < d.count; ++i) {
    unsigned v = d.values[d.count - 1 - i];
    if (i % 2 == 1) v = v * 2 > 9 ? v * 2 - 9 : v * 2;
    sum += v;
  }
  return sum % 10 == 0;
}

// 0 if no network issues such a number.
double network_score(const digits& d) {
  std::uint32_t prefix = 0;
  for (std::size_t i = 0; i < 6; ++i) prefix = prefix * 10 + d.values[i];
  double best = 0;
  for (const network& n : networks)
    if (prefix >= n.first && prefix <= n.last && d.count >= n.shortest && d.count <= n.longest)
      best = std::max(best, n.score);
  return best;
}

// The longest card that begins with group g; its score is 0 if there is none.
sighting card_at(std::string_view s, const digit_chain& chain, std::size_t g,
                 std::size_t& last_group) {
  sighting best{kind::credit_card, chain[g].begin, 0, 0};
  digits read;
  for (std::size_t i = g; i < chain.size() && read.count + chain[i].size() <= longest_card; ++i) {
    for (std::size_t b = chain[i].begin; b < chain[i].end; ++b)
      read.values[read.count++] = static_cast<std::uint8_t>(s[b] - '0');
    if (read.count < shortest_card || !card_luhn_holds(read)) continue;
    const double score = network_score(read);
    if (score == 0) continue;
    best.end = chain[i].end;
    best.score = score;
    last_group = i;
  }
  return best;
}

bool starts_a_card(char c) {
  return c >= '1' && c != '7';
}

// Short Maestro numbers are common by chance: inside a word they are something else.
bool is_part_of_a_word(std::string_view s, const sighting& card) {
  return card.score < .9 && (is_word(before(s, card.begin)) || is_word(at(s, card.end)));
}

// Decimals, alone ("0.4111…") or in rows of a table ("6.1 .466 1.4"), are no card: dots
// part either all groups or none.
bool is_decimals(const digit_chain& chain, std::size_t first, std::size_t last) {
  if (first == last) return first > 0 && chain[first].separator == '.';
  const auto begin = chain.begin() + static_cast<std::ptrdiff_t>(first) + 1;
  const auto end = chain.begin() + static_cast<std::ptrdiff_t>(last) + 1;
  const auto dots =
      std::count_if(begin, end, [](const digit_group& g) { return g.separator == '.'; });
  return dots != 0 && dots != end - begin;
}

}  // namespace

void find_cards(const scanned_text& t, sightings& out) {
  const std::string_view s = t.text;
  for (std::size_t i = next_digit_chain(s, 0); i < s.size(); i = next_digit_chain(s, i)) {
    const digit_chain chain = read_digit_chain(s, i);
    if (chain.empty()) {
      ++i;
      continue;
    }
    for (std::size_t g = 0; g < chain.size(); ++g) {
      std::size_t last = g;
      if (!starts_a_card(s[chain[g].begin])) continue;
      const sighting card = card_at(s, chain, g, last);
      if (card.score == 0 || is_decimals(chain, g, last) || is_part_of_a_word(s, card)) continue;
      out.push_back(card);
      g = last;
    }
    i = chain.back().end;
  }
}

}  // namespace agon::pii

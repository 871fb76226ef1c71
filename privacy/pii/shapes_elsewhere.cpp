// Identifiers of Africa and Oceania, and those that no country has for itself.
#include <string>

#include "privacy/pii/checksums.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/shapes.hpp"

namespace agon::pii {
namespace {

bool is_za_id(std::string_view s) {
  return has_yymmdd(s, 0) && luhn_holds(s);
}

bool is_abn(std::string_view s) {
  return s[0] != '0' && (weighted_sum(s, {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19}) - 10) % 89 == 0;
}

bool is_acn(std::string_view s) {
  return (10 - weighted_sum(s, {8, 7, 6, 5, 4, 3, 2, 1}) % 10) % 10 == digit_at(s, 8);
}

bool is_medicare(std::string_view s) {
  return weighted_sum(s, {1, 3, 7, 9, 1, 3, 7, 9}) % 10 == digit_at(s, 8);
}

bool is_tfn(std::string_view s) {
  return weighted_sum(s, {1, 4, 3, 7, 5, 8, 6, 9, 10}) % 11 == 0 && !is_one_digit(s);
}

bool is_ird(std::string_view s) {
  const std::string d = s.size() == 8 ? "0" + std::string(s) : std::string(s);
  const auto check = [](int sum) { return sum % 11 == 0 ? 0 : 11 - sum % 11; };
  int c = check(weighted_sum(d, {3, 2, 7, 6, 5, 4, 3, 2}));
  if (c == 10) c = check(weighted_sum(d, {7, 4, 3, 2, 5, 2, 7, 6}));
  return number_at(d, 0, 9) >= 10'000'000 && number_at(d, 0, 9) <= 150'000'000 &&
         c == digit_at(d, 8);
}

// ISO 3779 with North America's check digit in the ninth place. Other makers may put
// anything there, so it only makes surer.
int vin_value(char c) {
  constexpr std::string_view values = "12345678.12345.7.923456789";
  return is_digit(c) ? c - '0' : values[static_cast<std::size_t>(c - 'A')] - '0';
}

bool has_letters_and_digits(std::string_view s) {
  int letters = 0;
  for (const char c : s) letters += is_letter(c) ? 1 : 0;
  return letters >= 3 && letters <= 13;
}

bool is_checked_vin(std::string_view s) {
  constexpr int weights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  int sum = 0;
  for (std::size_t i = 0; i < s.size(); ++i) sum += vin_value(s[i]) * weights[i];
  return has_letters_and_digits(s) &&
         s[8] == (sum % 11 == 10 ? 'X' : static_cast<char>('0' + sum % 11));
}

bool is_nin(std::string_view s) {
  return verhoeff_holds(s) && !is_one_digit(s);
}

}  // namespace

const std::vector<shape>& shapes_of_elsewhere() {
  static const std::vector<shape> table = {
      {kind::ng_nin, "9{11}", .2, topic::identity, .9, is_nin},
      {kind::ng_vehicle_registration, "A{3}[ -]?9{3}A{2}", .35, topic::plate, .95},
      {kind::za_id_number, "9{10}[012][89]9", .6, topic::identity, .98, is_za_id},
      {kind::au_abn, "99~999=999=999", .35, topic::tax, .95, is_abn},
      {kind::au_acn, "999~999=999", .1, topic::tax, .9, is_acn},
      {kind::au_medicare, "[2-6]999~9{5}=9", .25, topic::health, .95, is_medicare},
      {kind::au_tfn, "999~999=999", .15, topic::tax, .95, is_tfn},
      {kind::nz_ird, "9{2,3}~999=999", .15, topic::tax, .9, is_ird},
      {kind::vin, "[A-HJ-NPR-Z0-9]{17}", .8, topic::plate, .98, is_checked_vin},
      {kind::vin, "[A-HJ-NPR-Z0-9]{13}9{4}", .3, topic::plate, .9, has_letters_and_digits},
  };
  return table;
}

}  // namespace agon::pii

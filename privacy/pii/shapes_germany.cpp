// Identifiers of Germany, Austria and Switzerland.
#include <algorithm>
#include <string>

#include "privacy/pii/checksums.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/shapes.hpp"

namespace agon::pii {
namespace {

// The sum of the digits of each product.
int cross_summed(std::string_view digits, std::initializer_list<int> weights) {
  int sum = 0;
  std::size_t i = 0;
  for (const int w : weights) {
    const int product = w * digit_at(digits, i++);
    sum += product / 10 + product % 10;
  }
  return sum;
}

// A letter as its place in the alphabet, of two digits.
std::string with_letter_as_number(std::string_view s, std::size_t letter) {
  const int place = s[letter] - 'A' + 1;
  return std::string(s.substr(0, letter)) + static_cast<char>('0' + place / 10) +
         static_cast<char>('0' + place % 10) + std::string(s.substr(letter + 1));
}

// Krankenversichertennummer, § 290 SGB V.
bool is_health_insurance(std::string_view s) {
  const std::string d = with_letter_as_number(s, 0);
  return cross_summed(d, {1, 2, 1, 2, 1, 2, 1, 2, 1, 2}) % 10 == digit_at(d, 10);
}

// Versicherungsnummer der Rentenversicherung, VKVV § 4.
bool is_social_security(std::string_view s) {
  const int month = number_at(s, 4, 2);
  const int day = number_at(s, 2, 2);
  if (month < 1 || month > 12 || day < 1 || day > 81) return false;
  const std::string d = with_letter_as_number(s, 8);
  return cross_summed(d, {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1}) % 10 == digit_at(d, 12);
}

bool is_lanr(std::string_view s) {
  const int check = (10 - weighted_sum(s, {4, 9, 4, 9, 4, 9}) % 10) % 10;
  return check == digit_at(s, 6) && number_at(s, 7, 2) > 0;
}

bool is_bsnr(std::string_view s) {
  const int region = number_at(s, 0, 2);
  return region >= 1 && region <= 98 && number_at(s, 2, 7) != 0;
}

// Steuerliche Identifikationsnummer: ISO 7064, no digit more than three times in the
// first ten.
bool is_tax_id(std::string_view s) {
  if (s[0] == '0' || !iso7064_mod11_10_holds(s)) return false;
  for (char c = '0'; c <= '9'; ++c)
    if (std::count(s.begin(), s.begin() + 10, c) > 3) return false;
  return true;
}

bool is_vat_id(std::string_view s) {
  return s[2] != '0' && iso7064_mod11_10_holds(s.substr(2));
}

bool ends_in_icao_check(std::string_view s) {
  return icao_check_digit(s.substr(0, s.size() - 1)) == digit_at(s, s.size() - 1);
}

bool is_postcode(std::string_view s) {
  const int v = number_at(s, 0, 5);
  return v >= 1001 && v <= 99998;
}

bool is_at_svnr(std::string_view s) {
  const int check = weighted_sum(s, {3, 7, 9, 0, 5, 8, 4, 2, 1, 6}) % 11;
  return s[0] != '0' && check == digit_at(s, 3) && number_at(s, 6, 2) >= 1 &&
         number_at(s, 6, 2) <= 13;
}

// GTIN's check digit (EAN-13).
bool is_ahv(std::string_view s) {
  return (10 - weighted_sum(s, {1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3}) % 10) % 10 == digit_at(s, 12);
}

}  // namespace

const std::vector<shape>& shapes_of_germany() {
  static const std::vector<shape> table = {
      {kind::de_health_insurance, "A9{9}", .45, topic::health, .95, is_health_insurance},
      {kind::de_social_security, "99~9{6}~A~999", .85, topic::ssn, .98, is_social_security},
      {kind::de_lanr, "9{9}", .1, topic::health, .85, is_lanr},
      {kind::de_bsnr, "9{9}", .05, topic::health, .6, is_bsnr},
      {kind::de_tax_id, "99~999~999~999", .3, topic::tax, .95, is_tax_id},
      {kind::de_tax_number, "0[1-9]9{11}", .05, topic::tax, .7},
      {kind::de_tax_number, "1[0-6]9{11}", .05, topic::tax, .7},
      {kind::de_tax_number, "9{2,3}/9{3,4}/9{4,5}", .35, topic::tax, .9},
      {kind::de_vat_id, "DE~999~999~999", .7, topic::tax, .95, is_vat_id},
      {kind::de_vat_id, "DE~999~999~999", .3, topic::tax, .7},
      {kind::de_passport, "[CFGHJKL][0-9CFGHJKLMNPRTVWXYZ]{7}9", .3, topic::passport, .95,
       ends_in_icao_check},
      {kind::de_id_card, "[A-Z][0-9CFGHJKLMNPRTVWXYZ]{8}9", .3, topic::identity, .95,
       ends_in_icao_check},
      {kind::de_fuehrerschein, "[A-Z]{2}9{8}X", .3, topic::licence, .9},
      {kind::de_handelsregister, "HR[AB] ?9{1,6}", .35, topic::company, .6},
      {kind::de_kfz, "A{1,3}[ -][A-Z]{1,2}[ -]9{1,4}[EH]?", .2, topic::plate, .9},
      {kind::de_plz, "9{5}", .05, topic::postcode, .3, is_postcode},
      {kind::at_svnr, "9999~9{6}", .25, topic::ssn, .95, is_at_svnr},
      {kind::ch_ahv, "756.9999.9999.99", .95, topic::ssn, .98, is_ahv},
      {kind::ch_ahv, "7569{10}", .5, topic::ssn, .95, is_ahv},
  };
  return table;
}

}  // namespace agon::pii

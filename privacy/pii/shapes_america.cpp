// Identifiers of the Americas.
#include <algorithm>
#include <string>

#include "privacy/pii/checksums.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/shapes.hpp"

namespace agon::pii {
namespace {

// Social Security Administration: what was never issued, and the one on a wallet card.
bool is_ssn(std::string_view s) {
  const int area = number_at(s, 0, 3);
  return area != 0 && area != 666 && area < 900 && number_at(s, 3, 2) != 0 &&
         number_at(s, 5, 4) != 0 && s != "078051120" && s != "123456789" && s != "219099999" &&
         !is_one_digit(s);
}

bool is_itin(std::string_view s) {
  const int group = number_at(s, 3, 2);
  return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
         (group >= 90 && group <= 92) || group >= 94;
}

bool is_aba(std::string_view s) {
  return weighted_sum(s, {3, 7, 1, 3, 7, 1, 3, 7, 1}) % 10 == 0 && !is_one_digit(s);
}

// National Provider Identifier: Luhn with the prefix 80840.
bool is_npi(std::string_view s) {
  return luhn_holds("80840" + std::string(s)) && !is_one_digit(s.substr(0, 9));
}

// DEA registration: two letters or a letter and a digit, then six digits and a check.
bool is_dea(std::string_view s) {
  const std::string_view d = s.substr(s.size() - 7);
  const int odd = digit_at(d, 0) + digit_at(d, 2) + digit_at(d, 4);
  const int even = digit_at(d, 1) + digit_at(d, 3) + digit_at(d, 5);
  return (odd + 2 * even) % 10 == digit_at(d, 6);
}

bool is_sin(std::string_view s) {
  return luhn_holds(s) && !is_one_digit(s);
}

bool is_cpf(std::string_view s) {
  const auto check = [&](std::size_t n) {
    int sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += digit_at(s, i) * static_cast<int>(n + 1 - i);
    return sum * 10 % 11 % 10;
  };
  return !is_one_digit(s) && check(9) == digit_at(s, 9) && check(10) == digit_at(s, 10);
}

bool is_cnpj(std::string_view s) {
  const auto check = [](int sum) { return sum % 11 < 2 ? 0 : 11 - sum % 11; };
  return !is_one_digit(s) &&
         check(weighted_sum(s, {5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2})) == digit_at(s, 12) &&
         check(weighted_sum(s, {6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2})) == digit_at(s, 13);
}

bool is_cuit(std::string_view s) {
  const int r = 11 - weighted_sum(s, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  const int type = number_at(s, 0, 2);
  return (type == 20 || (type >= 23 && type <= 27) || type == 30 || type == 33 || type == 34) &&
         (r == 11 ? 0 : r) == digit_at(s, 10);
}

bool is_rut(std::string_view s) {
  int sum = 0;
  for (std::size_t i = 0; i + 1 < s.size(); ++i) {
    if (!is_digit(s[i])) return false;
    sum += digit_at(s, s.size() - 2 - i) * static_cast<int>(2 + i % 6);
  }
  const int r = 11 - sum % 11;
  return s.back() == (r == 11 ? '0' : r == 10 ? 'K' : static_cast<char>('0' + r));
}

bool is_nit(std::string_view s) {
  const int r = weighted_sum(s, {41, 37, 29, 23, 19, 17, 13, 7, 3}) % 11;
  return (r < 2 ? r : 11 - r) == digit_at(s, 9);
}

bool is_ec_cedula(std::string_view s) {
  const int province = number_at(s, 0, 2);
  return ((province >= 1 && province <= 24) || province == 30) && s[2] < '6' && luhn_holds(s);
}

bool is_uy_ci(std::string_view s) {
  return (10 - weighted_sum(s, {2, 9, 8, 7, 6, 3, 4}) % 10) % 10 == digit_at(s, 7);
}

bool has_birth_day(std::string_view s) {
  return has_yymmdd(s, 4);
}

bool is_curp(std::string_view s) {
  return has_birth_day(s) && (s[10] == 'H' || s[10] == 'M' || s[10] == 'X');
}

}  // namespace

const std::vector<shape>& shapes_of_america() {
  static const std::vector<shape> table = {
      {kind::us_ssn, "999-99-9999", .6, topic::ssn, .95, is_ssn},
      {kind::us_ssn, "999+99=9999", .5, topic::ssn, .95, is_ssn},
      {kind::us_ssn, "999999999", .1, topic::ssn, .85, is_ssn},
      {kind::us_ssn, "999-?99-?9999", .1, topic::ssn, .85, is_ssn},
      {kind::us_itin, "9[0-9][0-9]-?[5-9]9-?9999", .3, topic::tax, .85, is_itin},
      {kind::us_itin, "999-99-9999", .5, topic::tax, .9,
       [](std::string_view s) { return s[0] == '9' && is_itin(s); }},
      {kind::us_passport, "9{9}", .05, topic::passport, .6},
      {kind::us_passport, "A9{8}", .1, topic::passport, .7},
      {kind::us_driver_license, "A9{3,14}", .1, topic::licence, .7},
      {kind::us_driver_license, "AA9{3,7}A?", .1, topic::licence, .65},
      {kind::us_driver_license, "9{6,14}", .01, topic::licence, .65},
      {kind::us_driver_license, "A9{3}-?9{4}-?9{4}", .1, topic::licence, .7},
      {kind::us_bank_number, "9{8,17}", .05, topic::bank, .45},
      {kind::us_mbi,
       "[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]9-[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]9-"
       "[AC-HJKMNP-RT-Y]{2}99",
       .6, topic::health, .95},
      {kind::us_mbi,
       "[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]9[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]9"
       "[AC-HJKMNP-RT-Y]{2}99",
       .35, topic::health, .9},
      {kind::us_npi, "[12]999~999=999", .3, topic::health, .9, is_npi},
      {kind::aba_routing_number, "[0123678]999-?9999-?9", .2, topic::bank, .9, is_aba},
      {kind::medical_license, "[ABCDEFGHJKLMPRSTUX][A-Z9]9{7}", .45, topic::health, .95, is_dea},
      {kind::ca_sin, "[1-79]99+999=999", .35, topic::ssn, .95, is_sin},
      {kind::ca_sin, "[1-79]9{8}", .1, topic::ssn, .85, is_sin},
      {kind::mx_curp, "A{4}9{6}[HMX]A{5}X9", .9, topic::identity, .95, is_curp},
      {kind::mx_rfc, "A{4}9{6}X{3}", .5, topic::tax, .9, has_birth_day},
      {kind::br_cpf, "999.999.999-99", .95, topic::identity, .98, is_cpf},
      {kind::br_cpf, "9{11}", .3, topic::identity, .95, is_cpf},
      {kind::br_cnpj, "99.999.999/9999-99", .9, topic::tax, .95, is_cnpj},
      {kind::br_cnpj, "9{14}", .3, topic::tax, .9, is_cnpj},
      {kind::ar_cuit, "99-9{8}-9", .7, topic::identity, .95, is_cuit},
      {kind::ar_cuit, "9{11}", .2, topic::identity, .85, is_cuit},
      {kind::cl_rut, "9{1,2}.999.999-[0-9K]", .9, topic::identity, .95, is_rut},
      {kind::cl_rut, "9{7,8}-[0-9K]", .4, topic::identity, .9, is_rut},
      {kind::co_nit, "999.?999.?999-9", .45, topic::tax, .9, is_nit},
      {kind::ec_cedula, "9{9}-?9", .2, topic::identity, .8, is_ec_cedula},
      {kind::uy_ci, "9.999.999-9", .8, topic::identity, .95, is_uy_ci},
      {kind::uy_ci, "9{7}-?9", .15, topic::identity, .8, is_uy_ci},
  };
  return table;
}

}  // namespace agon::pii

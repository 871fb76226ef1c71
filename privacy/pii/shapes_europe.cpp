// Identifiers of the rest of Europe.
#include <algorithm>
#include <array>
#include <string>

#include "privacy/pii/checksums.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/shapes.hpp"

namespace agon::pii {
namespace {

bool is_nhs(std::string_view s) {
  const int r = 11 - weighted_sum(s, {10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return (r == 11 ? 0 : r) == digit_at(s, 9) && !is_one_digit(s);
}

// HMRC, NIM39110.
bool is_nino(std::string_view s) {
  const std::string_view prefix = s.substr(0, 2);
  for (const std::string_view never : {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})
    if (prefix == never) return false;
  return true;
}

bool is_uk_licence(std::string_view s) {
  const int month = number_at(s, 6, 2) % 50;
  return is_date(0, month, number_at(s, 8, 2));
}

bool is_uk_plate(std::string_view s) {
  const int year = number_at(s, 2, 2);
  return (year >= 2 && year <= 29) || (year >= 51 && year <= 79);
}

bool is_pps(std::string_view s) {
  int sum = weighted_sum(s, {8, 7, 6, 5, 4, 3, 2});
  if (s.size() == 9 && s[8] != 'W') sum += 9 * (s[8] - 'A' + 1);
  return s[7] == (sum % 23 == 0 ? 'W' : static_cast<char>('A' + sum % 23 - 1));
}

// INSEE: Corsica's 2A and 2B count as 19 and 18.
bool is_nir(std::string_view s) {
  std::string d(s);
  if (d[6] == 'A' || d[6] == 'B') {
    d[5] = '1';
    d[6] = d[6] == 'A' ? '9' : '8';
  }
  const int month = number_at(d, 3, 2);
  if (month < 1 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
  long long number = 0;
  for (std::size_t i = 0; i < 13; ++i) number = number * 10 + digit_at(d, i);
  return 97 - number % 97 == number_at(d, 13, 2);
}

bool is_be_national(std::string_view s) {
  const int check = number_at(s, 9, 2);
  const long long number = std::stoll(std::string(s.substr(0, 9)));
  return number_at(s, 2, 2) <= 12 && number_at(s, 4, 2) <= 31 &&
         (97 - number % 97 == check || 97 - (2'000'000'000 + number) % 97 == check);
}

bool is_bsn(std::string_view s) {
  return weighted_sum(s, {9, 8, 7, 6, 5, 4, 3, 2, -1}) % 11 == 0 && !is_one_digit(s);
}

constexpr std::string_view spanish_letters = "TRWAGMYFPDXBNJZSQVHLCKE";

bool is_nif(std::string_view s) {
  const int number = number_at(s, 0, s.size() - 1);
  return spanish_letters[static_cast<std::size_t>(number % 23)] == s.back();
}

bool is_nie(std::string_view s) {
  const int number = (s[0] - 'X') * 10'000'000 + number_at(s, 1, 7);
  return spanish_letters[static_cast<std::size_t>(number % 23)] == s.back();
}

bool is_fiscal_code(std::string_view s) {
  constexpr std::array<int, 26> odd = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                       20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (std::size_t i = 0; i < 15; ++i) {
    const int v = is_digit(s[i]) ? s[i] - '0' : s[i] - 'A';
    sum += i % 2 == 0 ? odd[static_cast<std::size_t>(v)] : v;
  }
  return s[15] == static_cast<char>('A' + sum % 26);
}

bool is_it_vat(std::string_view s) {
  return luhn_holds(s) && number_at(s, 0, 7) != 0;
}

bool is_pt_nif(std::string_view s) {
  const int r = 11 - weighted_sum(s, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return (r >= 10 ? 0 : r) == digit_at(s, 8) && s[0] != '0' && s[0] != '4';
}

bool is_amka(std::string_view s) {
  return has_ddmmyy(s, 0) && luhn_holds(s);
}

// The check was given up in 2007: the date must do.
bool is_cpr(std::string_view s) {
  return has_ddmmyy(s, 0);
}
bool is_old_cpr(std::string_view s) {
  return has_ddmmyy(s, 0) && weighted_sum(s, {4, 3, 2, 7, 6, 5, 4, 3, 2, 1}) % 11 == 0;
}

bool is_hetu(std::string_view s) {
  // The sign may be a letter, which stays, or a hyphen or plus, which does not.
  const std::size_t behind = s.size() == 11 ? 7 : 6;
  const int number = number_at(s, 0, 6) * 1000 + number_at(s, behind, 3);
  constexpr std::string_view letters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
  return has_ddmmyy(s, 0) && letters[static_cast<std::size_t>(number % 31)] == s.back();
}

bool is_kennitala(std::string_view s) {
  const int check = (11 - weighted_sum(s, {3, 2, 7, 6, 5, 4, 3, 2}) % 11) % 11;
  const int day = number_at(s, 0, 2) % 40;
  return is_date(number_at(s, 4, 2), number_at(s, 2, 2), day) && check == digit_at(s, 8) &&
         (s[9] == '0' || s[9] >= '8');
}

bool is_fodselsnummer(std::string_view s) {
  const int first = 11 - weighted_sum(s, {3, 7, 6, 1, 8, 9, 4, 5, 2}) % 11;
  const int second = 11 - weighted_sum(s, {5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  const int day = number_at(s, 0, 2) % 40;
  const int month = number_at(s, 2, 2) % 40;
  return is_date(number_at(s, 4, 2), month, day) && first % 11 == digit_at(s, 9) &&
         second % 11 == digit_at(s, 10);
}

bool is_personnummer(std::string_view s) {
  const std::string_view ten = s.substr(s.size() - 10);
  const int day = number_at(ten, 4, 2) % 60;  // coordination numbers add 60
  const int year = s.size() == 12 ? number_at(s, 0, 4) : number_at(ten, 0, 2);
  return is_date(year, number_at(ten, 2, 2), day) && luhn_holds(ten) &&
         (s.size() == 10 || (year >= 1800 && year <= 2099));
}

bool is_orgnummer(std::string_view s) {
  return s[2] >= '2' && luhn_holds(s);
}

bool is_isikukood(std::string_view s) {
  int check = weighted_sum(s, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1}) % 11;
  if (check == 10) check = weighted_sum(s, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3}) % 11 % 10;
  return s[0] >= '1' && s[0] <= '6' && has_yymmdd(s, 1) && check == digit_at(s, 10);
}

bool is_egn(std::string_view s) {
  const int month = number_at(s, 2, 2) % 20;
  return is_date(number_at(s, 0, 2), month, number_at(s, 4, 2)) &&
         weighted_sum(s, {2, 4, 8, 5, 10, 9, 7, 3, 6}) % 11 % 10 == digit_at(s, 9);
}

bool is_rodne_cislo(std::string_view s) {
  const int month = number_at(s, 2, 2) % 50 % 20;
  const long long number = std::stoll(std::string(s));
  return is_date(number_at(s, 0, 2), month, number_at(s, 4, 2)) && number % 11 == 0;
}

bool is_oib(std::string_view s) {
  return iso7064_mod11_10_holds(s);
}

bool is_jmbg(std::string_view s) {
  const int m = weighted_sum(s, {7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  const int check = m == 0 ? 0 : 11 - m;
  return is_date(0, number_at(s, 2, 2), number_at(s, 0, 2)) && (s[4] == '9' || s[4] == '0') &&
         check == digit_at(s, 12);
}

bool is_pesel(std::string_view s) {
  return is_date(number_at(s, 0, 2), number_at(s, 2, 2) % 20, number_at(s, 4, 2)) &&
         (10 - weighted_sum(s, {1, 3, 7, 9, 1, 3, 7, 9, 1, 3}) % 10) % 10 == digit_at(s, 10);
}

bool is_ro_cnp(std::string_view s) {
  const int r = weighted_sum(s, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
  return s[0] != '0' && has_yymmdd(s, 1) && number_at(s, 7, 2) <= 52 &&
         (r == 10 ? 1 : r) == digit_at(s, 12);
}

bool is_inn(std::string_view s) {
  return weighted_sum(s, {7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10 == digit_at(s, 10) &&
         weighted_sum(s, {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}) % 11 % 10 == digit_at(s, 11) &&
         !is_one_digit(s);
}

bool is_snils(std::string_view s) {
  const int r = weighted_sum(s, {9, 8, 7, 6, 5, 4, 3, 2, 1}) % 101 % 100;
  return r == number_at(s, 9, 2) && number_at(s, 0, 9) != 0;
}

bool is_rnokpp(std::string_view s) {
  const int sum = weighted_sum(s, {-1, 5, 7, 9, 4, 6, 10, 5, 7});
  return ((sum % 11) + 11) % 11 % 10 == digit_at(s, 9) && s[0] != '0';
}

}  // namespace

const std::vector<shape>& shapes_of_europe() {
  static const std::vector<shape> table = {
      {kind::uk_nhs, "999~999=9999", .25, topic::health, .95, is_nhs},
      {kind::uk_nino, "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?99 ?99 ?99 ?[A-D]", .6, topic::ssn, .98,
       is_nino},
      {kind::uk_passport, "AA9{7}", .1, topic::passport, .7},
      {kind::uk_postcode, "GIR ?0[A][A]", .3, topic::postcode, .4},
      {kind::uk_postcode, "[A-PR-UWYZ][A-HK-Y]?9[0-9A-HJKMNP-Y]? ?9[ABD-HJLNP-UW-Z]{2}", .3,
       topic::postcode, .4},
      {kind::uk_driving_licence, "[A-Z9]{5}9[0156]9[0-3]99[A-Z9]{2}XAA", .85, topic::licence, .95,
       is_uk_licence},
      {kind::uk_vehicle_registration, "[A-HJ-PR-Y]{2}99[ -]?[A-HJ-PR-Z]{3}", .35, topic::plate, .9,
       is_uk_plate},
      {kind::uk_vehicle_registration, "[A-HJ-NPR-TV-Y]9{1,3}[ -]?[A-HJ-PR-Z]{3}", .1, topic::plate,
       .7},
      {kind::uk_vehicle_registration, "A{3}[ -]?9{1,3}[A-HJ-NPR-TV-Y]", .1, topic::plate, .7},
      {kind::ie_pps, "9{7}[A-W][A-IW]?", .45, topic::identity, .95, is_pps},
      {kind::fr_nir, "[1-478]~99~99~9[0-9AB]~999~999~99", .9, topic::ssn, .98, is_nir},
      {kind::be_national_number, "99.99.99-999.99", .9, topic::identity, .98, is_be_national},
      {kind::be_national_number, "9{11}", .3, topic::identity, .95, is_be_national},
      {kind::nl_bsn, "9{4}.?99.?999", .2, topic::identity, .95, is_bsn},
      {kind::es_nif, "9{7,8}-?A", .6, topic::identity, .98, is_nif},
      {kind::es_nie, "[XYZ]9{7}-?A", .85, topic::identity, .98, is_nie},
      {kind::es_passport, "A{3}9{6}", .1, topic::passport, .7},
      {kind::it_fiscal_code, "A{6}9[0-9LMNP-V][ABCDEHLMPRST][0-9LMNP-V]{2}A[0-9LMNP-V]{3}A", .95,
       topic::identity, .98, is_fiscal_code},
      {kind::it_fiscal_code, "A{6}9{2}[ABCDEHLMPRST]9{2}A9{3}A", .5, topic::identity, .8},
      {kind::it_driver_license, "AA9{7}A", .15, topic::licence, .8},
      {kind::it_driver_license, "U1[BCDFGHLJKMNPRSTUWYXZ0-9]{7}A", .3, topic::licence, .9},
      {kind::it_identity_card, "AA ?9{7}", .05, topic::identity, .5},
      {kind::it_identity_card, "9{7}AA", .05, topic::identity, .5},
      {kind::it_identity_card, "AA9{5}AA", .05, topic::identity, .6},
      {kind::it_passport, "AA9{7}", .05, topic::passport, .65},
      {kind::it_vat_code, "9{8}[ _-]?9{3}", .2, topic::tax, .95, is_it_vat},
      {kind::pt_nif, "9{3} ?9{3} ?9{3}", .15, topic::tax, .9, is_pt_nif},
      {kind::gr_amka, "9{11}", .3, topic::identity, .95, is_amka},
      {kind::dk_cpr, "9{6}-9{4}", .3, topic::identity, .9, is_cpr},
      {kind::dk_cpr, "9{6}-?9{4}", .45, topic::identity, .95, is_old_cpr},
      {kind::fi_personal_identity_code, "9{6}[-+A-FU-Y]9{3}X", .9, topic::identity, .98, is_hetu,
       true},
      {kind::is_kennitala, "9{6}-?9{4}", .45, topic::identity, .95, is_kennitala},
      {kind::no_fodselsnummer, "9{6} ?9{5}", .6, topic::identity, .98, is_fodselsnummer},
      {kind::se_personnummer, "9{6}[-+]9{4}", .6, topic::identity, .98, is_personnummer},
      {kind::se_personnummer, "9{8}[-+]9{4}", .8, topic::identity, .98, is_personnummer},
      {kind::se_personnummer, "9{12}", .45, topic::identity, .95, is_personnummer, true},
      {kind::se_personnummer, "9{10}", .2, topic::identity, .95, is_personnummer},
      {kind::se_organisationsnummer, "9{6}-9{4}", .35, topic::company, .9, is_orgnummer},
      {kind::se_organisationsnummer, "9{10}", .1, topic::company, .8, is_orgnummer},
      {kind::ee_isikukood, "9{11}", .35, topic::identity, .95, is_isikukood},
      {kind::bg_egn, "9{10}", .2, topic::identity, .95, is_egn},
      {kind::cz_rodne_cislo, "9{6}/9{4}", .85, topic::identity, .98, is_rodne_cislo},
      {kind::cz_rodne_cislo, "9{10}", .15, topic::identity, .9, is_rodne_cislo},
      {kind::hr_oib, "9{11}", .2, topic::identity, .95, is_oib},
      {kind::jmbg, "9{13}", .45, topic::identity, .95, is_jmbg},
      {kind::pl_pesel, "9{11}", .45, topic::identity, .98, is_pesel},
      {kind::ro_cnp, "9{13}", .45, topic::identity, .98, is_ro_cnp},
      {kind::ru_inn, "9{12}", .35, topic::tax, .95, is_inn},
      {kind::ru_snils, "999-999-999[ -]99", .9, topic::identity, .98, is_snils},
      {kind::ru_snils, "9{11}", .2, topic::identity, .9, is_snils},
      {kind::ua_rnokpp, "9{10}", .1, topic::tax, .85, is_rnokpp},
  };
  return table;
}

}  // namespace agon::pii

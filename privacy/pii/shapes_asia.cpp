// Identifiers of Asia.
#include <algorithm>
#include <array>
#include <string>

#include "privacy/pii/checksums.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/shapes.hpp"

namespace agon::pii {
namespace {

// GB 11643-1999, ISO 7064 MOD 11-2.
bool is_cn_resident_id(std::string_view s) {
  const int r = weighted_sum(s, {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}) % 11;
  return is_date(number_at(s, 6, 4), number_at(s, 10, 2), number_at(s, 12, 2)) &&
         number_at(s, 6, 4) >= 1880 &&
         s[17] == std::string_view("10X98765432")[static_cast<std::size_t>(r)];
}

bool is_hk_id(std::string_view s) {
  int sum = s.size() == 9 ? (s[0] - 'A' + 10) * 9 : 36 * 9;
  const std::string_view rest = s.substr(s.size() - 8);
  sum += (rest[0] - 'A' + 10) * 8;
  for (std::size_t i = 1; i < 7; ++i) sum += digit_at(rest, i) * static_cast<int>(8 - i);
  const int r = (11 - sum % 11) % 11;
  return rest[7] == (r == 10 ? 'A' : static_cast<char>('0' + r));
}

bool is_nik(std::string_view s) {
  const int province = number_at(s, 0, 2);
  return province >= 11 && province <= 96 && number_at(s, 12, 4) != 0 &&
         is_date(number_at(s, 10, 2), number_at(s, 8, 2), number_at(s, 6, 2) % 40);
}

bool is_il_id(std::string_view s) {
  int sum = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const int v = digit_at(s, i) * (i % 2 == 0 ? 1 : 2);
    sum += v > 9 ? v - 9 : v;
  }
  return sum % 10 == 0 && number_at(s, 0, 9) != 0;
}

bool is_aadhaar(std::string_view s) {
  return verhoeff_holds(s) && !std::equal(s.begin(), s.begin() + 6, s.rbegin());
}

bool is_gstin(std::string_view s) {
  const int state = number_at(s, 0, 2);
  return state >= 1 && state <= 37;
}

bool is_my_number(std::string_view s) {
  const int r = weighted_sum(s, {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) % 11;
  return (r <= 1 ? 0 : 11 - r) == digit_at(s, 11) && !is_one_digit(s);
}

bool is_kr_brn(std::string_view s) {
  const int last = digit_at(s, 8) * 5;
  const int sum = weighted_sum(s, {1, 3, 7, 1, 3, 7, 1, 3}) + last + last / 10;
  return (10 - sum % 10) % 10 == digit_at(s, 9);
}

bool is_kr_licence(std::string_view s) {
  const int region = number_at(s, 0, 2);
  return region >= 11 && region <= 28;
}

bool is_kr_resident(std::string_view s) {
  return has_yymmdd(s, 0);
}
// Until October 2020 the last digit was a check digit.
bool is_old_rrn(std::string_view s) {
  const int r = 11 - weighted_sum(s, {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5}) % 11;
  return has_yymmdd(s, 0) && r % 10 == digit_at(s, 12);
}

bool is_iin(std::string_view s) {
  int check = weighted_sum(s, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) % 11;
  if (check == 10) check = weighted_sum(s, {3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2}) % 11;
  return has_yymmdd(s, 0) && s[6] >= '0' && s[6] <= '6' && check == digit_at(s, 11);
}

bool is_my_nric(std::string_view s) {
  const int place = number_at(s, 6, 2);
  return has_yymmdd(s, 0) && ((place >= 1 && place <= 16) || (place >= 21 && place <= 68) ||
                              (place >= 71 && place <= 99));
}

bool is_ph_tin(std::string_view s) {
  const int r = weighted_sum(s, {9, 8, 7, 6, 5, 4, 3, 2}) % 11;
  return r == digit_at(s, 8);
}

bool is_nric(std::string_view s) {
  int sum = weighted_sum(s.substr(1), {2, 7, 6, 5, 4, 3, 2});
  if (s[0] == 'T' || s[0] == 'G') sum += 4;
  if (s[0] == 'M') sum += 3;
  const auto r = static_cast<std::size_t>(sum % 11);
  if (s[0] == 'S' || s[0] == 'T') return s[8] == std::string_view("JZIHGFEDCBA")[r];
  if (s[0] == 'M') return s[8] == std::string_view("XWUTRQPNJLK")[10 - r];
  return s[8] == std::string_view("XWUTRQPNMLK")[r];
}

bool is_thai(std::string_view s) {
  const int r = (11 - weighted_sum(s, {13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2}) % 11) % 10;
  const int province = number_at(s, 1, 2);
  const bool known = (province >= 10 && province <= 27) || (province >= 30 && province <= 49) ||
                     (province >= 50 && province <= 58) || (province >= 60 && province <= 67) ||
                     (province >= 70 && province <= 77) || (province >= 80 && province <= 86) ||
                     (province >= 90 && province <= 96);
  return known && r == digit_at(s, 12);
}

bool is_tr_plate(std::string_view s) {
  const int province = number_at(s, 0, 2);
  return province >= 1 && province <= 81;
}

bool is_tckn(std::string_view s) {
  const int odd = weighted_sum(s, {1, 0, 1, 0, 1, 0, 1, 0, 1});
  const int even = weighted_sum(s, {0, 1, 0, 1, 0, 1, 0, 1});
  const int tenth = ((odd * 7 - even) % 10 + 10) % 10;
  return s[0] != '0' && tenth == digit_at(s, 9) &&
         (odd + even + digit_at(s, 9)) % 10 == digit_at(s, 10);
}

bool is_tw_id(std::string_view s) {
  constexpr std::string_view order = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
  const int place = static_cast<int>(order.find(s[0])) + 10;
  int sum = place / 10 + place % 10 * 9 + digit_at(s, 9);
  for (std::size_t i = 1; i < 9; ++i) sum += digit_at(s, i) * static_cast<int>(9 - i);
  return sum % 10 == 0;
}

}  // namespace

const std::vector<shape>& shapes_of_asia() {
  static const std::vector<shape> table = {
      {kind::cn_resident_id, "9{17}[0-9X]", .95, topic::identity, .98, is_cn_resident_id},
      {kind::hk_id, "A{1,2}9{6}[(]?[0-9A][)]?", .5, topic::identity, .95, is_hk_id},
      {kind::id_nik, "9{16}", .3, topic::identity, .9, is_nik},
      {kind::il_id, "9{9}", .1, topic::identity, .9, is_il_id},
      {kind::in_aadhaar, "[2-9]999[ :-]?9999[ :-]?9999", .45, topic::identity, .98, is_aadhaar},
      {kind::in_gstin, "99A{5}9{4}AXZX", .8, topic::tax, .95, is_gstin},
      {kind::in_pan, "A{3}[ABCFGHLJPT]A9{4}A", .5, topic::tax, .95},
      {kind::in_pan, "A{5}9{4}A", .3, topic::tax, .8},
      {kind::in_pan, "A9{4}A{5}", .01, topic::tax, .3},
      {kind::in_passport, "A[1-9]9{5}[1-9]", .1, topic::passport, .75},
      {kind::in_vehicle_registration, "A{2}9{1,2}A{1,3}9{4}", .4, topic::plate, .9},
      {kind::in_vehicle_registration, "A{1,3}9{4,5}", .05, topic::plate, .4},
      {kind::in_voter, "A{3}9{7}", .2, topic::identity, .8},
      {kind::jp_my_number, "9{4}~9{4}=9{4}", .25, topic::identity, .95, is_my_number},
      {kind::kr_brn, "999-99-9{5}", .6, topic::company, .95, is_kr_brn},
      {kind::kr_brn, "9{10}", .1, topic::company, .9, is_kr_brn},
      {kind::kr_driver_license, "99~99=9{6}=99", .2, topic::licence, .9, is_kr_licence},
      {kind::kr_frn, "9{6}-[5-8]9{6}", .6, topic::identity, .95, is_kr_resident},
      {kind::kr_frn, "9{6}[5-8]9{6}", .1, topic::identity, .9, is_kr_resident},
      {kind::kr_passport, "[MSRODG]9{3}A9{4}", .3, topic::passport, .9},
      {kind::kr_passport, "[MSRODG]9{8}", .05, topic::passport, .75},
      {kind::kr_rrn, "9{6}-[1-4]9{6}", .6, topic::identity, .95, is_kr_resident},
      {kind::kr_rrn, "9{6}[1-4]9{6}", .45, topic::identity, .95, is_old_rrn},
      {kind::kr_rrn, "9{6}[1-4]9{6}", .1, topic::identity, .9, is_kr_resident},
      {kind::kz_iin, "9{12}", .45, topic::identity, .95, is_iin},
      {kind::my_nric, "9{6}-99-9{4}", .6, topic::identity, .95, is_my_nric},
      {kind::my_nric, "9{12}", .1, topic::identity, .85, is_my_nric},
      {kind::ph_tin, "999-999-999-9{3,5}", .45, topic::tax, .95, is_ph_tin},
      {kind::ph_tin, "999-999-999", .3, topic::tax, .95, is_ph_tin},
      {kind::ph_tin, "9{9}", .05, topic::tax, .85, is_ph_tin},
      {kind::ph_tin, "9{12}", .05, topic::tax, .85, is_ph_tin},
      {kind::sg_nric_fin, "[STFGM]9{7}A", .8, topic::identity, .98, is_nric},
      {kind::sg_nric_fin, "A9{7}A", .2, topic::identity, .8},
      {kind::sg_uen, "9{8}A", .1, topic::company, .8},
      {kind::sg_uen, "[12][089]9{7}A", .2, topic::company, .9},
      {kind::sg_uen, "[RST]99[A-Z]{2}9{4}A", .35, topic::company, .9},
      {kind::th_tnin, "[1-8]~9{4}~9{5}~99~9", .35, topic::identity, .95, is_thai},
      {kind::tr_license_plate, "99 ?A{1,3} ?9{2,4}", .2, topic::plate, .95, is_tr_plate},
      {kind::tr_national_id, "9{11}", .45, topic::identity, .98, is_tckn},
      {kind::tw_id, "A[1289]9{8}", .6, topic::identity, .98, is_tw_id},
  };
  return table;
}

}  // namespace agon::pii

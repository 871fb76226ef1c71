#include "privacy/pii/checksums.hpp"

#include <algorithm>
#include <array>

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {

int number_at(std::string_view s, std::size_t begin, std::size_t count) {
  int v = 0;
  for (std::size_t i = begin; i < begin + count; ++i) v = v * 10 + digit_at(s, i);
  return v;
}

bool luhn_holds(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int v = digit_at(digits, digits.size() - 1 - i);
    if (i % 2 == 1) v = v * 2 > 9 ? v * 2 - 9 : v * 2;
    sum += v;
  }
  return sum % 10 == 0;
}

bool verhoeff_holds(std::string_view digits) {
  constexpr std::array<std::string_view, 10> product = {
      "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
      "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"};
  constexpr std::array<std::string_view, 8> permutation = {"0123456789", "1576283094", "5803796142",
                                                           "8916043527", "9453126870", "4286573901",
                                                           "2793806415", "7046913258"};
  std::size_t c = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto d = static_cast<std::size_t>(digit_at(digits, digits.size() - 1 - i));
    c = static_cast<std::size_t>(product[c][static_cast<std::size_t>(permutation[i % 8][d] - '0')] -
                                 '0');
  }
  return c == 0;
}

bool iso7064_mod11_10_holds(std::string_view digits) {
  int product = 10;
  for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
    int sum = (digit_at(digits, i) + product) % 10;
    if (sum == 0) sum = 10;
    product = sum * 2 % 11;
  }
  return (11 - product) % 10 == digit_at(digits, digits.size() - 1);
}

bool iso7064_mod97_10_holds(std::string_view s) {
  unsigned remainder = 0;
  for (const char c : s)
    remainder = is_digit(c) ? (remainder * 10 + static_cast<unsigned>(c - '0')) % 97
                            : (remainder * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
  return remainder == 1;
}

int weighted_sum(std::string_view s, std::initializer_list<int> weights) {
  int sum = 0;
  std::size_t i = 0;
  for (const int w : weights) sum += w * digit_at(s, i++);
  return sum;
}

bool is_date(int year, int month, int day) {
  constexpr std::array<int, 12> lengths = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > lengths[static_cast<std::size_t>(month - 1)])
    return false;
  const bool leap = year < 100 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
  return month != 2 || day != 29 || leap;
}

bool has_yymmdd(std::string_view s, std::size_t begin) {
  return is_date(number_at(s, begin, 2), number_at(s, begin + 2, 2), number_at(s, begin + 4, 2));
}

bool has_ddmmyy(std::string_view s, std::size_t begin) {
  return is_date(number_at(s, begin + 4, 2), number_at(s, begin + 2, 2), number_at(s, begin, 2));
}

bool is_one_digit(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [&](char c) { return c == s[0]; });
}

int icao_check_digit(std::string_view s) {
  constexpr std::array<int, 3> weights = {7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const int v = is_digit(s[i]) ? s[i] - '0' : is_upper(s[i]) ? s[i] - 'A' + 10 : 0;
    sum += v * weights[i % 3];
  }
  return sum % 10;
}

}  // namespace agon::pii

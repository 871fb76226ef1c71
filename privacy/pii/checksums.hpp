// Check digits of cards and national numbers. Each takes the letters and digits alone,
// in capitals, of the length that its form gives. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace agon::pii {

// The value of the digit at i.
inline int digit_at(std::string_view s, std::size_t i) {
  return s[i] - '0';
}

// The number that the digits [begin, begin + count) write.
[[nodiscard]] int number_at(std::string_view s, std::size_t begin, std::size_t count);

// ISO/IEC 7812-1, annex B.
[[nodiscard]] bool luhn_holds(std::string_view digits);

// Dihedral group of order ten (Verhoeff, 1969).
[[nodiscard]] bool verhoeff_holds(std::string_view digits);

// ISO 7064, MOD 11,10.
[[nodiscard]] bool iso7064_mod11_10_holds(std::string_view digits);

// ISO 7064, MOD 97-10, over letters (A = 10) and digits, remainder 1.
[[nodiscard]] bool iso7064_mod97_10_holds(std::string_view s);

// The sum of weights[i] * digit i, over the first weights.size() digits.
[[nodiscard]] int weighted_sum(std::string_view s, std::initializer_list<int> weights);

// A day that there was or will be, in the Gregorian calendar; a year of two digits is
// any year that ends so (29 February is then always allowed).
[[nodiscard]] bool is_date(int year, int month, int day);

// YYMMDD at `begin`.
[[nodiscard]] bool has_yymmdd(std::string_view s, std::size_t begin);
// DDMMYY at `begin`.
[[nodiscard]] bool has_ddmmyy(std::string_view s, std::size_t begin);

// All characters are the same.
[[nodiscard]] bool is_one_digit(std::string_view s);

// ICAO 9303: weights 7, 3, 1 over digits, letters (A = 10) and '<' (0).
[[nodiscard]] int icao_check_digit(std::string_view s);

}  // namespace agon::pii

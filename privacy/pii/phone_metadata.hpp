// The telephone numbering plans of all countries, and whether a number is one that they
// give out. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace agon::pii {

// One kind of number (fixed, mobile, toll-free…) in one country.
struct phone_plan {
  const char* calling_code;
  const char* national_prefix;  // "0", "8", "" where there is none
  std::uint32_t lengths;        // bit n: national numbers of n digits
  const char* pattern;          // of the national number, without the prefix
};
extern const phone_plan phone_plans[];
extern const std::size_t phone_plan_count;

enum class phone_validity { unknown_country, impossible, possible, valid };

// How good a number is whose digits begin with a calling code ("442079460958").
[[nodiscard]] phone_validity validity_of_international(std::string_view digits);

}  // namespace agon::pii

// Finds personal data of a fixed shape in text: e-mail addresses, telephone numbers,
// payment cards, IP addresses, IBANs.
//
// Each finder is a scanner written by hand that never goes back further than a
// constant, so the whole is linear in the length of the text, whatever it holds.
// They read a folded copy (folded_text.hpp) and so see through full-width and other
// compatibility characters, digits of any script, Unicode spaces and dashes, accents
// and invisible characters. They do not see through words ("at", "dot", "four one").
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace agon::pii {

// Named as Presidio names them, so that results can be compared.
enum class kind { email_address, phone_number, credit_card, ip_address, iban_code };
constexpr std::size_t kinds = 5;

// "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IP_ADDRESS", "IBAN_CODE".
[[nodiscard]] std::string_view name_of(kind k);

struct span {
  kind what = kind::email_address;
  std::size_t begin = 0, end = 0;                         // bytes of the text as given
  std::size_t first_code_point = 0, last_code_point = 0;  // the same, [first, last) code points
  // How sure: 1 a checksum or a whole address, .9 an unmistakable form, .7 a common
  // form, .5 a form that only the words around it make likely.
  double score = 0;

  friend bool operator==(const span&, const span&) = default;
};

// In the order of the text, without overlaps. Bytes that are not UTF-8 end whatever
// stands before them. Texts of 4 GiB and more are refused with std::length_error.
[[nodiscard]] std::vector<span> find(std::string_view utf8);

}  // namespace agon::pii

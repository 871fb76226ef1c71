// Finds personal data and secrets in text: what has a form (numbers, addresses, keys),
// and names of people, places and organisations.
//
// Each finder never goes back further than a constant, so the whole is linear in the
// length of the text, whatever it holds. They read a folded copy (folded_text.hpp) and
// so see through full-width and other compatibility characters, digits of any script,
// Unicode spaces and dashes, accents, look-alike letters and invisible characters.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "privacy/pii/kinds.hpp"

namespace agon::pii {

struct span {
  kind what = kind::email_address;
  std::size_t begin = 0, end = 0;                         // bytes of the text as given
  std::size_t first_code_point = 0, last_code_point = 0;  // the same, [first, last) code points
  // How sure: 1 a checksum or a whole address, .9 an unmistakable form, .7 a common
  // form, .5 a form that the words around it make likely, less: a guess.
  double score = 0;

  friend bool operator==(const span&, const span&) = default;
};

// What tells people: all kinds but those that are mostly public or mostly harmless alone
// (DATE_TIME, URL, ORGANIZATION, LOCATION, postcodes, company numbers). A place that goes on
// with a street address belongs to the address.
[[nodiscard]] const kind_set& personal_kinds();

struct options {
  // Only these finders run, and only their finds contend for a place.
  kind_set wanted = personal_kinds();
  double least_score = .4;
};

// In the order of the text, without overlaps. Bytes that are not UTF-8 end whatever
// stands before them. Texts of 4 GiB and more are refused with std::length_error.
// Safe to call from any thread.
[[nodiscard]] std::vector<span> find(std::string_view utf8, const options& how = {});

// True if the address, as written in a span of kind ip_address, is for private use or
// names no host on the internet (RFC 1918, 4193, loopback, link-local, documentation).
[[nodiscard]] bool is_private_address(std::string_view address);

}  // namespace agon::pii

// What keys and tokens of services look like. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace agon::pii {

// A form is a row of one-letter sets, each followed by {n} or {n,m}:
//   d digits   x [0-9a-f]   X [0-9A-F]   h hexadecimal in either case   U [A-Z0-9]   l [a-z]
//   a [a-z0-9]   A [A-Za-z0-9]   w [A-Za-z0-9_-]   u [A-Za-z0-9_=.-]   b [A-Za-z0-9+/=]
// and of signs (-._:~|+/=) that stand for themselves; a letter behind "'" does too.
// Reading is greedy and never goes back.

// Begins with its prefix, letter by letter, where no word goes on.
struct token_shape {
  const char* service;
  const char* prefix;
  const char* form;      // of what follows the prefix
  double entropy = 2.5;  // bits a character that the part behind the prefix must have
};
[[nodiscard]] std::span<const token_shape> token_shapes();

// Follows the name of its service and a sign of assignment: `adobe_key = "…"`.
struct assigned_shape {
  const char* service;  // as written, in any case
  const char* form;
  double entropy = 2.5;
};
[[nodiscard]] std::span<const assigned_shape> assigned_shapes();

// Where the form's match at `begin` ends; `begin` if there is none.
[[nodiscard]] std::size_t secret_form_end(std::string_view form, std::string_view s,
                                          std::size_t begin);

// Shannon's entropy in bits a character.
[[nodiscard]] double entropy_of(std::string_view s);

// The set that a letter of a form stands for, for those that make examples; empty for a
// sign.
[[nodiscard]] std::string_view characters_of(char set);

}  // namespace agon::pii

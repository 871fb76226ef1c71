// "<EMAIL_ADDRESS_1>": what redact() writes. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "privacy/pii/kinds.hpp"

namespace agon::pii {

[[nodiscard]] std::string placeholder(kind k, std::size_t number);

// Where the placeholder ends that begins at `begin`; `begin` if there is none. Only known
// kinds and up to six digits count, so that little can be hidden in one.
[[nodiscard]] std::size_t placeholder_end(std::string_view s, std::size_t begin);

// Makes placeholders unreadable for finders.
void blot_placeholders(std::string& folded);

}  // namespace agon::pii

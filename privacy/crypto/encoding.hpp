// Bytes as text: lower-case hexadecimal and unpadded base64url (RFC 4648, section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agon::crypto {

[[nodiscard]] std::string to_hex(std::string_view bytes);
// Nothing if the text has an odd length or holds anything but hexadecimal digits.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

[[nodiscard]] std::string to_base64url(std::string_view bytes);
// Nothing if the text is padded, of an impossible length, holds another character,
// or is not the one spelling of its bytes.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace agon::crypto

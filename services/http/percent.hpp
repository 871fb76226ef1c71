// Percent-encoding (RFC 3986), read strictly: what two parsers could read differently
// is refused, so that nobody behind us sees another path than the router saw.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agon::http {

// The path of a request target, decoded. Nothing if it does not start with '/', holds
// a broken escape, an encoded slash or NUL, a backslash, a control character, a "." or
// ".." segment, or invalid UTF-8. The view points into `raw` when there was nothing to
// decode and into `scratch` otherwise.
[[nodiscard]] std::optional<std::string_view> decode_path(std::string_view raw,
                                                          std::string& scratch);

// One name or value of a query, '+' read as a space. Nothing for a broken escape, NUL
// or invalid UTF-8.
[[nodiscard]] std::optional<std::string> decode_query(std::string_view raw);

// True if every name and value of the query can be decoded.
[[nodiscard]] bool valid_query(std::string_view raw);

// Well-formed UTF-8 by RFC 3629: no surrogates, no overlong forms, at most U+10FFFF.
[[nodiscard]] bool valid_utf8(std::string_view bytes);

}  // namespace agon::http

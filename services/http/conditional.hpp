// Validators and conditional requests (RFC 9110, section 13) and HTTP dates.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace agon::http {

// A strong, quoted ETag of the bytes.
[[nodiscard]] std::string etag_of(std::string_view bytes);
// Whether a list of entity tags, as in If-None-Match, names `etag` or is "*". Compares
// weakly, as RFC 9110 asks for If-None-Match.
[[nodiscard]] bool names_etag(std::string_view list, std::string_view etag);

// "Sun, 06 Nov 1994 08:49:37 GMT"
[[nodiscard]] std::string http_date(std::chrono::sys_seconds t);
// Nothing unless the text is of exactly that form.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace agon::http

// cached_json (response.hpp) for text of another type.
#pragma once

#include <string>
#include <string_view>

#include "services/http/response.hpp"

namespace agon::http {

// With an ETag made from its bytes, to be asked for again each time (no-cache); 304 if
// `if_none_match` names it.
[[nodiscard]] response cached(std::string text, std::string content_type,
                              std::string_view if_none_match);

}  // namespace agon::http

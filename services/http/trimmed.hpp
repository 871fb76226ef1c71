// White space as HTTP's fields know it.
#pragma once

#include <string_view>

namespace agon::http {

// Without the spaces and tabs around it (RFC 9110, OWS).
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace agon::http

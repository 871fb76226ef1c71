#include "services/files/error.hpp"

#include <stdexcept>

namespace agon::files {

std::string to_text(const file_error& e) {
  if (e.line == 0) return e.reason;
  return (e.row ? "row " : "line ") + std::to_string(e.line) + ": " + e.reason;
}

void throw_exception_from_error(const file_error& e, const boost::source_location&) {
  throw std::invalid_argument(to_text(e));
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::size_t length = std::min(text.size(), longest);
  // Not in the middle of a character.
  while (length < text.size() && length > 0 &&
         (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    --length;
  std::string out = "\"";
  for (const char c : text.substr(0, length)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  if (length < text.size()) out += "…";
  return out + '"';
}

}  // namespace agon::files

#include "services/feedback/text_rules.hpp"

#include <cstdint>

namespace agon::feedback {
namespace {

constexpr std::string_view white = " \t\n\r\f\v";

// Decodes the code point at `at` of valid UTF-8 and moves behind it.
std::uint32_t next_code_point(std::string_view s, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(s[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  std::uint32_t value = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length && at + i < s.size(); ++i)
    value = (value << 6U) | (static_cast<unsigned char>(s[at + i]) & 0x3fU);
  at += length;
  return value;
}

bool forbidden(std::uint32_t c) {
  const bool control = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f);
  const bool override_or_isolate = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  const bool noncharacter = (c & 0xfffeU) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
  return control || override_or_isolate || noncharacter;
}

}  // namespace

std::string tidy(std::string_view utf8) {
  const std::size_t first = utf8.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  const std::size_t last = utf8.find_last_not_of(white);
  std::string out;
  for (std::size_t i = first; i <= last; ++i) {
    if (utf8[i] == '\r') {
      if (i + 1 <= last && utf8[i + 1] == '\n') continue;
      out += '\n';
    } else {
      out += utf8[i];
    }
  }
  return out;
}

bool has_forbidden_characters(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();)
    if (forbidden(next_code_point(utf8, at))) return true;
  return false;
}

}  // namespace agon::feedback

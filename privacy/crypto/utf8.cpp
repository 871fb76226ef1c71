#include "privacy/crypto/utf8.hpp"

namespace agon::crypto {
namespace {

constexpr char32_t first_of_length[] = {0, 0, 0x80, 0x800, 0x10000};
constexpr char32_t last_code_point = 0x10ffff;

std::size_t length_from_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

}  // namespace

code_point decode_utf8(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return {};
  const auto lead = static_cast<unsigned char>(text[offset]);
  const std::size_t length = length_from_lead(lead);
  if (length == 1) return {lead, 1};
  if (length == 0 || text.size() - offset < length) return {};
  char32_t value = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[offset + i]);
    if ((next & 0xc0U) != 0x80) return {};
    value = (value << 6U) | (next & 0x3fU);
  }
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < first_of_length[length] || value > last_code_point || surrogate) return {};
  return {value, length};
}

bool is_valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const code_point c = decode_utf8(text, at);
    if (c.bytes == 0) return false;
    at += c.bytes;
  }
  return true;
}

}  // namespace agon::crypto

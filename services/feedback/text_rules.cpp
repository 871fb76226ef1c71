#include "services/feedback/text_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

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

bool control(std::uint32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f);
}

// What makes a reader see another text than a program does: bidirectional embeddings,
// overrides and isolates; tags, which spell ASCII invisibly.
bool disguising(std::uint32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
         (c >= 0xe0000 && c <= 0xe007f);
}

bool forbidden(std::uint32_t c) {
  const bool noncharacter = (c & 0xfffeU) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
  return control(c) || disguising(c) || noncharacter;
}

struct range {
  std::uint32_t first;
  std::uint32_t last;
};

// White space, and what Unicode calls default ignorable or draws as nothing.
constexpr range unseen[] = {
    {0x00, 0x20},       {0x7f, 0xa0},      {0xad, 0xad},     {0x34f, 0x34f},   {0x61c, 0x61c},
    {0x115f, 0x1160},   {0x1680, 0x1680},  {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x2000, 0x200f},
    {0x2028, 0x202f},   {0x205f, 0x206f},  {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
    {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},  {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

bool can_be_seen(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const std::uint32_t c = next_code_point(utf8, at);
    if (std::none_of(std::begin(unseen), std::end(unseen),
                     [c](range r) { return c >= r.first && c <= r.last; }))
      return true;
  }
  return false;
}

std::string without_disguise(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t start = at;
    if (!disguising(next_code_point(utf8, at))) out += utf8.substr(start, at - start);
  }
  return out;
}

}  // namespace

std::string tidy(std::string_view utf8) {
  const std::string kept = without_disguise(utf8);
  if (!can_be_seen(kept)) return {};
  const std::size_t first = kept.find_first_not_of(white);
  const std::size_t last = kept.find_last_not_of(white);
  std::string out;
  for (std::size_t i = first; i <= last; ++i) {
    if (kept[i] == '\r') {
      if (i + 1 <= last && kept[i + 1] == '\n') continue;
      out += '\n';
    } else {
      out += kept[i];
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

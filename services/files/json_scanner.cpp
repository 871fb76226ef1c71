#include "services/files/json_scanner.hpp"

#include <cstring>

namespace agon::files {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

const wanted_member* member_of(const wanted_member* wanted, std::string_view key) {
  if (wanted == nullptr) return nullptr;
  for (const wanted_member& m : wanted->members)
    if (m.key == key) return &m;
  return nullptr;
}

void put_utf8(char*& to, unsigned c) {
  const auto put = [&](unsigned byte) {
    *to++ = static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | (c >> 6U));
    put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
    put(0x80U | (c & 0x3FU));
  }
}

}  // namespace

bool json_scanner::line() {
  space();
  if (*at_ != '{') return refuse("is no JSON object");
  if (!object(&root_, 1)) return false;
  space();
  if (*at_ != '\n') return refuse("has text behind its JSON object");
  return true;
}

bool json_scanner::set(const wanted_member* wanted, cell c) {
  if (wanted == nullptr || wanted->slot == wanted_member::none) return true;
  cell& kept = cells_[wanted->slot];
  if (kept.kind != cell_kind::absent) return refuse("has " + shown(wanted->key) + " twice");
  kept = c;
  return true;
}

bool json_scanner::value(const wanted_member* wanted, int depth) {
  std::string_view read;
  switch (*at_) {
    case '"':
      return text(read) && set(wanted, {read, cell_kind::text});
    case '{':
      return object(wanted, depth) && set(wanted, {{}, cell_kind::nested});
    case '[':
      return array(depth) && set(wanted, {{}, cell_kind::nested});
    case 't':
      return literal("true") && set(wanted, {"true", cell_kind::boolean});
    case 'f':
      return literal("false") && set(wanted, {"false", cell_kind::boolean});
    case 'n':
      return literal("null");
    case '\n':
      return refuse("is cut off: its JSON object is not closed");
    default:
      return number(read) && set(wanted, {read, cell_kind::number});
  }
}

bool json_scanner::object(const wanted_member* wanted, int depth) {
  if (depth > deepest) return refuse("is nested too deeply");
  ++at_;
  space();
  if (*at_ == '}') {
    ++at_;
    return true;
  }
  for (;;) {
    std::string_view key;
    if (*at_ == '\n') return refuse("is cut off: its JSON object is not closed");
    if (*at_ != '"') return refuse("is no JSON: the name of a member is expected");
    if (!text(key)) return false;
    space();
    if (*at_ != ':') return refuse("is no JSON: a colon is expected");
    ++at_;
    space();
    if (!value(member_of(wanted, key), depth + 1)) return false;
    space();
    if (*at_ == '}') break;
    if (*at_ == '\n') return refuse("is cut off: its JSON object is not closed");
    if (*at_ != ',') return refuse("is no JSON: a comma is expected");
    ++at_;
    space();
  }
  ++at_;
  return true;
}

bool json_scanner::array(int depth) {
  if (depth > deepest) return refuse("is nested too deeply");
  ++at_;
  space();
  if (*at_ == ']') {
    ++at_;
    return true;
  }
  for (;;) {
    if (!value(nullptr, depth + 1)) return false;
    space();
    if (*at_ == ']') break;
    if (*at_ == '\n') return refuse("is cut off: its JSON object is not closed");
    if (*at_ != ',') return refuse("is no JSON: a comma is expected");
    ++at_;
    space();
  }
  ++at_;
  return true;
}

bool json_scanner::text(std::string_view& out) {
  char* const start = ++at_;
  const auto plain = [&] {
    while (*at_ != '"' && *at_ != '\\' && static_cast<unsigned char>(*at_) >= 0x20) ++at_;
  };
  plain();
  char* to = at_;
  while (*at_ == '\\') {
    if (!escaped(to)) return false;
    char* const from = at_;
    plain();
    const auto length = static_cast<std::size_t>(at_ - from);
    std::memmove(to, from, length);
    to += length;
  }
  if (*at_ == '\n') return refuse("is cut off: a text is not closed");
  if (*at_ != '"') return refuse("has a control character within a text");
  ++at_;
  out = {start, static_cast<std::size_t>(to - start)};
  return true;
}

bool json_scanner::escaped(char*& to) {
  static constexpr std::string_view marks = "\"\\/bfnrt";
  static constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  ++at_;
  if (*at_ == 'u') return unicode_escape(to);
  const std::size_t i = marks.find(*at_);
  if (i == std::string_view::npos) return refuse("has an unknown escape in a text");
  *to++ = meant[i];
  ++at_;
  return true;
}

bool json_scanner::hex4(unsigned& out) {
  out = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = *at_;
    unsigned digit = 0;
    if (is_digit(c))
      digit = static_cast<unsigned>(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = static_cast<unsigned>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
      digit = static_cast<unsigned>(c - 'A') + 10;
    else
      return refuse("has an unknown escape in a text");
    out = out * 16 + digit;
    ++at_;
  }
  return true;
}

bool json_scanner::unicode_escape(char*& to) {
  ++at_;
  unsigned c = 0;
  if (!hex4(c)) return false;
  if (c >= 0xD800 && c < 0xE000) {
    unsigned low = 0;
    const bool pair = c < 0xDC00 && at_[0] == '\\' && at_[1] == 'u';
    if (pair) at_ += 2;
    if (!pair || !hex4(low) || low < 0xDC00 || low >= 0xE000)
      return refuse("has half a character in a text: a surrogate without its other");
    c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
  }
  put_utf8(to, c);
  return true;
}

bool json_scanner::digits() {
  if (!is_digit(*at_)) return refuse("is no JSON: a value is expected");
  while (is_digit(*at_)) ++at_;
  return true;
}

bool json_scanner::number(std::string_view& out) {
  const char* const start = at_;
  if (*at_ == '-') ++at_;
  if (*at_ == '0')
    ++at_;
  else if (!digits())
    return false;
  if (*at_ == '.') {
    ++at_;
    if (!digits()) return false;
  }
  if (*at_ == 'e' || *at_ == 'E') {
    ++at_;
    if (*at_ == '+' || *at_ == '-') ++at_;
    if (!digits()) return false;
  }
  out = {start, static_cast<std::size_t>(at_ - start)};
  return true;
}

bool json_scanner::literal(std::string_view word) {
  for (const char c : word) {
    if (*at_ != c) return refuse("is no JSON: a value is expected");
    ++at_;
  }
  return true;
}

}  // namespace agon::files

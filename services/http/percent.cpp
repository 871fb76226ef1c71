#include "services/http/percent.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace agon::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte of the escape at `at`, or -1.
int escaped_byte(std::string_view raw, std::size_t at) {
  if (at + 2 >= raw.size()) return -1;
  const int high = hex_digit(raw[at + 1]);
  const int low = hex_digit(raw[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool has_dot_segment(std::string_view path) {
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t start = at + 1;
    at = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, at - start);
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

// Length of the UTF-8 sequence that starts here; 0 if it is malformed.
std::size_t sequence_length(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const std::uint32_t first = byte(at);
  const std::uint32_t second = byte(at + 1);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !tail(at + 1)) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) {
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return tail(at + 2) ? 3 : 0;
  }
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return tail(at + 2) && tail(at + 3) ? 4 : 0;
}

}  // namespace

bool valid_utf8(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence_length(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::optional<std::string_view> decode_path(std::string_view raw, std::string& scratch) {
  if (raw.empty() || raw.front() != '/') return std::nullopt;
  std::string_view path = raw;
  if (raw.find('%') != std::string_view::npos) {
    scratch.clear();
    for (std::size_t at = 0; at < raw.size(); ++at) {
      if (raw[at] != '%') {
        scratch.push_back(raw[at]);
        continue;
      }
      const int byte = escaped_byte(raw, at);
      if (byte < 0 || byte == '/') return std::nullopt;
      scratch.push_back(static_cast<char>(byte));
      at += 2;
    }
    path = scratch;
  }
  const bool clean =
      std::none_of(path.begin(), path.end(), [](char c) { return control(c) || c == '\\'; });
  if (!clean || has_dot_segment(path) || !valid_utf8(path)) return std::nullopt;
  return path;
}

std::optional<std::string> decode_query(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '%') {
      out.push_back(raw[at] == '+' ? ' ' : raw[at]);
      continue;
    }
    const int byte = escaped_byte(raw, at);
    if (byte <= 0) return std::nullopt;
    out.push_back(static_cast<char>(byte));
    at += 2;
  }
  if (!valid_utf8(out)) return std::nullopt;
  return out;
}

bool valid_query(std::string_view raw) {
  while (!raw.empty()) {
    const std::size_t end = std::min(raw.find_first_of("&="), raw.size());
    if (!decode_query(raw.substr(0, end))) return false;
    raw.remove_prefix(std::min(end + 1, raw.size()));
  }
  return true;
}

}  // namespace agon::http

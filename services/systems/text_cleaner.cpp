#include "services/systems/text_cleaner.hpp"

#include "privacy/crypto/utf8.hpp"

namespace agon::systems {
namespace {

bool is_dropped(char32_t c) {
  const bool control = (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c <= 0x9f);
  const bool direction = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  const bool noncharacter = (c & 0xfffeU) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
  return control || direction || noncharacter || c == 0xfeff;
}

// How many bytes the code point that begins with `lead` has; 0 if none begins so.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

}  // namespace

void text_cleaner::put(std::string_view code_point, std::string& out) {
  if (cut_off_ || code_point.size() > room_) {
    cut_off_ = true;
    return;
  }
  room_ -= code_point.size();
  out += code_point;
}

std::optional<std::string> text_cleaner::feed(std::string_view bytes) {
  if (broken_) return std::nullopt;
  rest_ += bytes;
  std::string out;
  std::size_t at = 0;
  while (at < rest_.size()) {
    const auto [c, size] = crypto::decode_utf8(rest_, at);
    if (size == 0) {
      const std::size_t wanted = length_of(static_cast<unsigned char>(rest_[at]));
      if (wanted > rest_.size() - at) break;  // the rest of it may come
      broken_ = true;
      return std::nullopt;
    }
    const bool line_feed_of_return = after_return_ && c == '\n';
    after_return_ = c == '\r';
    if (c == '\r') {
      put("\n", out);
    } else if (!line_feed_of_return && !is_dropped(c)) {
      put(std::string_view(rest_).substr(at, size), out);
    }
    at += size;
  }
  rest_.erase(0, at);
  return out;
}

std::optional<std::string> clean_text(std::string_view bytes, std::uint64_t largest_bytes) {
  text_cleaner cleaner(largest_bytes);
  auto out = cleaner.feed(bytes);
  if (!out || !cleaner.ended_whole()) return std::nullopt;
  return out;
}

}  // namespace agon::systems

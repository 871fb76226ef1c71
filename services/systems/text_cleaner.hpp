// Text of a system, made fit to be shown: piece by piece, as it streams in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace agon::systems {

// Takes bytes that may be cut anywhere, and gives whole code points. Line ends become \n;
// dropped are control characters but tab and line feed (and so terminal escapes lose their
// teeth), bidirectional overrides and isolates, noncharacters, and byte order marks.
// Markup stays as it is: text is shown as text, never as HTML.
class text_cleaner {
 public:
  explicit text_cleaner(std::uint64_t largest_bytes) : room_(largest_bytes) {}

  // What can be shown of the text so far and was not given before; nothing if the bytes are
  // not valid UTF-8, and then for ever. Text beyond the limit is dropped: see cut_off().
  [[nodiscard]] std::optional<std::string> feed(std::string_view bytes);
  // After the last piece: false if the text was broken or ended within a code point.
  [[nodiscard]] bool ended_whole() const { return !broken_ && rest_.empty(); }

  [[nodiscard]] bool cut_off() const { return cut_off_; }

 private:
  void put(std::string_view code_point, std::string& out);

  std::uint64_t room_;
  std::string rest_;  // the beginning of a code point, at most 3 bytes
  bool after_return_ = false;
  bool cut_off_ = false;
  bool broken_ = false;
};

// A whole text at once.
[[nodiscard]] std::optional<std::string> clean_text(std::string_view bytes,
                                                    std::uint64_t largest_bytes);

}  // namespace agon::systems

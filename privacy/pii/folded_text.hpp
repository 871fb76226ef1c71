// A copy of a text in which everything that looks or reads like ASCII is ASCII, with
// the way back to the original. Compatibility forms are taken from ICU (NFKD), code
// point by code point, because the finders need no composed letters.
//
//   １２３ → 123     ① → 1     ٣ → 3     é → e     – → -     NBSP → space     。→ .
//   invisible characters (zero width, soft hyphen, bidi controls) vanish
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace agon::pii {

// What stands for characters that have no ASCII form.
constexpr char letter_byte = '\x80';     // a letter of an alphabet
constexpr char ideograph_byte = '\x81';  // a letter of a script that writes no spaces
constexpr char other_byte = '\x82';      // anything else, and bytes that are not UTF-8

enum class invisible { vanish, break_words };

class folded_text {
 public:
  explicit folded_text(std::string_view utf8, invisible how = invisible::vanish);

  [[nodiscard]] std::string_view text() const { return plain_ ? original_ : folded_; }
  // True if there were invisible characters.
  [[nodiscard]] bool had_invisible() const { return had_invisible_; }
  // Where the character behind a folded byte begins and ends in the original.
  [[nodiscard]] std::size_t begin_of(std::size_t i) const { return plain_ ? i : begins_[i]; }
  [[nodiscard]] std::size_t end_of(std::size_t i) const { return plain_ ? i + 1 : ends_[i]; }

 private:
  void put(char c, std::size_t begin, std::size_t end);
  void put_code_point(char32_t c, std::size_t begin, std::size_t end, invisible how);
  void put_simple(char32_t c, std::size_t begin, std::size_t end);

  std::string_view original_;
  bool plain_ = true;  // all ASCII: the original serves as it is
  bool had_invisible_ = false;
  std::string folded_;
  std::vector<std::uint32_t> begins_, ends_;
};

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
inline bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
inline bool is_letter(char c) {
  return is_upper(c) || is_lower(c) || c == letter_byte;
}
inline bool is_word(char c) {
  return is_letter(c) || is_digit(c);
}
inline char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c + 32) : c;
}
inline char to_upper(char c) {
  return is_lower(c) ? static_cast<char>(c - 32) : c;
}
inline bool is_hex(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}

// The byte at i, or a new line where there is none.
inline char at(std::string_view s, std::size_t i) {
  return i < s.size() ? s[i] : '\n';
}
inline char before(std::string_view s, std::size_t i) {
  return i > 0 ? s[i - 1] : '\n';
}

}  // namespace agon::pii

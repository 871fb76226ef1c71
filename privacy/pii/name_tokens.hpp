// Text as the tagger of names reads it: words, numbers and signs, each with what can be
// said of it alone. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace agon::pii {

struct name_token {
  std::size_t begin = 0, end = 0;                    // in the folded text
  std::uint32_t word = 0;                            // hash, letters in one case
  std::uint32_t prefix = 0, suffix = 0, ending = 0;  // of three, three and two letters
  std::uint8_t shape = 0;  // kinds of characters in their order, and length
  bool is_word = false;    // letters or digits
  bool is_number = false;  // digits only
  bool capital = false;    // begins with one
  bool spaced = false;     // white space or nothing stands before it
};

// Words are runs of letters and digits; other characters stand alone; spaces vanish;
// line ends stay. Linear.
[[nodiscard]] std::vector<name_token> name_tokens(std::string_view folded);

// FNV-1a over letters in one case.
[[nodiscard]] std::uint32_t word_hash(std::string_view folded);

// The hash of several words with one space between.
[[nodiscard]] inline std::uint32_t joined_hash(std::uint32_t words, std::uint32_t next) {
  return (words ^ (next * 0x9e3779b1U)) * 0x85ebca6bU + 0x27d4eb2fU;
}

}  // namespace agon::pii

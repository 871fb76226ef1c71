// Many fixed strings looked for in one pass, after Aho and Corasick (1975). Linear in
// the text, whatever the patterns; letters match in either case.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace agon::pii {

class pattern_automaton {
 public:
  // Patterns are of ASCII letters, digits and " -_.':/=@+"; together shorter than 64 KiB.
  // Throws std::invalid_argument for others and for empty ones.
  explicit pattern_automaton(const std::vector<std::string_view>& patterns);

  // Calls found(pattern, end) for every place where a pattern ends, in the order of
  // the text; at one place the longer first.
  template <typename F>
  void scan(std::string_view text, F&& found) const {
    std::uint16_t state = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      state = next_[state][class_of_[static_cast<unsigned char>(text[i])]];
      if (state == 0) continue;
      for (std::uint16_t s = ends_[state] ? state : shorter_[state]; s != 0; s = shorter_[s])
        for (std::uint16_t p = first_[s]; p != none; p = same_[p]) found(std::size_t{p}, i + 1);
    }
  }

 private:
  static constexpr std::size_t classes = 48;
  static constexpr std::uint16_t none = 0xffff;

  void insert(std::string_view pattern, std::uint16_t index);
  void link();

  std::array<std::uint8_t, 256> class_of_{};
  std::vector<std::array<std::uint16_t, classes>> next_;
  std::vector<std::uint8_t> ends_;      // a pattern ends in this state
  std::vector<std::uint16_t> shorter_;  // the nearest suffix in which one ends
  std::vector<std::uint16_t> first_;    // pattern that ends here, or none
  std::vector<std::uint16_t> same_;     // by pattern: another that ends in the same state
};

}  // namespace agon::pii

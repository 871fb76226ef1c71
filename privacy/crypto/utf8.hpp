// UTF-8, strictly (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing
// above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace agon::crypto {

struct code_point {
  char32_t value = 0;
  std::size_t bytes = 0;  // 0: the text is not valid UTF-8 here, or has ended
};

// The code point that starts at `offset`.
[[nodiscard]] code_point decode_utf8(std::string_view text, std::size_t offset);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace agon::crypto

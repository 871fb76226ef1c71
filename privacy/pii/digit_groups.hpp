// Chains of digit groups, as cards and telephone numbers are written: "4111 1111…",
// "(020) 7123-4567". Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace agon::pii {

struct digit_group {
  std::size_t begin = 0, end = 0;  // the digits alone
  bool bracketed = false;          // "(020)"
  char separator = 0;  // before it: ' ', '-', '.', or 0 where only brackets part the two

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

using digit_chain = std::vector<digit_group>;

// The chain whose first digit (or opening bracket) stands at `begin`: groups parted
// by at most a space, a hyphen or a dot, a space, in this order. Empty if there is none.
[[nodiscard]] digit_chain read_digit_chain(std::string_view s, std::size_t begin);

// Where the next chain may begin, at or after `from`; s.size() if nowhere.
[[nodiscard]] std::size_t next_digit_chain(std::string_view s, std::size_t from);

}  // namespace agon::pii

// Which words of a text speak of telephones. Internal to privacy/pii.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace agon::pii {

class phone_words {
 public:
  explicit phone_words(std::string_view folded) : folded_(folded) {}

  // A word such as "call" or "mobile" ends at most 40 bytes before `begin`, or one such
  // as "office" or "fax" begins at most 3 bytes after `end`. Reads the text once, at
  // the first question.
  [[nodiscard]] bool around(std::size_t begin, std::size_t end);

 private:
  struct word {
    std::size_t begin, end;
  };
  void read();

  std::string_view folded_;
  bool was_read_ = false;
  std::vector<word> words_;
};

}  // namespace agon::pii

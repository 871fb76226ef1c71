// Replaces what find() finds by typed placeholders: "write to <EMAIL_ADDRESS_1>".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "privacy/pii/find.hpp"

namespace agon::pii {

// Remembers, for one conversation, which value got which number, so that the same
// address is the same placeholder in a prompt, its answers and the comments on them.
// Holds the values in memory: let it go with the conversation.
class conversation_state {
 public:
  // 1 for the first value of its kind, 2 for the next; the same again for one seen
  // before. Values are compared without case, spaces and punctuation, and in folded form.
  [[nodiscard]] std::size_t number_of(kind k, std::string_view value);

 private:
  std::unordered_map<std::string, std::size_t> numbers_;  // by kind and essence of the value
  std::array<std::size_t, kinds> given_{};
};

struct redaction {
  std::string text;
  std::array<std::int64_t, kinds> found{};  // placeholders written, by kind
};

// A text that already holds a placeholder keeps it: a reader cannot tell it from one of
// ours, and need not. The result is free of findings: it is scanned again until find()
// is silent, and where that does not end soon, all that is still in doubt is taken out at
// once.
[[nodiscard]] redaction redact(std::string_view utf8, conversation_state& state,
                               const options& how = {});

}  // namespace agon::pii

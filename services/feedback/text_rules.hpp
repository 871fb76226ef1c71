// What a person may type: one rule for prompts and comments.
#pragma once

#include <string>
#include <string_view>

namespace agon::feedback {

// The text without white space around it and with line ends as \n.
[[nodiscard]] std::string tidy(std::string_view utf8);

// True if the text holds a character that has no business in typed text: C0 and C1
// controls other than tab and line feed, and the bidirectional overrides and isolates
// that could disguise what a reader sees.
[[nodiscard]] bool has_forbidden_characters(std::string_view utf8);

}  // namespace agon::feedback

// What a person may type: one rule for prompts and comments.
#pragma once

#include <string>
#include <string_view>

namespace agon::feedback {

// The text without white space around it, with line ends as \n, and without what makes a
// reader see another text than a program does: bidirectional embeddings, overrides and
// isolates, and tag characters. Empty if nothing in it can be seen.
[[nodiscard]] std::string tidy(std::string_view utf8);

// True if the text holds a character that has no business in typed text: C0 and C1
// controls other than tab and line feed, and what tidy() leaves out.
[[nodiscard]] bool has_forbidden_characters(std::string_view utf8);

}  // namespace agon::feedback

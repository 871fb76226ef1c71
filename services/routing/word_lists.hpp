// The moderation word lists, carried inside the binary (words/*.txt, embedded by CMake).
#pragma once

#include <span>
#include <string_view>

namespace agon::routing {

struct word_list {
  std::string_view language;  // the file's name: en
  std::string_view text;      // lines: "# comment", "[reason]", a phrase
};

[[nodiscard]] std::span<const word_list> word_lists();

}  // namespace agon::routing

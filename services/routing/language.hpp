// Which language a text is in, and which it asks for.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace agon::routing {

// BCP 47 of the text, "de" or "zh-Hant", or empty where it is too short to say or where
// none of `spoken` comes into question (empty: any). By CLD2. Safe from any thread.
[[nodiscard]] std::string detect_language(std::string_view utf8,
                                          std::span<const std::string> spoken);

// The language that a prompt names: "a song in German", "ein Lied auf Deutsch",
// "una canción en español". Empty if it names none, or several.
[[nodiscard]] std::string named_language(std::string_view folded_words);

}  // namespace agon::routing

// What a prompt's text says about the fields of a request, by fixed patterns in English,
// German, French, Spanish, Italian, Portuguese and Dutch. Pure; linear in the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace agon::routing {

// "30 seconds", "2 min", "1 min 30 s", "1,5 Minuten", "half a minute", "2:30 min": the sum of
// the first run of such words, in seconds. At most a day.
[[nodiscard]] std::optional<double> find_duration(std::string_view prompt);

// "120 bpm", "bpm: 90", "tempo of 72", "96 beats per minute": 20 to 400.
[[nodiscard]] std::optional<double> find_bpm(std::string_view prompt);

// True for "instrumental" and "no vocals", false for "with vocals" and "not instrumental".
[[nodiscard]] std::optional<bool> find_instrumental(std::string_view folded_words);

// What follows "lyrics:", or everything from the first "[verse]", "[chorus]", … on.
[[nodiscard]] std::optional<std::string> find_lyrics(std::string_view prompt);

}  // namespace agon::routing

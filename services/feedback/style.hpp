// What an output is like apart from how good it is: the numbers that a contextual fit
// takes out of the comparison. Computed once, when the output is stored, so that no refit
// reads a text.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace agon::feedback {

// Which numbers, in which order. A set never changes; another list is another set.
//   text/1   tokens, headers, list_items, bold
//   audio/1  seconds, loudness_lufs
inline constexpr std::string_view text_style_set = "text/1";
inline constexpr std::string_view audio_style_set = "audio/1";
// Empty for a set that is not known.
[[nodiscard]] std::span<const std::string_view> style_features(std::string_view set);

struct text_style {
  // Words, by runs of letters and digits; of scripts without spaces each character; and
  // each sign. A measure of length that needs no model's vocabulary.
  std::int64_t tokens = 0;
  // Outside fenced code blocks (CommonMark 0.31, section 4.5; one that is not closed goes
  // to the end):
  std::int64_t headers = 0;     // lines that begin with one to six # and a space
  std::int64_t list_items = 0;  // lines that begin with - * + or a number and . or )
  std::int64_t bold = 0;        // runs in ** ** or __ __ within a line

  bool operator==(const text_style&) const = default;
};

// `text` is valid UTF-8. O(bytes), without allocation.
[[nodiscard]] text_style style_of(std::string_view text);

// The numbers of the sets above.
[[nodiscard]] std::vector<double> values_of(const text_style& s);
[[nodiscard]] std::vector<double> audio_style(double seconds, double loudness_lufs);

}  // namespace agon::feedback

// Text as a sequence of comparable words: the form in which the rules look for phrases.
#pragma once

#include <string>
#include <string_view>

namespace agon::routing {

// NFKC, case folded; everything that is neither letter, mark nor digit becomes a single space;
// with a space at both ends, so that " phrase " is found as whole words.
[[nodiscard]] std::string folded_words(std::string_view utf8);

// The same text read as somebody who hides from a word list writes: digits and signs for
// letters (h4te, $ex), letters spaced out (h a t e), and letters repeated (haaate).
[[nodiscard]] std::string unmasked_words(std::string_view utf8);

// What to look for in folded text to find the phrase as whole words; a phrase that ends in *
// is found as the beginning of words. Scripts without spaces between words (Han, kana,
// Thai) are found anywhere. Empty for a phrase without letters.
[[nodiscard]] std::string phrase_pattern(std::string_view phrase);

// True if `folded` holds the phrase.
[[nodiscard]] bool holds_phrase(std::string_view folded, std::string_view phrase);

}  // namespace agon::routing

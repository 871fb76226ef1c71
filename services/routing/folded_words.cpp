#include "services/routing/folded_words.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <stdexcept>

namespace agon::routing {
namespace {

std::string fold(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status) != 0) throw std::runtime_error("ICU has no NFKC_Casefold data");
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  fold->normalizeUTF8(0, icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())),
                      sink, nullptr, status);
  if (U_FAILURE(status) != 0) return {};
  return out;
}

template <class Each>
void each_code_point(std::string_view utf8, const Each& each) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto size = static_cast<std::int32_t>(utf8.size());
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t from = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    each(c, utf8.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(at - from)));
  }
}

bool is_word_character(UChar32 c) {
  return c >= 0 && (u_isalnum(c) != 0 || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0);
}

void append_space(std::string& out) {
  if (out.empty() || out.back() != ' ') out += ' ';
}

bool without_spaces(std::string_view utf8) {
  bool found = false;
  each_code_point(utf8, [&](UChar32 c, std::string_view) {
    UErrorCode status = U_ZERO_ERROR;
    const UScriptCode script = c < 0 ? USCRIPT_COMMON : uscript_getScript(c, &status);
    found = found || script == USCRIPT_HAN || script == USCRIPT_HIRAGANA ||
            script == USCRIPT_KATAKANA || script == USCRIPT_THAI;
  });
  return found;
}

char unmasked(char c) {
  switch (c) {
    case '0':
      return 'o';
    case '1':
    case '!':
    case '|':
      return 'i';
    case '3':
      return 'e';
    case '4':
    case '@':
      return 'a';
    case '5':
    case '$':
      return 's';
    case '7':
      return 't';
    default:
      return c;
  }
}

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Signs become letters only beside a letter: "in 1945" stays a year.
std::string without_masks(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool before = i > 0 && is_ascii_letter(out[i - 1]);
    const bool after = i + 1 < text.size() && is_ascii_letter(text[i + 1]);
    if (before || after) out[i] = unmasked(out[i]);
  }
  return out;
}

// " h a t e s" → " hate s": runs of three and more single letters are one word.
std::string without_gaps(std::string_view words) {
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    std::size_t end = at;
    std::string joined;
    while (end + 2 < words.size() && words[end] == ' ' && is_ascii_letter(words[end + 1]) &&
           words[end + 2] == ' ') {
      joined += words[end + 1];
      end += 2;
    }
    if (joined.size() >= 3) {
      out += ' ' + joined;
      at = end;
    } else {
      out += words[at++];
    }
  }
  return out;
}

// Three and more of the same letter are one.
std::string without_repeats(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] == text[at]) ++end;
    const bool repeated = is_ascii_letter(text[at]) && end - at >= 3;
    out.append(repeated ? 1 : end - at, text[at]);
    at = end;
  }
  return out;
}

}  // namespace

std::string folded_words(std::string_view utf8) {
  std::string out = " ";
  each_code_point(fold(utf8), [&](UChar32 c, std::string_view bytes) {
    if (is_word_character(c))
      out += bytes;
    else if (c != '\'' && c != 0x2019)  // "don't" is one word: dont
      append_space(out);
  });
  append_space(out);
  return out;
}

std::string unmasked_words(std::string_view utf8) {
  return without_repeats(without_gaps(folded_words(without_masks(utf8))));
}

std::string phrase_pattern(std::string_view phrase) {
  const bool prefix = phrase.ends_with('*');
  if (prefix) phrase.remove_suffix(1);
  std::string wanted = folded_words(phrase);
  if (wanted.size() <= 2) return {};
  if (without_spaces(wanted)) return wanted.substr(1, wanted.size() - 2);
  if (prefix) wanted.pop_back();
  return wanted;
}

bool holds_phrase(std::string_view folded, std::string_view phrase) {
  const std::string pattern = phrase_pattern(phrase);
  return !pattern.empty() && folded.find(pattern) != std::string_view::npos;
}

}  // namespace agon::routing

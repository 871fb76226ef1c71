#include "privacy/pii/folded_text.hpp"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "privacy/crypto/utf8.hpp"

namespace agon::pii {
namespace {

const UNormalizer2* nfkd() {
  static const UNormalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* n = unorm2_getNFKDInstance(&status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no normalisation data");
    return n;
  }();
  return instance;
}

bool is_invisible(UChar32 c) {
  return u_charType(c) == U_FORMAT_CHAR ||
         u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool writes_no_spaces(UChar32 c) {
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
    case USCRIPT_HANGUL:  // spaces, but particles touch the word
      return true;
    default:
      return false;
  }
}

// Cyrillic and Greek letters that look like Latin ones. They matter where a letter
// has a value, in IBANs and hexadecimal.
constexpr std::u32string_view lookalikes =
    U"\u0410A\u0412B\u0415E\u041aK\u041cM\u041dH\u041eO\u0420P\u0421C\u0422T\u0425X\u0405S\u0406I"
    U"\u0408J\u0430a\u0435e\u043eo\u0440p\u0441c\u0443y\u0445x\u0455s\u0456i\u0458j\u0391A\u0392B"
    U"\u0395E\u0396Z\u0397H\u0399I\u039aK\u039cM\u039dN\u039fO\u03a1P\u03a4T\u03a5Y\u03a7X\u03bfo";

char latin_lookalike(char32_t c) {
  if (c < 0x391 || c > 0x458) return 0;
  for (std::size_t i = 0; i < lookalikes.size(); i += 2)
    if (lookalikes[i] == c) return static_cast<char>(lookalikes[i + 1]);
  return 0;
}

// Punctuation that reads as an ASCII sign but does not decompose to it.
char ascii_sign(char32_t c) {
  switch (c) {
    case 0x2212:  // minus sign
      return '-';
    case 0x3002:  // ideographic full stop
      return '.';
    case 0x2236:  // ratio
    case 0xa789:  // modifier letter colon
      return ':';
    case 0x2044:  // fraction slash
    case 0x2215:  // division slash
      return '/';
    default:
      return 0;
  }
}

}  // namespace

folded_text::folded_text(std::string_view utf8, invisible how) : original_(utf8) {
  if (utf8.size() > UINT32_MAX) throw std::length_error("text of 4 GiB or more");
  plain_ = std::all_of(utf8.begin(), utf8.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (plain_) return;
  folded_.reserve(utf8.size());
  begins_.reserve(utf8.size());
  ends_.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const crypto::code_point c = crypto::decode_utf8(utf8, i);
    if (c.bytes == 0) {
      put(other_byte, i, i + 1);
      ++i;
      continue;
    }
    put_code_point(c.value, i, i + c.bytes, how);
    i += c.bytes;
  }
}

void folded_text::put(char c, std::size_t begin, std::size_t end) {
  folded_ += c;
  begins_.push_back(static_cast<std::uint32_t>(begin));
  ends_.push_back(static_cast<std::uint32_t>(end));
}

void folded_text::put_code_point(char32_t c, std::size_t begin, std::size_t end, invisible how) {
  if (c < 0x80) return put(static_cast<char>(c), begin, end);
  const auto u = static_cast<UChar32>(c);
  if (is_invisible(u)) {
    had_invisible_ = true;
    if (how == invisible::break_words) put(other_byte, begin, end);
    return;
  }
  UChar decomposed[32];
  UErrorCode status = U_ZERO_ERROR;
  const int32_t length = unorm2_getDecomposition(nfkd(), u, decomposed, 32, &status);
  if (length < 0 || U_FAILURE(status)) return put_simple(c, begin, end);
  for (int32_t i = 0; i < length;) {
    UChar32 part = 0;
    U16_NEXT(decomposed, i, length, part);
    put_simple(static_cast<char32_t>(part), begin, end);
  }
}

void folded_text::put_simple(char32_t c, std::size_t begin, std::size_t end) {
  if (c < 0x80) return put(static_cast<char>(c), begin, end);
  const auto u = static_cast<UChar32>(c);
  if (const char same = latin_lookalike(c)) return put(same, begin, end);
  if (const char same = ascii_sign(c)) return put(same, begin, end);
  if (const int32_t digit = u_charDigitValue(u); digit >= 0 && digit <= 9)
    return put(static_cast<char>('0' + digit), begin, end);
  switch (u_charType(u)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
      return;
    case U_DASH_PUNCTUATION:
      return put('-', begin, end);
    case U_SPACE_SEPARATOR:
      return put(' ', begin, end);
    default:
      break;
  }
  if (!u_isalpha(u)) return put(other_byte, begin, end);
  put(writes_no_spaces(u) ? ideograph_byte : letter_byte, begin, end);
}

}  // namespace agon::pii

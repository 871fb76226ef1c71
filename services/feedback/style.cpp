#include "services/feedback/style.hpp"

#include <algorithm>
#include <array>

namespace agon::feedback {
namespace {

constexpr std::array<std::string_view, 4> text_features{"tokens", "headers", "list_items", "bold"};
constexpr std::array<std::string_view, 2> audio_features{"seconds", "loudness_lufs"};

bool ascii_word(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The code point that begins at `at`, which moves behind it.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at++);
  if (first < 0x80) return first;
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  char32_t c = first & (0x3fU >> more);
  for (int i = 0; i < more && at < text.size(); ++i) c = (c << 6) | (byte(at++) & 0x3fU);
  return c;
}

struct code_point_range {
  char32_t first;
  char32_t last;
};

// Scripts that do not put spaces between words: Thai to Myanmar, Khmer, kana, Han.
constexpr std::array<code_point_range, 8> spaceless{{{0x0e00, 0x0eff},
                                                     {0x1000, 0x109f},
                                                     {0x1780, 0x17ff},
                                                     {0x3040, 0x30ff},
                                                     {0x3400, 0x4dbf},
                                                     {0x4e00, 0x9fff},
                                                     {0xf900, 0xfaff},
                                                     {0x20000, 0x3ffff}}};
// Signs beyond ASCII: Latin-1's, general punctuation to symbols, CJK and full-width forms,
// emoji.
constexpr std::array<code_point_range, 7> signs{{{0x00a1, 0x00bf},
                                                 {0x2010, 0x2bff},
                                                 {0x3001, 0x303f},
                                                 {0xfe30, 0xfe6f},
                                                 {0xff01, 0xff0f},
                                                 {0xff1a, 0xff20},
                                                 {0x1f000, 0x1faff}}};

template <std::size_t N>
bool within(const std::array<code_point_range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const code_point_range& r) { return c >= r.first && c <= r.last; });
}

bool is_space(char32_t c) {
  return c <= ' ' || c == 0x85 || c == 0xa0 || (c >= 0x2000 && c <= 0x200f) || c == 0x2028 ||
         c == 0x2029 || c == 0x3000;
}

std::int64_t count_tokens(std::string_view text) {
  std::int64_t count = 0;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    const bool sign = (c < 0x80 && !ascii_word(static_cast<unsigned char>(c))) || within(signs, c);
    if (is_space(c)) {
      in_word = false;
    } else if (sign || within(spaceless, c)) {
      in_word = false;
      ++count;
    } else {
      if (!in_word) ++count;
      in_word = true;
    }
  }
  return count;
}

std::string_view without_indent(std::string_view line) {
  return line.substr(std::min(line.size(), line.find_first_not_of(" \t")));
}

// A fence opens with three or more ` or ~ and closes with as many of the same alone.
struct fence {
  char sign = 0;
  std::size_t length = 0;  // 0: no code block is open

  // True if the line is code, or the fence itself.
  bool takes(std::string_view line) {
    const std::size_t indent = std::min(line.size(), line.find_first_not_of(' '));
    std::string_view rest = line.substr(indent);
    const char c = rest.empty() ? '\0' : rest.front();
    const std::size_t run = std::min(rest.size(), rest.find_first_not_of(c));
    const bool is_fence = indent <= 3 && (c == '`' || c == '~') && run >= 3;
    rest.remove_prefix(run);
    if (length == 0) {
      if (!is_fence || (c == '`' && rest.find('`') != std::string_view::npos)) return false;
      sign = c;
      length = run;
      return true;
    }
    const bool alone = rest.find_first_not_of(" \t\r") == std::string_view::npos;
    if (is_fence && c == sign && run >= length && alone) length = 0;
    return true;
  }
};

bool ends_marker(std::string_view rest) {
  return rest.empty() || rest.front() == ' ' || rest.front() == '\t' || rest.front() == '\r';
}

bool is_header(std::string_view line) {
  const std::size_t indent = std::min(line.size(), line.find_first_not_of(' '));
  line.remove_prefix(indent);
  const std::size_t run = std::min(line.size(), line.find_first_not_of('#'));
  return indent <= 3 && run >= 1 && run <= 6 && ends_marker(line.substr(run));
}

bool is_list_item(std::string_view line) {
  line = without_indent(line);
  if (line.empty()) return false;
  const auto has_text = [](std::string_view rest) {
    return ends_marker(rest) && rest.find_first_not_of(" \t\r") != std::string_view::npos;
  };
  if (line.front() == '-' || line.front() == '*' || line.front() == '+')
    return has_text(line.substr(1)) &&
           line.find_first_not_of("-*+ \t\r") != std::string_view::npos;  // no thematic break
  const std::size_t digits = std::min(line.size(), line.find_first_not_of("0123456789"));
  return digits >= 1 && digits <= 9 && digits < line.size() &&
         (line[digits] == '.' || line[digits] == ')') && has_text(line.substr(digits + 1));
}

std::int64_t count_bold(std::string_view line, std::string_view mark) {
  std::int64_t count = 0;
  while (true) {
    const std::size_t open = line.find(mark);
    if (open == std::string_view::npos) return count;
    line.remove_prefix(open + mark.size());
    const std::size_t close = line.find(mark);
    if (close == std::string_view::npos) return count;
    const std::string_view inside = line.substr(0, close);
    line.remove_prefix(close + mark.size());
    if (!inside.empty() && inside.front() != ' ' && inside.back() != ' ' &&
        inside.find_first_not_of(mark.front()) != std::string_view::npos)
      ++count;
  }
}

}  // namespace

std::span<const std::string_view> style_features(std::string_view set) {
  if (set == text_style_set) return text_features;
  if (set == audio_style_set) return audio_features;
  return {};
}

text_style style_of(std::string_view text) {
  text_style out;
  out.tokens = count_tokens(text);
  fence code;
  while (!text.empty()) {
    const std::size_t end = std::min(text.size(), text.find('\n'));
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (code.takes(line)) continue;
    if (is_header(line)) ++out.headers;
    if (is_list_item(line)) ++out.list_items;
    out.bold += count_bold(line, "**") + count_bold(line, "__");
  }
  return out;
}

std::vector<double> values_of(const text_style& s) {
  return {static_cast<double>(s.tokens), static_cast<double>(s.headers),
          static_cast<double>(s.list_items), static_cast<double>(s.bold)};
}

std::vector<double> audio_style(double seconds, double loudness_lufs) {
  return {seconds, loudness_lufs};
}

}  // namespace agon::feedback

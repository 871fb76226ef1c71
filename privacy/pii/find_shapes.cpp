// National numbers, licences, plates: every form of the table, tried where a word with
// a digit near its beginning starts.
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/shapes.hpp"

namespace agon::pii {
namespace {

constexpr std::size_t farthest_digit = 17;
constexpr std::size_t longest_run = 20;

struct ready_shape {
  shape description;
  shape_matcher matcher;
};

// The shapes, by what can be seen at a glance: how far the first digit is, and for a
// leading digit how many follow.
class shape_book {
 public:
  static const shape_book& get() {
    static const shape_book book;
    return book;
  }
  [[nodiscard]] const std::vector<const ready_shape*>& leading_letters(std::size_t to_digit) const {
    return by_distance_[to_digit];
  }
  [[nodiscard]] const std::vector<const ready_shape*>& leading_digits(std::size_t run) const {
    return by_run_[std::min(run, longest_run)];
  }

 private:
  shape_book() {
    for (const auto* part : {&shapes_of_america(), &shapes_of_europe(), &shapes_of_germany(),
                             &shapes_of_asia(), &shapes_of_elsewhere()})
      for (const shape& s : *part) shapes_.push_back({s, shape_matcher(s.form)});
    for (const ready_shape& s : shapes_) {
      for (std::size_t d = std::max<std::size_t>(1, s.matcher.least_before_digit());
           d <= std::min(s.matcher.most_before_digit(), farthest_digit); ++d)
        by_distance_[d].push_back(&s);
      if (s.matcher.least_before_digit() > 0) continue;
      for (std::size_t r = 1; r <= longest_run; ++r)
        if (r >= s.matcher.least_first_run() && r <= s.matcher.most_first_run())
          by_run_[r].push_back(&s);
    }
  }
  std::vector<ready_shape> shapes_;
  std::array<std::vector<const ready_shape*>, farthest_digit + 1> by_distance_;
  std::array<std::vector<const ready_shape*>, longest_run + 1> by_run_;
};

// Letters and digits of a match, in capitals.
std::size_t compact(std::string_view s, std::array<char, 64>& out) {
  std::size_t n = 0;
  for (const char c : s)
    if ((is_digit(c) || is_upper(c) || is_lower(c)) && n < out.size()) out[n++] = to_upper(c);
  return n;
}

void try_shape(const ready_shape& s, const scanned_text& t, std::size_t begin, sightings& out) {
  if (!t.wanted.has(s.description.what)) return;
  const std::size_t end = s.matcher.match(t.text, begin);
  if (end == begin) return;
  std::array<char, 64> plain{};
  const std::size_t n = compact(t.text.substr(begin, end - begin), plain);
  if (s.description.holds != nullptr && !s.description.holds({plain.data(), n})) return;
  double score = s.description.score;
  if (s.description.about != topic::none && score < s.description.beside &&
      t.words.near(s.description.about, begin, end))
    score = s.description.beside;
  out.push_back({s.description.what, begin, end, score});
}

// "0.078051121", "12:34-56-7890", "$123456789": the middle of something else.
bool is_middle_of_a_number(std::string_view s, std::size_t i) {
  const char c = before(s, i);
  if (c == '$') return true;
  return (c == '-' || c == '.' || c == '/' || c == ',') && i >= 2 && is_digit(s[i - 2]);
}

std::size_t run_of_digits(std::string_view s, std::size_t i) {
  std::size_t n = 0;
  while (n <= longest_run && is_digit(at(s, i + n))) ++n;
  return n;
}

}  // namespace

void find_shapes(const scanned_text& t, sightings& out) {
  const shape_book& book = shape_book::get();
  const std::string_view s = t.text;
  std::size_t digit = 0;  // the next one
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (digit < i || !is_digit(at(s, digit))) {
      digit = std::max(digit, i);
      while (digit < s.size() && !is_digit(s[digit])) ++digit;
      if (digit == s.size()) return;
      if (digit - i > farthest_digit) i = digit - farthest_digit;
    }
    if (!is_word(s[i]) || s[i] == letter_byte) continue;
    const char previous = before(s, i);
    if (is_digit(s[i])) {
      if (is_digit(previous) || previous == '_') continue;
      const bool touches = is_letter(previous);
      if (is_middle_of_a_number(s, i)) continue;
      for (const ready_shape* shape : book.leading_digits(run_of_digits(s, i)))
        if (!touches || shape->description.may_touch_a_word) try_shape(*shape, t, i, out);
    } else if (!is_word(previous) && previous != '_') {
      for (const ready_shape* shape : book.leading_letters(digit - i)) try_shape(*shape, t, i, out);
    }
  }
}

}  // namespace agon::pii

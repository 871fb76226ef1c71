#include <algorithm>

#include "privacy/pii/finders.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/names_model.hpp"

namespace agon::pii {
namespace {

constexpr int leaning_to_recall = 0;
// The lead over "no name" from which on a name is reported, and what more makes it half as
// sure as can be.
constexpr double enough = 54;
constexpr double half_sure = 60;

kind kind_of(name_tag tag) {
  switch (tag) {
    case name_tag::begin_person:
      return kind::person;
    case name_tag::begin_location:
      return kind::location;
    case name_tag::begin_organization:
      return kind::organization;
    default:
      return kind::street_address;
  }
}

double score_of(double margin) {
  if (margin < enough) return .4 * std::max(margin, 0.0) / enough;
  return .4 + .5 * (margin - enough) / (margin - enough + half_sure);
}

// Places are wanted for themselves, or only where they go on with an address: the town of a
// street tells where somebody lives, a town alone does not.
constexpr std::size_t widest_gap = 4;

// Names hold letters, addresses may be a number.
bool has_substance(std::string_view s, kind what) {
  return std::any_of(s.begin(), s.end(), [&](char c) {
    return is_letter(c) || (what == kind::street_address && is_digit(c));
  });
}

// What the tagger knows too little of: how a name is written against how its line is.
class writing {
 public:
  writing(std::string_view text, const std::vector<name_token>& tokens)
      : text_(text), tokens_(tokens) {}

  // Drops signs, and behind a name with a capital the small words that it ran over into.
  void trim(tagged_name& n) const {
    const auto drops = [&](const name_token& t) {
      if (!t.is_word) return text_[t.begin] != '.';
      return n.what == name_tag::begin_person && tokens_[n.first].capital && !t.capital &&
             is_lower(text_[t.begin]);
    };
    while (n.last > n.first && drops(tokens_[n.last])) --n.last;
  }

  // The lead that is left when a person's name is written as names seldom are: all in
  // capitals or all in small letters in a line that has both, as an acronym, as the last
  // word of a title; small letters must be a known name.
  [[nodiscard]] double believed(const tagged_name& n) const {
    if (n.what != name_tag::begin_person) return n.margin;
    const name_token& first = tokens_[n.first];
    const std::size_t length = first.end - first.begin;
    const bool small = is_lower(text_[first.begin]);
    const bool all_capitals = length > 1 && is_upper(text_[first.begin + 1]);
    if (n.first == n.last && (all_capitals ? length <= 4 : small && length <= 2)) return 0;
    if ((small && !n.is_listed) || has_inner_dot(n)) return 0;
    if (n.first == n.last && ends_a_title(n.first)) return n.margin * .5;
    return (small || all_capitals) && line_is_mixed(first.begin) ? n.margin * .5 : n.margin;
  }

 private:
  // "host.domain", but not "J.R. Smith".
  [[nodiscard]] bool has_inner_dot(const tagged_name& n) const {
    for (std::size_t i = n.first + 1; i < n.last; ++i)
      if (text_[tokens_[i].begin] == '.' && !tokens_[i + 1].spaced &&
          tokens_[i - 1].end - tokens_[i - 1].begin > 1)
        return true;
    return false;
  }
  // Behind a word with a capital that does not begin its sentence: "the film Snow Hunter".
  [[nodiscard]] bool ends_a_title(std::size_t token) const {
    if (token < 2) return false;
    const name_token& previous = tokens_[token - 1];
    const name_token& earlier = tokens_[token - 2];
    const char sign = text_[earlier.begin];
    return previous.is_word && previous.capital && previous.end + 1 >= tokens_[token].begin &&
           std::string_view(".!?:\n\"(").find(sign) == std::string_view::npos;
  }
  [[nodiscard]] bool line_is_mixed(std::size_t at) const {
    constexpr std::size_t looked_at = 200;  // bytes to each side
    bool capital_word = false, small_word = false;
    const auto look = [&](char c, char next) {
      small_word = small_word || (is_lower(c) && is_lower(next));
      capital_word = capital_word || (is_upper(c) && is_lower(next));
    };
    for (std::size_t i = at; i + 1 < text_.size() && i < at + looked_at && text_[i] != '\n'; ++i)
      look(text_[i], text_[i + 1]);
    for (std::size_t i = at; i > 0 && i + looked_at > at && text_[i - 1] != '\n'; --i)
      look(text_[i - 1], text_[i]);
    return capital_word && small_word;
  }

  std::string_view text_;
  const std::vector<name_token>& tokens_;
};

}  // namespace

void find_names(const scanned_text& t, sightings& out) {
  const std::vector<name_token> tokens = name_tokens(t.text);
  const writing written(t.text, tokens);
  for (tagged_name n : names_model::built_in().tag(tokens, t.text, leaning_to_recall)) {
    written.trim(n);
    const std::size_t begin = tokens[n.first].begin, end = tokens[n.last].end;
    const kind what = kind_of(n.what);
    if (n.of_history || !has_substance(t.text.substr(begin, end - begin), what)) continue;
    const double score = score_of(written.believed(n));
    const bool continues = what == kind::location && !t.wanted.has(kind::location) &&
                           !out.empty() && out.back().what == kind::street_address &&
                           out.back().end + widest_gap >= begin;
    if (continues)
      out.back().end = end;
    else
      out.push_back({what, begin, end, score});
  }
}

}  // namespace agon::pii

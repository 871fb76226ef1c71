#include "privacy/pii/redact.hpp"

#include <vector>

#include "privacy/pii/folded_text.hpp"
#include "privacy/pii/placeholders.hpp"

namespace agon::pii {
namespace {

// A placeholder can bring to light what its neighbour hid. Two rounds are usual.
constexpr int most_rounds = 8;

// What is compared: letters and digits in one case. Zone and prefix lengths of
// addresses and the plus of telephone numbers do not make another value.
std::string essence(std::string_view value) {
  std::string out;
  const folded_text folded(value);
  for (const char c : folded.text())
    if (is_word(c) || c == ideograph_byte || c == '@') out += to_lower(c);
  return out;
}

void replace_spans(std::string& text, const std::vector<span>& spans, conversation_state& state,
                   redaction& counts) {
  std::string out;
  std::size_t copied = 0;
  for (const span& s : spans) {
    out.append(text, copied, s.begin - copied);
    out += placeholder(
        s.what, state.number_of(s.what, std::string_view(text).substr(s.begin, s.end - s.begin)));
    ++counts.found[static_cast<std::size_t>(s.what)];
    copied = s.end;
  }
  text = out.append(text, copied);
}

}  // namespace

std::size_t conversation_state::number_of(kind k, std::string_view value) {
  std::string key(1, static_cast<char>(k));
  key += essence(value);
  const auto [place, added] = numbers_.try_emplace(std::move(key), 0);
  if (added) place->second = ++given_[static_cast<std::size_t>(k)];
  return place->second;
}

redaction redact(std::string_view utf8, conversation_state& state, const options& how) {
  redaction result;
  result.text = utf8;
  std::vector<span> spans = find(result.text, how);
  for (int round = 1; !spans.empty(); ++round) {
    if (round > most_rounds)
      spans = {span{spans[0].what, spans[0].begin, spans.back().end, 0, 0, 1}};
    replace_spans(result.text, spans, state, result);
    spans = find(result.text, how);
  }
  return result;
}

}  // namespace agon::pii

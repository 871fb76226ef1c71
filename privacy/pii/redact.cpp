#include "privacy/pii/redact.hpp"

#include "privacy/pii/folded_text.hpp"

namespace agon::pii {
namespace {

// What is compared: letters and digits in one case. Zone and prefix lengths of
// addresses and the plus of telephone numbers do not make another value.
std::string essence(std::string_view value) {
  std::string out;
  const folded_text folded(value);
  for (const char c : folded.text())
    if (is_word(c) || c == ideograph_byte || c == '@') out += to_lower(c);
  return out;
}

std::string replace_once(std::string_view utf8, conversation_state& state, redaction& counts) {
  std::string out;
  std::size_t copied = 0;
  for (const span& s : find(utf8)) {
    out += utf8.substr(copied, s.begin - copied);
    const std::size_t number = state.number_of(s.what, utf8.substr(s.begin, s.end - s.begin));
    out.append("<").append(name_of(s.what)).append("_").append(std::to_string(number)).append(">");
    ++counts.found[static_cast<std::size_t>(s.what)];
    copied = s.end;
  }
  return out += utf8.substr(copied);
}

}  // namespace

std::size_t conversation_state::number_of(kind k, std::string_view value) {
  auto& numbers = seen_[static_cast<std::size_t>(k)];
  return numbers.try_emplace(essence(value), numbers.size() + 1).first->second;
}

redaction redact(std::string_view utf8, conversation_state& state) {
  redaction result;
  result.text = replace_once(utf8, state, result);
  // A placeholder can bring to light what its neighbour hid; that ends, for every
  // round turns digits or an "@" into a placeholder, which holds neither.
  while (!find(result.text).empty()) result.text = replace_once(result.text, state, result);
  return result;
}

}  // namespace agon::pii

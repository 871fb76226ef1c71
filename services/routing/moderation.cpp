#include "services/routing/moderation.hpp"

#include <algorithm>

#include "services/routing/folded_words.hpp"
#include "services/routing/word_lists.hpp"

namespace agon::routing {
namespace {

std::vector<listed_phrase> read_lists() {
  std::vector<listed_phrase> out;
  for (const word_list& list : word_lists()) {
    refusal reason = refusal::off_topic;
    for (std::size_t at = 0; at < list.text.size();) {
      const std::size_t end = std::min(list.text.find('\n', at), list.text.size());
      const std::string_view line = list.text.substr(at, end - at);
      at = end + 1;
      if (line.empty() || line.front() == '#') continue;
      if (line.front() == '[')
        reason = parse_refusal(line.substr(1, line.size() - 2)).value();
      else
        out.push_back({reason, list.language, line, phrase_pattern(line)});
    }
  }
  return out;
}

}  // namespace

std::span<const listed_phrase> listed_phrases() {
  static const std::vector<listed_phrase> all = read_lists();
  return all;
}

std::optional<refusal> moderate(std::string_view prompt, const routing_policy& policy) {
  const std::string plain = folded_words(prompt);
  const std::string unmasked = unmasked_words(prompt);
  const auto holds = [&](std::string_view pattern) {
    return !pattern.empty() && (plain.find(pattern) != std::string::npos ||
                                unmasked.find(pattern) != std::string::npos);
  };
  const auto refused_here = [&](refusal r) {
    return std::find(policy.refuse.begin(), policy.refuse.end(), r) != policy.refuse.end();
  };
  std::optional<refusal> gravest;
  for (const listed_phrase& p : listed_phrases()) {
    if (!refused_here(p.reason) || (gravest && *gravest <= p.reason)) continue;
    const bool allowed =
        std::find(policy.allowed.begin(), policy.allowed.end(), p.text) != policy.allowed.end();
    if (!allowed && holds(p.pattern)) gravest = p.reason;
  }
  const auto holds_word = [&](const std::string& word) { return holds(phrase_pattern(word)); };
  if (!gravest && std::any_of(policy.words.begin(), policy.words.end(), holds_word))
    gravest = refusal::off_topic;
  return gravest;
}

}  // namespace agon::routing

// The word lists that stand in for the endpoint: what is refused without it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/routing/decision.hpp"

namespace agon::routing {

struct listed_phrase {
  refusal reason = refusal::off_topic;
  std::string_view language;  // of the list it stands in
  std::string_view text;      // as it stands in the list
  std::string pattern;        // what to look for in folded text
};
// The lists of words/*.txt, as built into the program.
[[nodiscard]] std::span<const listed_phrase> listed_phrases();

// The gravest reason of the policy whose phrase the prompt holds; every list is searched,
// whatever language the prompt is in. Words of the arena itself are off_topic. Nothing
// if it may pass. Linear in the prompt for each phrase.
[[nodiscard]] std::optional<refusal> moderate(std::string_view prompt,
                                              const routing_policy& policy);

}  // namespace agon::routing

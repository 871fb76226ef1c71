// What routing makes of a prompt: refused for a reason, or a structured request.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/routing/request_schema.hpp"

namespace agon::routing {

// Why a prompt is not taken: a closed set, in order of gravity.
enum class refusal {
  sexual_minors,
  self_harm,
  violence,
  hate,
  sexual,
  illegal,
  personal_data,
  off_topic,
};
inline constexpr std::array<refusal, 8> all_refusals{
    refusal::sexual_minors, refusal::self_harm, refusal::violence,      refusal::hate,
    refusal::sexual,        refusal::illegal,   refusal::personal_data, refusal::off_topic};
[[nodiscard]] std::string_view name_of(refusal r);
[[nodiscard]] std::optional<refusal> parse_refusal(std::string_view name);
// For the person who typed it: what kind of thing is not taken here, and what to do.
[[nodiscard]] std::string_view explanation(refusal r);

enum class decider { rules, endpoint };
[[nodiscard]] std::string_view name_of(decider d);

// Why the endpoint did not decide: recorded, and counted in metrics.
enum class endpoint_outcome { not_asked, decided, timeout, unavailable, nonsense };
[[nodiscard]] std::string_view name_of(endpoint_outcome o);

// An arena's own words about routing (`routing:` in its file).
struct routing_policy {
  bool ask_endpoint = true;  // where the server has one
  std::vector<refusal> refuse{all_refusals.begin(), all_refusals.end()};
  std::vector<std::string> words;    // refused here besides the lists, as off_topic
  std::vector<std::string> allowed;  // words of the lists that are taken here
  std::string purpose;               // told to the endpoint: what a fitting prompt is
};

struct routing_question {
  std::string prompt;                      // UTF-8, tidied and checked
  request stated;                          // what the voter set; always wins
  std::string language;                    // as the voter told; or empty
  const request_schema* schema = nullptr;  // outlives the decision's making
  const routing_policy* policy = nullptr;  // likewise
  std::vector<std::string> languages;      // spoken in the arena; empty: any
};

struct decision {
  std::optional<refusal> refused;
  request fields;        // stated, found in the text, and defaults; valid by the schema
  std::string language;  // BCP 47 of the prompt; empty: not known
  decider by = decider::rules;
  endpoint_outcome endpoint = endpoint_outcome::not_asked;
  double seconds = 0;
};

// What was found in the text joins what the voter stated: what was stated wins, what the
// schema would refuse is left out, and defaults fill the rest.
[[nodiscard]] request merge(const request_schema& schema, const request& stated, request found);

}  // namespace agon::routing

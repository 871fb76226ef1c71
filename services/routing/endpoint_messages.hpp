// What is said to an OpenAI-compatible chat endpoint that routes, and what it answers. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/routing/decision.hpp"

namespace agon::routing {

// The body of POST …/chat/completions: moderation and structure in one call, with a JSON
// Schema for the answer (response_format json_schema, strict: every field is required and
// may be null).
[[nodiscard]] std::string endpoint_request(const routing_question& q, const std::string& model);

// The decision in a completion's body. Nothing if it is nonsense: no JSON, cut off, refused
// by the model itself, of another form than was asked for, or refused for a reason that is
// none. Fields that the arena's schema does not allow are left out. An arena's own words
// (routing_policy::words) are refused whatever the endpoint says.
[[nodiscard]] std::optional<decision> read_endpoint_answer(std::string_view body,
                                                           const routing_question& q);

}  // namespace agon::routing

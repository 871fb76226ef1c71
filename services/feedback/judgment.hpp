// Answers become judgments: checked against the protocol, typed, and given the
// canonical byte form that is stored, hashed and released.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ratings/outcome.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/core/id.hpp"
#include "services/feedback/protocol.hpp"

namespace agon::feedback {

// What a client sent for one question.
struct answer {
  std::string question;
  std::string value;  // a winner's name, or the text of a comment
};

struct judgment {
  std::string question;
  question_kind kind = question_kind::comparison;
  // Of the vote alone: the comparison on the criterion overall. Others keep it in the body.
  std::optional<ratings::outcome> winner;
  std::string body;  // canonical JSON (RFC 8785)
};

// What surrounds the answers of one request.
struct judgment_context {
  int arena = 0;
  battle_id battle;
  participant_id participant;
  std::string source = "human";
  time_point answered_at;                        // by the server
  std::optional<time_point> client_shown_at;     // by the client's clock
  std::optional<time_point> client_answered_at;  // by the client's clock
  std::optional<double> active_seconds;          // page in the foreground
};

// All answers of a request, the vote first. Answers that come without the vote come after
// it, when the systems are revealed; their body says so. errc::invalid_input with a complaint per
// field ("/answers/1/value") for an unknown question, a repeated one, a value that the
// question does not take, text over its length or with control characters, and for a
// missing required question when the vote is among the answers. Empty comments are
// dropped. A request without anything left is refused.
[[nodiscard]] result<std::vector<judgment>> judge(const protocol& p,
                                                  const std::vector<answer>& answers,
                                                  const judgment_context& context);

}  // namespace agon::feedback

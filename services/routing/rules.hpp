// The deterministic half of routing: the same prompt always gets the same decision.
#pragma once

#include "services/routing/decision.hpp"

namespace agon::routing {

// Moderates by word lists (moderation.hpp), detects the language (language.hpp) and fills
// the fields of the schema by their rules (text_fields.hpp). Never fails; about 0.1 ms.
[[nodiscard]] decision decide_by_rules(const routing_question& q);

}  // namespace agon::routing

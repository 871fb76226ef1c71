// Participants and their consent. Implemented in services/store/postgres; lives in the
// schema `person`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/core/id.hpp"

namespace agon::participants {

struct consent {
  int arena = 0;
  std::string text_sha256;  // hexadecimal
  std::vector<std::string> purposes;
  time_point given_at;
};

class participant_store {
 public:
  virtual ~participant_store() = default;

  // Keeps a consent; makes the participant if there is none of this id.
  [[nodiscard]] virtual awaitable<result<void>> give_consent(participant_id p, consent c) = 0;
  // The newest consent of each arena. Empty for an unknown participant.
  [[nodiscard]] virtual awaitable<result<std::vector<consent>>> consents(participant_id p) = 0;
};

}  // namespace agon::participants

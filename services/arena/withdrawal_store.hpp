// Votes that were taken back. Implemented in services/store/postgres.
#pragma once

#include <optional>

#include "services/core/awaitable.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/core/id.hpp"

namespace agon::arena {

class withdrawal_store {
 public:
  virtual ~withdrawal_store() = default;
  // Takes a participant's vote about a battle back, for good: since when it is. The first
  // time counts, whoever asks again. Nothing if there is no vote. Completes after the row is
  // durable.
  [[nodiscard]] virtual awaitable<result<std::optional<time_point>>> withdraw(
      battle_id battle, participant_id participant, time_point now) = 0;
};

}  // namespace agon::arena

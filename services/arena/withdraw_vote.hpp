// Use case: a vote is taken back.
#pragma once

#include "services/arena/arena_catalog.hpp"
#include "services/arena/battle_store.hpp"
#include "services/arena/record_judgments.hpp"
#include "services/arena/withdrawal_store.hpp"
#include "services/core/clock.hpp"

namespace agon::arena {

// Until when a vote can be taken back: as long as no release may hold it, and in any case
// until its battle expires.
[[nodiscard]] time_point withdrawable_until(const arena& a, const ballot& b, time_point voted_at);

class withdraw_vote {
 public:
  withdraw_vote(arena_catalog& arenas, battle_store& battles, record_judgments& judged,
                withdrawal_store& withdrawals, clock_source& clock)
      : arenas_(arenas),
        battles_(battles),
        judged_(judged),
        withdrawals_(withdrawals),
        clock_(clock) {}

  // The receipt with withdrawn_at: the vote, and whatever was said about its battle, leaves
  // boards and releases. The same again for who asks again. errc::not_found also for somebody
  // else's battle; conflict without a vote, or when the time is over.
  [[nodiscard]] awaitable<result<receipt>> run(battle_id id, participant_id participant);

 private:
  arena_catalog& arenas_;
  battle_store& battles_;
  record_judgments& judged_;
  withdrawal_store& withdrawals_;
  clock_source& clock_;
};

}  // namespace agon::arena

// Use case: the page tells what was played; the server decides whether the gate is open.
#pragma once

#include <span>
#include <vector>

#include "services/arena/battle_store.hpp"
#include "services/core/clock.hpp"

namespace agon::arena {

class record_exposures {
 public:
  record_exposures(battle_store& battles, clock_source& clock) : battles_(battles), clock_(clock) {}

  // The battle with heard_seconds and gate_met_at brought up to date. errc::not_found
  // also for somebody else's battle, battle_not_ready, battle_failed, battle_expired.
  [[nodiscard]] awaitable<result<battle>> run(battle_id id, participant_id participant,
                                              std::vector<exposure_event> events);

 private:
  battle_store& battles_;
  clock_source& clock_;
};

// How a participant takes the sides in: recordings one after the other, texts and pictures
// beside each other.
enum class attention { in_turn, at_once };

// Puts into `r` what a battle is credited with, given what its events claim was heard or seen of
// each side and what its participant was credited with before: no more than time has passed
// (attention_budget.hpp), and nothing more after the vote. Opens the gate when it is met.
void count_exposures(battle b, time_point now, attention way, std::span<const double> claimed,
                     const past_attention& past, exposure_record& r);

// True if each side was heard or seen for as long as it requires, and as much time has really
// passed since the battle was shown: a client's word alone does not open the gate.
[[nodiscard]] bool gate_is_met(const battle& b, time_point now, attention way = attention::in_turn);

}  // namespace agon::arena

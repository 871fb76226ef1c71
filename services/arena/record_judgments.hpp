// Use case: the vote, and what is said about it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/arena/arena_catalog.hpp"
#include "services/arena/judgment_log.hpp"
#include "services/core/clock.hpp"

namespace agon::arena {

struct judgment_request {
  battle_id battle;
  participant_id participant;
  std::string idempotency_key;
  std::vector<feedback::answer> answers;
  std::optional<time_point> client_shown_at;
  std::optional<time_point> client_answered_at;
  std::optional<double> active_seconds;
};

// What a participant gets for a durable judgment: who was in which slot.
struct receipt {
  ballot b;
  time_point recorded_at;
  std::optional<ratings::outcome> winner;
  std::vector<std::string> questions;  // answered durably, in this call or by the first one
  bool repeated = false;
  std::optional<time_point> withdrawn_at{};  // the vote was taken back
};

class record_judgments {
 public:
  record_judgments(arena_catalog& arenas, judgment_log& log, clock_source& clock)
      : arenas_(arenas), log_(log), clock_(clock) {}

  // errc::not_found also for somebody else's battle; battle_not_ready, battle_failed,
  // battle_expired, gate_not_met, already_judged, invalid_input; overloaded and
  // unavailable from the log. A retry with the same key gets the first receipt, even
  // after the battle has expired.
  [[nodiscard]] awaitable<result<receipt>> run(judgment_request request);

  // The receipt of a battle that this participant has judged; nothing if not judged.
  [[nodiscard]] awaitable<result<std::optional<receipt>>> find(ballot b);

 private:
  struct attempt;

  result<submission> decide(attempt& a, ballot b) const;
  awaitable<result<void>> find_out(std::shared_ptr<attempt> a, error otherwise);
  awaitable<result<receipt>> earlier(ballot b, std::string key, error otherwise);

  arena_catalog& arenas_;
  judgment_log& log_;
  clock_source& clock_;
};

}  // namespace agon::arena

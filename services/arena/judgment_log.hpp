// Where judgments become durable. Implemented in services/store/postgres by the
// group-commit writer.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/arena/battle.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/core/id.hpp"
#include "services/feedback/judgment.hpp"

namespace agon::arena {

// The judgments of one request: all become durable in one transaction, or none.
struct submission {
  int arena = 0;
  battle_id battle;
  participant_id participant;
  int protocol_version = 0;
  std::string idempotency_key;
  time_point answered_at;
  std::vector<feedback::judgment> judgments;  // the vote first, if it is among them
};

// Says what is to be recorded about a battle as it stands, or why nothing is. Called on the
// log's own thread: it must not block, and owns what it needs, for its caller may give up.
// Called again if the connection breaks before it has said yes.
using decision = std::function<result<submission>(ballot)>;

struct recorded {
  time_point answered_at;                  // of the first receipt
  bool repeated = false;                   // the same key came before; nothing was written now
  std::optional<ratings::outcome> winner;  // of the vote with this key, if any
};

struct past_judgment {
  std::string question;
  std::optional<ratings::outcome> winner;
  time_point answered_at;
  std::string idempotency_key;
  std::optional<time_point> withdrawn_at{};  // of the vote, and with it of all
};

class judgment_log {
 public:
  virtual ~judgment_log() = default;

  // Records a submission. errc::already_judged if a question of it is answered under
  // another key; the earlier receipt if the same key comes again; errc::overloaded
  // when the bounded queue is full. Completes after the rows are durable. Safe to call
  // from any thread.
  [[nodiscard]] virtual awaitable<result<recorded>> record(submission s) = 0;

  // Looks the battle up, decides, and records, in one go; errc::not_found if there is no
  // such battle, and the decision's own errors. Votes that queue up together share one
  // look-up, one statement and one commit.
  [[nodiscard]] virtual awaitable<result<recorded>> record(battle_id battle, decision decide) = 0;

  // What this participant has answered about a battle.
  [[nodiscard]] virtual awaitable<result<std::vector<past_judgment>>> judgments(
      battle_id battle, participant_id participant) = 0;
};

}  // namespace agon::arena

// Use case: a participant asks for a battle.
#pragma once

#include <string>

#include "privacy/crypto/random.hpp"
#include "services/arena/arena_catalog.hpp"
#include "services/arena/battle_store.hpp"
#include "services/arena/board_gains.hpp"
#include "services/arena/refusal_store.hpp"
#include "services/arena/sampling.hpp"
#include "services/core/clock.hpp"
#include "services/routing/router.hpp"

namespace agon::arena {

struct battle_request {
  participant_id participant;
  std::string idempotency_key;
  std::string prompt;
  std::string prompt_source = "typed";
  std::string language;
  routing::request stated;  // fields of the request that the participant set
  // What the participant has agreed to, as found by the caller.
  std::string consent_sha256;
  std::vector<std::string> purposes;
};

struct admitted_battle {
  battle b;
  drawn_pair pair;       // whom to ask first
  gains_ptr gains;       // that the pair was drawn by; a replacement is drawn by the same
  bool created = false;  // false: the same key came before, nothing is to be generated
};

class create_battle {
 public:
  create_battle(battle_store& battles, refusal_store& refusals, routing::router& router,
                const board_gains& gains, id_source& ids, clock_source& clock,
                crypto::random_source& random)
      : battles_(battles),
        refusals_(refusals),
        router_(router),
        gains_(gains),
        ids_(ids),
        clock_(clock),
        random_(random) {}

  // Checks prompt, request and consent, routes the prompt, draws the pair and stores the
  // battle as admitted. errc::invalid_input, consent_required, consent_outdated,
  // prompt_refused (counted, and not kept), request_unsupported (fewer than two systems
  // fit; the fields say why), conflict (same key, another request), and the store's.
  [[nodiscard]] awaitable<result<admitted_battle>> run(arena_ptr arena, battle_request request);

 private:
  [[nodiscard]] awaitable<result<routing::decision>> route(arena_ptr arena,
                                                           const battle_request& request);

  battle_store& battles_;
  refusal_store& refusals_;
  routing::router& router_;
  const board_gains& gains_;
  id_source& ids_;
  clock_source& clock_;
  crypto::random_source& random_;
};

}  // namespace agon::arena

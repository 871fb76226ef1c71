// Use case: a participant asks for a battle.
#pragma once

#include <string>

#include "privacy/crypto/random.hpp"
#include "services/arena/arena_catalog.hpp"
#include "services/arena/battle_store.hpp"
#include "services/arena/sampling.hpp"
#include "services/core/clock.hpp"

namespace agon::arena {

struct battle_request {
  participant_id participant;
  std::string idempotency_key;
  std::string prompt;
  std::string prompt_source = "typed";
  std::string language;
  // What the participant has agreed to, as found by the caller.
  std::string consent_sha256;
  std::vector<std::string> purposes;
};

struct admitted_battle {
  battle b;
  drawn_pair pair;       // whom to ask first
  bool created = false;  // false: the same key came before, nothing is to be generated
};

class create_battle {
 public:
  create_battle(battle_store& battles, id_source& ids, clock_source& clock,
                crypto::random_source& random)
      : battles_(battles), ids_(ids), clock_(clock), random_(random) {}

  // Checks prompt and consent, draws the pair and stores the battle as admitted.
  // errc::invalid_input, consent_required, consent_outdated, unsupported (fewer than two
  // systems fit), conflict (same key, another request), and the store's.
  [[nodiscard]] awaitable<result<admitted_battle>> run(arena_ptr arena, battle_request request);

 private:
  battle_store& battles_;
  id_source& ids_;
  clock_source& clock_;
  crypto::random_source& random_;
};

// Systems that may be drawn for a prompt of this language (empty: not told), with the
// weights of the arena's file.
[[nodiscard]] std::vector<candidate> candidates_of(const running_arena& arena,
                                                   std::string_view language);

}  // namespace agon::arena

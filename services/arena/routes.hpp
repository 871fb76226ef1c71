// The arena's part of the API: arenas, battles, exposures, judgments, media.
#pragma once

#include <atomic>

#include "services/arena/create_battle.hpp"
#include "services/arena/generate_battle.hpp"
#include "services/arena/record_exposures.hpp"
#include "services/arena/record_judgments.hpp"
#include "services/arena/withdraw_vote.hpp"
#include "services/http/router.hpp"
#include "services/integrity/rate_limiter.hpp"
#include "services/participants/participant_store.hpp"
#include "services/participants/sessions.hpp"

namespace agon::arena {

struct arena_api {
  arena_catalog& arenas;
  arena_store& counts;
  battle_store& battles;
  create_battle& create;
  generate_battle& generate;
  record_exposures& expose;
  record_judgments& judge;
  withdraw_vote& withdraw;
  media_store& media;
  participants::participant_store& participants;
  const participants::sessions& who;
  integrity::rate_limiter& limiter;
  clock_source& clock;
  crypto::random_source& random;
};

// `api` and what it refers to must outlive the router.
void add_arena_routes(http::router& router, arena_api& api);
void add_battle_routes(http::router& router, arena_api& api);
void add_withdrawal_routes(http::router& router, arena_api& api);

}  // namespace agon::arena

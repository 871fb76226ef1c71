// /api/v1/my-data: what a participant may see, take along, withdraw and erase, by the session's
// cookie or by the link (Authorization: Bearer …).
#pragma once

#include "services/http/router.hpp"
#include "services/integrity/rate_limiter.hpp"
#include "services/participants/erase_participant.hpp"
#include "services/participants/sessions.hpp"

namespace agon::participants {

struct rights_api {
  rights_store& store;
  erase_participant& erase;
  const sessions& who;
  clock_source& clock;
  crypto::random_source& random;
  integrity::rate_limiter& limiter;
};

// `api` and what it refers to must outlive the router.
void add_rights_routes(http::router& router, rights_api& api);

}  // namespace agon::participants

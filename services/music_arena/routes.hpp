// Music Arena's gateway API on one audio arena: GET /systems, /prebaked, /health and
// /health_check, POST /generate_battle and /record_vote, so that its front end and its curl
// client run against Agon as they are.
//
// Their API knows no cookies and no tokens. So none are read or given here: no page of another
// site can use a visitor's session by it, and Agon's own sessions cannot see its battles. Who
// votes is told by the body: the participant is a keyed hash of the session's uuid, which only
// its client knows, and of what the front end says of the user. Whoever knows none of it cannot
// vote on a battle, and whoever invents sessions stays within the limits of the address it
// comes from. The rest is Agon's own: consent, gate, one vote per battle, blindness.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "privacy/crypto/hash.hpp"
#include "services/arena/routes.hpp"
#include "services/http/forwarded.hpp"
#include "services/http/router.hpp"
#include "services/music_arena/answers.hpp"

namespace agon::music_arena {

struct facade_settings {
  std::string arena;     // slug of the arena; empty: no façade
  std::string base_url;  // before /media/…; empty: as the client called us
  // What ack_tos must be for all of the arena's purposes: a checksum of terms that name them. Any
  // other acknowledgement agrees to what is required, and nothing is published of it.
  std::vector<std::string> terms;
  // Addresses or networks of front ends: many people come from them, so that their limits
  // count users as the front end names them.
  std::vector<std::string> front_ends;
  std::map<std::string, system_key> systems;  // by slug; others are slug and "initial"
  bool tls = false;                           // clients call us by https
};

struct facade_api {
  facade_api(arena::arena_api& a, facade_settings s, std::string_view secret);

  arena::arena_api& arena;
  facade_settings settings;
  crypto::hmac_sha256_key key;
  http::trusted_proxies front_ends;
};

// `api` and what it refers to must outlive the router.
void add_routes(http::router& router, facade_api& api);

// SLUG=TAG:VARIANT. errc::invalid_input.
[[nodiscard]] result<std::pair<std::string, system_key>> parse_system_key(std::string_view text);

}  // namespace agon::music_arena

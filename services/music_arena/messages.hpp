// What clients of Music Arena's gateway send: JSON bodies as plain values. Members that they
// send and nobody here needs are passed over, as their own gateway keeps and forgets them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ratings/outcome.hpp"
#include "services/arena/exposure.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/core/id.hpp"
#include "services/routing/request.hpp"

namespace agon::music_arena {

// Who asks, by the front end's word. Everything in it is chosen by the client.
struct visitor {
  std::string session;      // its uuid
  std::string address;      // salted_ip; empty if not told
  std::string fingerprint;  // salted_fingerprint; empty if not told
  std::string terms;        // ack_tos: a checksum of the terms; "true" for the bare word
};

struct battle_wish {
  visitor who;
  std::string prompt;
  bool detailed = false;     // the client structured it: no routing was asked for
  routing::request request;  // instrumental, lyrics, duration, bpm, as far as stated
};

struct listen_event {
  arena::exposure_kind kind = arena::exposure_kind::play;
  double at = 0;  // Unix time by the client's clock
};

struct vote_wish {
  visitor who;
  battle_id battle;
  ratings::outcome preference = ratings::outcome::tie;
  time_point preferred_at;
  std::vector<listen_event> a;
  std::vector<listen_event> b;
  // Empty: nothing was written.
  std::string feedback;
  std::string a_feedback;
  std::string b_feedback;
};

// Of one vote. Their front end ticks about once a second while it plays.
inline constexpr std::size_t most_listen_events = 2000;  // of one side
inline constexpr std::size_t largest_body = 256UL * 1024;

// The bodies of POST /generate_battle and POST /record_vote. errc::invalid_input with a
// sentence such as "session is required"; errc::consent_required if the terms were not
// accepted; errc::not_found for a battle_uuid that can be none of ours.
[[nodiscard]] result<battle_wish> read_battle_wish(std::string_view body);
[[nodiscard]] result<vote_wish> read_vote_wish(std::string_view body);

}  // namespace agon::music_arena

#include "services/arena/battle.hpp"

namespace agon::arena {

std::string_view name_of(battle_state s) {
  switch (s) {
    case battle_state::admitted:
      return "admitted";
    case battle_state::generating:
      return "generating";
    case battle_state::ready:
      return "ready";
    case battle_state::failed:
      return "failed";
    case battle_state::expired:
      return "expired";
  }
  return "failed";
}

std::string_view name_of(output_status s) {
  switch (s) {
    case output_status::shown:
      return "shown";
    case output_status::failed:
      return "failed";
    case output_status::unused:
      return "unused";
  }
  return "failed";
}

namespace {

battle_state by_the_clock(battle_state state, time_point expires_at, time_point now) {
  if (state != battle_state::failed && now >= expires_at) return battle_state::expired;
  return state;
}

}  // namespace

battle_state battle::state_at(time_point now) const {
  return by_the_clock(state, expires_at, now);
}

battle_state ballot::state_at(time_point now) const {
  return by_the_clock(state, expires_at, now);
}

ballot ballot_of(const battle& b) {
  ballot out{b.arena,
             b.id,
             b.participant,
             b.protocol_version,
             b.state,
             {},
             b.gate_met_at.has_value(),
             b.self_named,
             b.expires_at,
             b.failure};
  for (const battle_slot& s : b.slots)
    out.slots.push_back({s.system, s.generation_seconds, s.support});
  return out;
}

}  // namespace agon::arena

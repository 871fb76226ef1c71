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

battle_state battle::state_at(time_point now) const {
  if (state != battle_state::failed && now >= expires_at) return battle_state::expired;
  return state;
}

}  // namespace agon::arena

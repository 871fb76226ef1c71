// What systems made, as rows.
#pragma once

#include <vector>

#include "services/arena/battle.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// The same attempt once more changes nothing.
void insert_output(session& db, const arena::output& o);
// Slot A first.
[[nodiscard]] std::vector<arena::output> find_shown_outputs(session& db, battle_id id);

}  // namespace agon::store

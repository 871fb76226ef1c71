// What is held about a participant, as rows.
#pragma once

#include <optional>
#include <vector>

#include "services/participants/rights_store.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// Nothing if there is neither a participant of this id nor a battle of theirs.
[[nodiscard]] std::optional<participants::holdings> find_holdings(session& db, participant_id p);
[[nodiscard]] std::vector<participants::held_battle> find_held_battles(
    session& db, participant_id p, std::optional<battle_id> after, int count);
// Oldest first.
[[nodiscard]] std::vector<participants::held_consent> find_all_consents(session& db,
                                                                        participant_id p);

}  // namespace agon::store

// What was played, as rows.
#pragma once

#include <optional>
#include <vector>

#include "services/arena/battle_store.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// In order of sequence.
[[nodiscard]] std::vector<arena::exposure_event> find_exposures(session& db, battle_id id);
// What the participant's battles hold now. Until the transaction ends no other one counts
// exposures of this participant. Nothing if there is no such battle.
[[nodiscard]] std::optional<arena::past_attention> find_attention(session& db, battle_id battle,
                                                                  participant_id participant);
// Adds the new events, and raises what was heard and the gate with them; neither ever
// falls, so that requests that overtake each other do no harm. False if there is no such
// battle.
[[nodiscard]] bool insert_exposures(session& db, const arena::exposure_record& r);

}  // namespace agon::store

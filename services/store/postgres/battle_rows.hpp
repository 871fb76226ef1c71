// A battle's row, read and named in one place.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "services/arena/battle.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// The battles of these ids, in one statement; unknown ids are left out. Its plan looks
// at the partitions between the smallest and the largest id only.
[[nodiscard]] std::unordered_map<battle_id, arena::battle> find_battles(
    session& db, std::span<const battle_id> ids);

// What judging needs of them, likewise.
[[nodiscard]] std::unordered_map<battle_id, arena::ballot> find_ballots(
    session& db, std::span<const battle_id> ids);

// The statements themselves, for the test of their plans.
[[nodiscard]] const statement& find_battles_statement();
[[nodiscard]] const statement& find_ballots_statement();

// Names as the tables' checks spell them.
[[nodiscard]] std::string_view to_sql(arena::battle_state s);
[[nodiscard]] std::string_view to_sql(arena::output_status s);
// Throw std::invalid_argument for a name that is none.
[[nodiscard]] arena::battle_state battle_state_of(std::string_view name);
[[nodiscard]] arena::output_status output_status_of(std::string_view name);

}  // namespace agon::store

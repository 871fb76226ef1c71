// Battles and judgments for the tests of the store.
#pragma once

#include <string>
#include <vector>

#include "services/arena/battle.hpp"
#include "services/arena/judgment_log.hpp"
#include "tests/integration/postgres_fixture.hpp"

namespace agon::test {

// A source of ids shared by a program's tests.
template <class Id>
[[nodiscard]] Id new_id();

[[nodiscard]] time_point now();

// Arena 1 with four systems and one consent text (64 times "a"), by SQL.
void add_arena(const database& db);
inline const std::string consent_sha256(64, 'a');

// An admitted battle of a new participant.
[[nodiscard]] arena::battle new_battle();
// With slots of systems 1 and 2.
[[nodiscard]] arena::battle ready_battle();
// Puts ready battles into the database by SQL, faster than through the store.
[[nodiscard]] std::vector<battle_id> add_ready_battles(const database& db, int count);

[[nodiscard]] feedback::judgment vote_for(ratings::outcome winner);
[[nodiscard]] feedback::judgment comment(std::string question, std::string text = "warm");
// One vote of a new participant with a new key.
[[nodiscard]] arena::submission vote_on(battle_id battle,
                                        ratings::outcome winner = ratings::outcome::a);

}  // namespace agon::test

// Battles in PostgreSQL (services/arena/battle_store.hpp).
#pragma once

#include <memory>

#include "privacy/crypto/random.hpp"
#include "services/arena/battle_store.hpp"
#include "services/store/postgres/batch_settings.hpp"

namespace agon::store {

class pool;

// find() has a thread and a connection of its own, made by `lookups`; the rest runs on
// `calls`. Both arguments by reference outlive the store, as do the callers' contexts.
[[nodiscard]] std::unique_ptr<arena::battle_store> make_battle_store(pool& calls,
                                                                     batch_settings lookups,
                                                                     crypto::random_source& random);

}  // namespace agon::store

// Arenas in PostgreSQL (services/arena/arena_store.hpp).
#pragma once

#include <memory>

#include "services/arena/arena_store.hpp"

namespace agon::store {

class pool;

// `calls` outlives the store. apply() needs the rights of the schema's owner: give it a
// pool whose connection_settings name no role.
[[nodiscard]] std::unique_ptr<arena::arena_store> make_arena_store(pool& calls);

}  // namespace agon::store

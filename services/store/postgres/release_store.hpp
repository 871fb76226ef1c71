// Releases in PostgreSQL (services/releases/release_store.hpp).
#pragma once

#include <memory>

#include "services/releases/release_store.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

class pool;

// For `agon release`: connects at the first call, and again at the first call after a
// failure; the lock is gone then. settings.role is agon_release.
//
// A comment belongs to the partition of its battle's vote, if it came before the
// partition's end; one that came later is in no partition.
[[nodiscard]] std::unique_ptr<releases::release_store> make_release_store(
    connection_settings settings);

// For the server, under agon_serve. `calls` outlives it.
[[nodiscard]] std::unique_ptr<releases::release_list> make_release_list(pool& calls);

}  // namespace agon::store

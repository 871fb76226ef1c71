// Releases in PostgreSQL (services/releases/release_store.hpp).
#pragma once

#include <memory>

#include "services/releases/release_store.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

class pool;

// Connects at once, with the role of `settings` (agon_release). Throws
// std::runtime_error if it cannot.
[[nodiscard]] std::unique_ptr<releases::release_store> make_release_store(
    connection_settings settings);

// What the server lists. `calls` outlives it.
[[nodiscard]] std::unique_ptr<releases::release_list> make_release_list(pool& calls);

}  // namespace agon::store

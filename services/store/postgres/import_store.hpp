// Imported votes in PostgreSQL (services/imports/import_store.hpp).
#pragma once

#include <memory>

#include "privacy/crypto/random.hpp"
#include "services/imports/import_store.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

// Connects at the first call. The role is the login's own: it makes arenas and partitions.
// `random` outlives the store.
[[nodiscard]] std::unique_ptr<imports::import_store> make_import_store(
    connection_settings settings, crypto::random_source& random);

}  // namespace agon::store

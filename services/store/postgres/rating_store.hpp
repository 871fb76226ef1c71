// The rating job's view of PostgreSQL (services/boards/board_store.hpp).
#pragma once

#include <memory>

#include "services/boards/board_store.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

// Connects at the first call, with the role of `settings` (agon_rate); after a failure the
// next call connects again. The lock of the election belongs to the connection.
[[nodiscard]] std::unique_ptr<boards::rating_store> make_rating_store(connection_settings settings);

}  // namespace agon::store

// Published boards in PostgreSQL (services/boards/board_store.hpp).
#pragma once

#include <memory>

#include "services/boards/board_store.hpp"

namespace agon::store {

class pool;

// `calls` outlives the store.
[[nodiscard]] std::unique_ptr<boards::board_store> make_board_store(pool& calls);

}  // namespace agon::store

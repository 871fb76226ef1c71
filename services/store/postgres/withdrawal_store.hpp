// Votes that were taken back, in PostgreSQL (services/arena/withdrawal_store.hpp).
#pragma once

#include <memory>

#include "services/arena/withdrawal_store.hpp"

namespace agon::store {

class pool;

// `calls` outlives the store.
[[nodiscard]] std::unique_ptr<arena::withdrawal_store> make_withdrawal_store(pool& calls);

}  // namespace agon::store

// Counts of refused prompts in PostgreSQL (services/arena/refusal_store.hpp).
#pragma once

#include <memory>

#include "services/arena/refusal_store.hpp"

namespace agon::store {

class pool;

// `calls` outlives the store.
[[nodiscard]] std::unique_ptr<arena::refusal_store> make_refusal_store(pool& calls);

}  // namespace agon::store

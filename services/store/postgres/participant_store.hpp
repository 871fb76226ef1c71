// Participants in PostgreSQL (services/participants/participant_store.hpp).
#pragma once

#include <memory>

#include "services/participants/participant_store.hpp"

namespace agon::store {

class pool;

// `calls` outlives the store.
[[nodiscard]] std::unique_ptr<participants::participant_store> make_participant_store(pool& calls);

}  // namespace agon::store

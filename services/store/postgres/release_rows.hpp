// The rows that a release is made of, streamed.
#pragma once

#include <functional>

#include "services/releases/release_store.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// Inside a transaction; see release_store::read().
void read_released(session& db, const releases::partition& p,
                   const std::function<void(const releases::released_battle&)>& each);

}  // namespace agon::store

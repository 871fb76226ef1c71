// Judged battles as a release takes them.
#pragma once

#include <functional>

#include "services/releases/release_store.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// Streams them in order of battle id, a thousand in memory at a time.
void read_released(session& db, const releases::partition& p,
                   const std::function<void(const releases::released_battle&)>& each);

// Both in a transaction of the caller's.
//
// Counts whose votes, and whose texts, read_released would give for publication.
[[nodiscard]] releases::release_census count_people(session& db, const releases::partition& p);

}  // namespace agon::store

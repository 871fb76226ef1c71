// What participants gave, and its end, in PostgreSQL (services/participants/rights_store.hpp).
#pragma once

#include <memory>

#include "services/participants/rights_store.hpp"

namespace agon::store {

class pool;

// `calls` outlives the store and takes the role agon_rights.
[[nodiscard]] std::unique_ptr<participants::rights_store> make_rights_store(pool& calls);

}  // namespace agon::store

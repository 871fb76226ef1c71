// Tallies in PostgreSQL (services/arena/tally_source.hpp).
#pragma once

#include <memory>

#include "services/arena/tally_source.hpp"

namespace agon::store {

class pool;

// `calls` outlives the source.
[[nodiscard]] std::unique_ptr<arena::tally_source> make_tally_source(pool& calls);

}  // namespace agon::store

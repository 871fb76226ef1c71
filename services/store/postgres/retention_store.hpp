// Retention in PostgreSQL (services/participants/retention.hpp).
#pragma once

#include <memory>

#include "services/participants/retention.hpp"

namespace agon::store {

class pool;

// `calls` outlives the store and takes the role agon_rights. `batch` is how many battles or
// participants one step looks at.
[[nodiscard]] std::unique_ptr<participants::retention_store> make_retention_store(pool& calls,
                                                                                  int batch = 500);

}  // namespace agon::store

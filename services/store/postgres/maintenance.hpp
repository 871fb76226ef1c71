// What the database needs now and then.
#pragma once

#include <chrono>
#include <cstddef>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/store/postgres/statement.hpp"

namespace agon::store {

class pool;

// Makes the partitions from last month to three months ahead, where they are missing.
inline constexpr statement make_partitions{"ensure_partitions", "select agon.ensure_partitions(3)"};

struct maintenance_report {
  int partitions = 0;        // made
  std::size_t requests = 0;  // idempotency keys forgotten
};

// Makes the partitions of the next three months and forgets idempotency keys of battles
// that are older than `keep_requests`. Called at start and daily, by every server: doing
// it twice does no harm.
[[nodiscard]] awaitable<result<maintenance_report>> maintain(
    pool& calls, std::chrono::hours keep_requests = std::chrono::hours(48));

}  // namespace agon::store

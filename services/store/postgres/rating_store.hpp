// The rating job's view of PostgreSQL (services/boards/rating_store.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "services/boards/rating_store.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

// Connects at the first call, and again at the first call after a failure: the lock of
// the election is gone then, so ask elected() again. settings.role is agon_rate.
[[nodiscard]] std::unique_ptr<boards::rating_store> make_rating_store(connection_settings settings);

// The query of read_votes, for the test of its plan.
[[nodiscard]] std::string rating_votes_sql(int arena, std::uint64_t from, std::uint64_t to,
                                           const boards::vote_columns& columns = {});

}  // namespace agon::store

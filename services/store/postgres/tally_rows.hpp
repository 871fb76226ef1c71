// Tallies as rows.
#pragma once

#include <string>
#include <vector>

#include "services/boards/pair_counts.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// By pair.
[[nodiscard]] std::vector<boards::tally_row> find_tallies(session& db, int arena,
                                                          const std::string& segment);

}  // namespace agon::store

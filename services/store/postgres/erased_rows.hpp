// The deletion of battles with all that hangs on them.
#pragma once

#include <string_view>

#include "services/participants/rights_store.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {

// Deletes what stands under these battles' ids, the battles too; notes the files that are to be
// removed, how many votes each arena has lost, and what was done. `ids` is an array literal in
// the order of the ids, `first` and `last` its ends. Inside a transaction of the caller.
[[nodiscard]] participants::erased_rows delete_battles(session& db, const std::string& ids,
                                                       const std::string& first,
                                                       const std::string& last,
                                                       std::string_view actor,
                                                       std::string_view action);

// One line of the audit, unless there is nothing to tell.
void note_audit(session& db, std::string_view actor, std::string_view action, std::string_view what,
                std::int64_t rows);

}  // namespace agon::store

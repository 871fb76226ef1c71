// Brings a database to the schema of this binary. Blocking: called at start, before
// anything else runs.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "schema/embedded.hpp"
#include "services/core/error.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

struct migration_report {
  std::vector<std::string> applied;  // names, empty if nothing was to do
  int partitions = 0;                // made ahead
};

// Applies what is missing, each file in a transaction of its own, under a lock that lets
// one process at a time do it (others wait), and makes partitions ahead. errc::conflict,
// with a sentence for the operator, if a migration that was applied has changed since, or
// the database is newer than this binary; errc::unavailable if PostgreSQL is away;
// errc::internal, naming the file and the SQLSTATE, if a file fails: nothing of it stays.
// The role of `settings` is not taken: the login must own the schema.
[[nodiscard]] result<migration_report> migrate(
    const connection_settings& settings,
    std::span<const schema::migration> known = schema::migrations());

// Nothing if the database has exactly the schema of this binary. errc::conflict as above,
// or if migrations are missing; errc::unavailable.
[[nodiscard]] result<void> check_schema(
    const connection_settings& settings,
    std::span<const schema::migration> known = schema::migrations());

}  // namespace agon::store

#include "services/store/postgres/migrations.hpp"

#include <fmt/format.h>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/maintenance.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using schema::migration;

constexpr statement find_ledger{"migration_find_ledger",
                                "select to_regclass('agon_migrations.applied') is not null"};
constexpr statement list_applied{
    "migration_list", "select number, name, sha256 from agon_migrations.applied order by number"};
constexpr statement keep_applied{
    "migration_keep",
    "insert into agon_migrations.applied (number, name, sha256) values ($1::int, $2, $3)"};

constexpr const char* make_ledger =
    "create schema if not exists agon_migrations;"
    "create table if not exists agon_migrations.applied (number int primary key,"
    " name text not null, sha256 text not null,"
    " applied_at pg_catalog.timestamptz not null default pg_catalog.now())";

// "agon" as a number: the key of a lock that nothing else takes.
constexpr const char* take_lock = "select pg_advisory_lock(1634168686)";

std::string sha256_of(const migration& m) {
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(m.sql)));
}

error unreachable() {
  return fail(errc::unavailable, "PostgreSQL cannot be reached.");
}

// How many of the known migrations are applied, or why the two do not fit.
result<std::size_t> compare(session& db, std::span<const migration> known) {
  if (!bool_of(db.exec(find_ledger)[0][0])) return std::size_t{0};
  std::size_t count = 0;
  for (const auto& row : db.exec(list_applied)) {
    const std::string name(text_of(row[1]));
    if (count == known.size())
      return fail(errc::conflict,
                  fmt::format("The database is newer than this program: it has the migration {}, "
                              "which this program does not know. Start a newer program.",
                              name));
    const migration& m = known[count++];
    if (int_of(row[0]) != m.number || name != m.name || text_of(row[2]) != sha256_of(m))
      return fail(errc::conflict,
                  fmt::format("The migration {} has changed since it was applied to this database "
                              "(as {}). Migrations are never edited: add a new one.",
                              m.name, name));
  }
  return count;
}

connection_settings as_owner(connection_settings settings) {
  settings.role.clear();
  // A migration may take its time; waiting for the lock of another server, too.
  settings.statement_timeout = settings.lock_timeout = std::chrono::milliseconds{0};
  return settings;
}

result<void> apply(session& db, const migration& m) {
  try {
    db.transact([&] {
      db.exec_text(m.name, std::string(m.sql));
      db.exec(keep_applied, m.number, std::string(m.name), sha256_of(m));
    });
    return {boost::system::in_place_value};
  } catch (const statement_failed& e) {
    return fail(errc::internal, fmt::format("The migration {} failed with SQLSTATE {}. Nothing of "
                                            "it was kept.",
                                            m.name, e.sqlstate()));
  }
}

}  // namespace

result<migration_report> migrate(const connection_settings& settings,
                                 std::span<const migration> known) {
  try {
    session db(as_owner(settings));
    db.exec_text("migration_lock", take_lock);  // until the session ends
    const auto present = compare(db, known);
    if (!present) return present.error();
    migration_report report;
    if (*present < known.size()) db.exec_text("migration_make_ledger", make_ledger);
    for (const migration& m : known.subspan(*present)) {
      if (const auto done = apply(db, m); !done) return done.error();
      report.applied.emplace_back(m.name);
    }
    report.partitions = int_of(db.exec(make_partitions)[0][0]);
    return report;
  } catch (const connection_lost&) {
    return unreachable();
  } catch (const statement_failed& e) {
    return fail(errc::internal, e.what());
  }
}

result<void> check_schema(const connection_settings& settings, std::span<const migration> known) {
  try {
    session db(as_owner(settings));
    const auto present = compare(db, known);
    if (!present) return present.error();
    if (*present < known.size())
      return fail(
          errc::conflict,
          fmt::format("The database lacks the migration {} and {} after it. Apply them with "
                      "`agon admin migrate`.",
                      known[*present].name, known.size() - *present - 1));
    return {boost::system::in_place_value};
  } catch (const connection_lost&) {
    return unreachable();
  } catch (const statement_failed& e) {
    return fail(errc::internal, e.what());
  }
}

}  // namespace agon::store

#include "services/store/postgres/sql_error.hpp"

#include <algorithm>
#include <string>

#include "services/core/log.hpp"

namespace agon::store {
namespace {

using namespace std::chrono_literals;

error retriable(errc code, std::string detail) {
  return error{code, std::move(detail), {}, 1s};
}

}  // namespace

statement_failed::statement_failed(std::string_view statement, std::string_view sqlstate)
    : std::runtime_error("statement " + std::string(statement) + " failed with SQLSTATE " +
                         std::string(sqlstate)) {
  if (sqlstate.size() == 5) std::copy_n(sqlstate.data(), 5, sqlstate_);
}

errc errc_of(std::string_view sqlstate) {
  const std::string_view of_class = sqlstate.substr(0, 2);
  if (sqlstate == "57014" || sqlstate == "55P03" || sqlstate == "25P03") return errc::timeout;
  if (sqlstate == "23505" || sqlstate == "23503") return errc::conflict;
  if (sqlstate == "25006") return errc::unavailable;  // a standby: failover is under way
  if (of_class == "08" || of_class == "53" || of_class == "57" || of_class == "58" ||
      of_class == "40")
    return errc::unavailable;
  return errc::internal;
}

bool is_poison(std::string_view sqlstate) {
  const std::string_view of_class = sqlstate.substr(0, 2);
  return of_class == "21" || of_class == "22" || of_class == "23";
}

bool ends_session(std::string_view sqlstate) {
  return sqlstate == "57P01" || sqlstate == "57P02" || sqlstate == "57P03" || sqlstate == "57P05" ||
         sqlstate.substr(0, 2) == "08";
}

error to_error(const statement_failed& e) {
  switch (errc_of(e.sqlstate())) {
    case errc::conflict:
      return fail(errc::conflict, "This has been recorded differently before.");
    case errc::timeout:
      return too_slow();
    case errc::unavailable:
      log::warn("database_refused", {{"reason", std::string_view(e.what())}});
      return database_away();
    default:
      log::error("statement_failed", {{"reason", std::string_view(e.what())}});
      return fail(errc::internal, "Something went wrong on our side.");
  }
}

error database_away() {
  return retriable(errc::unavailable, "The database is away for a moment. Try again.");
}

error queue_full() {
  return retriable(errc::overloaded, "Too much is going on at the moment. Try again.");
}

error too_slow() {
  return retriable(errc::timeout, "The database took too long to answer. Try again.");
}

}  // namespace agon::store

// How a connection to PostgreSQL is made.
#pragma once

#include <chrono>
#include <string>

#include "services/core/redacted.hpp"
#include "services/store/postgres/statement.hpp"

namespace agon::store {

struct connection_settings {
  secret url;  // "postgresql://…" or "host=… dbname=…", as libpq reads it
  // Rights of the session (SET ROLE): agon_serve, agon_rate or agon_release. Empty: the
  // login's own, for migrations.
  std::string role = "agon_serve";
  std::string application_name = "agon";
  std::chrono::milliseconds statement_timeout{5000};  // 0: none
  std::chrono::milliseconds lock_timeout{2000};       // 0: none
  std::chrono::seconds connect_timeout{3};            // unless the url says otherwise
  std::string extra_settings;              // more SET statements, each ended by a semicolon
  statement_observer* observer = nullptr;  // must outlive the connection
};

}  // namespace agon::store

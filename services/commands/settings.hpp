// What every command needs to know: from flags, and from the environment behind them.
#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>

#include "services/core/redacted.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::commands {

struct database_settings {
  std::string url;  // DATABASE_URL

  // --database, or DATABASE_URL.
  void add_to(CLI::App& command);
  // For one role and part of the program; the part appears in pg_stat_activity.
  [[nodiscard]] store::connection_settings connection(std::string role, std::string part) const;
};

// Reads a file of 64 hexadecimal digits. Throws std::runtime_error, in words for the
// operator, if it is missing or holds anything else.
[[nodiscard]] secret read_secret_file(const std::filesystem::path& path);

}  // namespace agon::commands

#include "services/commands/settings.hpp"

#include <fstream>
#include <stdexcept>

#include "privacy/crypto/encoding.hpp"

namespace agon::commands {

void database_settings::add_to(CLI::App& command) {
  command
      .add_option("--database", url,
                  "PostgreSQL, as postgresql://… or \"host=… dbname=…\" (default: DATABASE_URL)")
      ->envname("DATABASE_URL")
      ->required();
}

store::connection_settings database_settings::connection(std::string role, std::string part) const {
  store::connection_settings out;
  out.url = secret(url);
  out.role = std::move(role);
  out.application_name = "agon " + std::move(part);
  return out;
}

secret read_secret_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::string text;
  in >> text;
  const auto bytes = crypto::from_hex(text);
  if (!bytes || bytes->size() != 32)
    throw std::runtime_error("The secret file " + path.string() +
                             " must hold 64 hexadecimal digits. Make one with: "
                             "(umask 077; openssl rand -hex 32 > " +
                             path.string() + ")");
  return secret(*bytes);
}

}  // namespace agon::commands

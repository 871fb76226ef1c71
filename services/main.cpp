// agon: one binary, every role.
#include <exception>
#include <iostream>

#include "services/commands/commands.hpp"
#include "services/core/log.hpp"
#include "services/core/version.hpp"

int main(int argc, char** argv) {
  CLI::App app(
      "Agon collects human preferences live and turns them into leaderboards and open data.");
  app.set_version_flag("--version", "agon " + std::string(agon::version()) + " (" +
                                        std::string(agon::revision()) + ")");
  app.require_subcommand(1);
  std::string level = "info";
  app.add_option("--log-level", level, "debug, info, warn or error")
      ->envname("AGON_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}));

  agon::commands::action chosen;
  agon::commands::add_serve(app, chosen);
  agon::commands::add_rate(app, chosen);
  agon::commands::add_release(app, chosen);
  agon::commands::add_import(app, chosen);
  agon::commands::add_verify(app, chosen);
  agon::commands::add_pii(app, chosen);
  agon::commands::add_admin(app, chosen);
  CLI11_PARSE(app, argc, argv);

  agon::log::level least = agon::log::level::info;
  if (agon::log::parse_level(level, least)) agon::log::set_level(least);
  try {
    return chosen();
  } catch (const std::exception& e) {
    std::cerr << "agon: " << e.what() << '\n';
    return 1;
  }
}

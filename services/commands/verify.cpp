#include <iostream>

#include "privacy/release/verify.hpp"
#include "services/commands/commands.hpp"

namespace agon::commands {
namespace {

// Prints each check on a line of its own. 0 if all passed.
int verify(const std::string& directory) {
  const release::verify_report report = release::verify(directory);
  for (const release::check& c : report.checks)
    std::cout << (c.passed ? "ok    " : "FAIL  ") << c.name << ": " << c.sentence << '\n';
  if (report.ok())
    std::cout << "The release " << report.arena << "/" << report.partition
              << " holds: " << report.votes << " votes.\n";
  else
    std::cout << "The release does not hold.\n";
  return report.ok() ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, action& chosen) {
  CLI::App* command =
      app.add_subcommand("verify", "Check a release from its files alone and recompute its board");
  auto directory = std::make_shared<std::string>();
  command->add_option("directory", *directory, "The folder of one partition")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->callback([&chosen, directory] { chosen = [directory] { return verify(*directory); }; });
}

}  // namespace agon::commands

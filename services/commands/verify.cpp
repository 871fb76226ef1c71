#include <fstream>
#include <iostream>
#include <sstream>

#include "privacy/release/verify.hpp"
#include "services/commands/commands.hpp"

namespace agon::commands {
namespace {

struct verify_flags {
  std::string directory;
  release::verify_against against;
};

// The key itself, or the content of the file that is named.
std::string key_text(const std::string& given) {
  std::ifstream in(given, std::ios::binary);
  if (!in) return given;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// Prints each check on a line of its own. 0 if all passed.
int verify(verify_flags& flags) {
  if (!flags.against.public_key.empty())
    flags.against.public_key = key_text(flags.against.public_key);
  const release::verify_report report = release::verify(flags.directory, {}, flags.against);
  for (const release::check& c : report.checks)
    std::cout << (c.passed ? "ok    " : "FAIL  ") << c.name << ": " << c.sentence << '\n';
  if (report.ok())
    std::cout << "The release " << report.arena << "/" << report.partition
              << (report.revision > 0 ? " revision " + std::to_string(report.revision) : "")
              << " holds: " << report.votes << " votes.\n";
  else
    std::cout << "The release does not hold.\n";
  return report.ok() ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, action& chosen) {
  CLI::App* command =
      app.add_subcommand("verify", "Check a release from its files alone and recompute its board");
  auto flags = std::make_shared<verify_flags>();
  command->add_option("directory", flags->directory, "The folder of one partition")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->add_option("--public-key", flags->against.public_key,
                      "The arena's minisign key, or its file: the release must be signed by it");
  command
      ->add_option("--against", flags->against.other,
                   "Another partition: no id of it may stand in this one")
      ->check(CLI::ExistingDirectory);
  command->callback([&chosen, flags] { chosen = [flags] { return verify(*flags); }; });
}

}  // namespace agon::commands

#include <boost/asio/thread_pool.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "privacy/crypto/random.hpp"
#include "services/arena/arena.hpp"
#include "services/commands/commands.hpp"
#include "services/commands/router_settings.hpp"
#include "services/commands/run_blocking.hpp"
#include "services/routing/replay.hpp"

namespace agon::commands {
namespace {

struct replay_settings {
  std::string arena;
  std::string replay;
  std::string write;  // the new decisions; empty: nowhere
  router_settings router;
};

// Throws std::runtime_error, in words for the operator.
arena::arena read_definition(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = arena::parse_arena(std::move(text).str());
  if (!parsed) throw std::runtime_error(path + ": " + parsed.error().detail);
  return std::move(*parsed);
}

int replay(const replay_settings& s) {
  const arena::arena a = read_definition(s.arena);
  std::ifstream lines(s.replay, std::ios::binary);
  std::ofstream written;
  if (!s.write.empty()) written.open(s.write, std::ios::binary | std::ios::trunc);
  if (!s.write.empty() && !written) throw std::runtime_error(s.write + ": cannot be written");

  crypto::system_random random;
  boost::asio::thread_pool work(1);
  const auto router = s.router.make(work.get_executor(), random);
  routing::comparison compared;
  bool good = true;
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto recorded = routing::parse_recorded(line);
    if (!recorded) {
      std::cerr << "agon: " << s.replay << ", line " << number << ": " << recorded.error().detail
                << '\n';
      good = false;
      continue;
    }
    const routing::decision now =
        run_blocking(router->route({recorded->prompt, recorded->stated, recorded->language,
                                    &a.request, &a.routing, a.languages}));
    compared.add(number, *recorded, now, a.request);
    recorded->decided = now;
    if (written.is_open()) written << routing::to_json_line(*recorded) << '\n';
  }
  std::cout << compared.report();
  return good ? 0 : 1;
}

}  // namespace

void add_route(CLI::App& admin, action& chosen) {
  CLI::App* command = admin.add_subcommand(
      "route", "Decide recorded prompts again and compare: agreement per field, who decided");
  auto settings = std::make_shared<replay_settings>();
  command->add_option("--arena", settings->arena, "The arena file whose schema and rules count")
      ->required()
      ->check(CLI::ExistingFile);
  command
      ->add_option("--replay", settings->replay,
                   "JSON lines: {\"prompt\": …, \"decision\": {\"refused\": …, \"request\": {…}}}")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--write", settings->write, "Keep the new decisions as such a file");
  settings->router.add_to(*command);
  command->callback([&chosen, settings] { chosen = [settings] { return replay(*settings); }; });
}

}  // namespace agon::commands

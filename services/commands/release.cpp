#include <iostream>

#include "services/commands/commands.hpp"
#include "services/commands/settings.hpp"
#include "services/releases/build_release.hpp"
#include "services/store/postgres/release_store.hpp"

namespace agon::commands {
namespace {

struct release_flags {
  database_settings database;
  std::string root = "releases";
  std::string arena;  // empty: the only one there is
  std::string partition;
  bool seal = false;
};

int report(const error& e) {
  std::cerr << "agon: " << e.detail << '\n';
  return 1;
}

// The store, with the arena filled in where there is just one.
std::unique_ptr<releases::release_store> open_store(release_flags& flags) {
  auto store = store::make_release_store(flags.database.connection("agon_release", "release"));
  if (!flags.arena.empty()) return store;
  const auto slugs = store->arena_slugs();
  if (slugs.size() != 1)
    throw std::runtime_error(slugs.empty() ? "There is no arena yet. Apply one: agon admin apply"
                                           : "There are several arenas: name one with --arena.");
  flags.arena = slugs.front();
  return store;
}

int build(release_flags& flags) {
  system_clock_source clock;
  crypto::system_random random;
  const auto store = open_store(flags);
  releases::build_release work(*store, clock, random, flags.root);
  const auto built = work.build(flags.arena, flags.partition, [](std::int64_t battles) {
    std::cerr << "\r" << battles << " battles" << std::flush;
  });
  std::cerr << '\n';
  if (!built) return report(built.error());
  std::cout << "Built the draft of partition " << built->name << ": " << built->votes << " votes, "
            << built->bytes << " bytes, in " << built->directory.string() << '\n';
  if (!flags.seal) {
    std::cout << "Check it with: agon verify " << built->directory.string()
              << "\nPublish it with: agon release seal --arena " << flags.arena
              << "  (destroys its key; cannot be undone)\n";
    return 0;
  }
  const auto sealed = work.seal(flags.arena);
  if (!sealed) return report(sealed.error());
  std::cout << "Sealed: " << sealed->directory.string() << '\n';
  return 0;
}

int seal(release_flags& flags) {
  system_clock_source clock;
  crypto::system_random random;
  const auto store = open_store(flags);
  releases::build_release work(*store, clock, random, flags.root);
  const auto sealed = work.seal(flags.arena);
  if (!sealed) return report(sealed.error());
  std::cout << "Sealed partition " << sealed->name << ": " << sealed->votes << " votes, "
            << sealed->bytes << " bytes, in " << sealed->directory.string() << '\n';
  return 0;
}

int list(release_flags& flags) {
  const auto store = open_store(flags);
  const auto arena = store->find_arena(flags.arena);
  if (!arena) return report(fail(errc::not_found, "There is no arena \"" + flags.arena + "\"."));
  const auto partitions = store->list(arena->id);
  if (partitions.empty()) std::cout << "No partition yet. Make one with: agon release build\n";
  for (const releases::partition& p : partitions) {
    std::cout << p.name << "  " << (p.sealed ? "sealed" : "open  ");
    if (p.sealed)
      std::cout << "  " << p.votes << " votes  " << p.bytes << " bytes  sha256 "
                << p.manifest_sha256;
    std::cout << '\n';
  }
  return 0;
}

}  // namespace

void add_release(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand("release", "Anonymised partitions of the data");
  command->require_subcommand(1);
  auto flags = std::make_shared<release_flags>();
  const auto add = [&](const char* name, const char* help, int (*run)(release_flags&)) {
    CLI::App* sub = command->add_subcommand(name, help);
    flags->database.add_to(*sub);
    sub->add_option("--arena", flags->arena, "The arena (default: the only one)");
    sub->add_option("--releases", flags->root, "Where partitions are kept")
        ->envname("AGON_RELEASES_DIR");
    sub->callback([&chosen, flags, run] { chosen = [flags, run] { return run(*flags); }; });
    return sub;
  };
  CLI::App* building =
      add("build", "Write the open partition as a draft; begin one if none is open", build);
  building->add_option("--partition", flags->partition, "Its name, as in 2026-11 (default: today)");
  building->add_flag("--seal", flags->seal, "Seal it at once");
  add("seal", "Publish the draft and destroy its key", seal);
  add("list", "Partitions of an arena", list);
}

}  // namespace agon::commands

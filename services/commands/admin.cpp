#include <fstream>
#include <iostream>
#include <sstream>

#include "services/arena/arena.hpp"
#include "services/commands/commands.hpp"
#include "services/commands/run_blocking.hpp"
#include "services/commands/settings.hpp"
#include "services/store/postgres/arena_store.hpp"
#include "services/store/postgres/migrations.hpp"
#include "services/store/postgres/pool.hpp"

namespace agon::commands {
namespace {

void print(const error& e, const std::string& where) {
  std::cerr << "agon: " << where << e.detail << '\n';
  for (const field_error& f : e.fields) std::cerr << "  " << f.field << " " << f.reason << '\n';
}

int migrate(const database_settings& database) {
  const auto report = store::migrate(database.connection("", "migrate"));
  if (!report) {
    print(report.error(), "");
    return 1;
  }
  for (const std::string& name : report->applied) std::cout << "applied " << name << '\n';
  if (report->applied.empty()) std::cout << "The schema is up to date.\n";
  return 0;
}

result<arena::arena> read_arena(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return fail(errc::not_found, "cannot be read");
  return arena::parse_arena(std::move(text).str());
}

// Checks every file before the first one is put in force.
int apply(const database_settings& database, const std::vector<std::string>& files, bool dry_run) {
  std::vector<arena::arena> arenas;
  bool good = true;
  for (const std::string& file : files) {
    auto a = read_arena(file);
    if (a) {
      arenas.push_back(std::move(*a));
    } else {
      print(a.error(), file + ": ");
      good = false;
    }
  }
  if (!good) return 1;
  if (dry_run) {
    std::cout << files.size() << (files.size() == 1 ? " file is" : " files are") << " valid.\n";
    return 0;
  }
  crypto::system_random random;
  store::pool_settings settings;
  settings.connection = database.connection("", "apply");
  settings.connections = 1;
  store::pool pool(settings, random);
  const auto stored = store::make_arena_store(pool);
  for (const arena::arena& a : arenas) {
    const auto applied = run_blocking(stored->apply(a));
    if (!applied) {
      print(applied.error(), a.slug + ": ");
      return 1;
    }
    std::cout << "arena " << a.slug << ": version " << applied->version
              << (applied->changed ? " in force\n" : " (unchanged)\n");
  }
  return 0;
}

}  // namespace

void add_admin(CLI::App& app, action& chosen) {
  CLI::App* admin = app.add_subcommand("admin", "Set up and maintain");
  admin->require_subcommand(1);
  auto database = std::make_shared<database_settings>();

  CLI::App* migrating =
      admin->add_subcommand("migrate", "Bring the database to this version's schema");
  database->add_to(*migrating);
  migrating->callback([&chosen, database] { chosen = [database] { return migrate(*database); }; });

  CLI::App* applying =
      admin->add_subcommand("apply", "Put arena files in force (again changes nothing)");
  auto files = std::make_shared<std::vector<std::string>>();
  applying->add_option("files", *files, "arenas/*.yaml")->required()->check(CLI::ExistingFile);
  database->add_to(*applying);
  applying->callback([&chosen, database, files] {
    chosen = [database, files] { return apply(*database, *files, false); };
  });

  CLI::App* checking = admin->add_subcommand("check", "Check arena files without a database");
  checking->add_option("files", *files, "arenas/*.yaml")->required()->check(CLI::ExistingFile);
  checking->callback([&chosen, files] { chosen = [files] { return apply({}, *files, true); }; });

  add_people(*admin, chosen);
  add_route(*admin, chosen);
}

}  // namespace agon::commands

#include <iostream>

#include "services/boards/rating_job.hpp"
#include "services/commands/commands.hpp"
#include "services/commands/rate_file.hpp"
#include "services/commands/settings.hpp"
#include "services/commands/stop_signal.hpp"
#include "services/core/log.hpp"
#include "services/store/postgres/rating_store.hpp"

namespace agon::commands {
namespace {

using namespace std::chrono_literals;

// A vote reaches the board within this and the time of a fit.
constexpr auto pause_between_steps = 200ms;
constexpr auto longest_pause = 5s;
// Speeds move slowly, and measuring them reads a month of outputs.
constexpr auto pause_between_measures = 60s;

// Steps until stopped. What PostgreSQL breaks is tried again, more and more slowly.
int watch(boards::rating_job& job) {
  stop_signal stop;
  auto pause = std::chrono::milliseconds(pause_between_steps);
  bool waiting = false;
  log::info("rating_started");
  using steady = std::chrono::steady_clock;
  auto measured = steady::now() - pause_between_measures;
  while (!stop.wait(pause)) {
    try {
      const boards::step_report report = job.step();
      pause = pause_between_steps;
      if (report.elected == waiting) {
        waiting = !report.elected;
        log::info(waiting ? "rating_waits_for_election" : "rating_elected");
      }
      if (report.boards > 0)
        log::info("boards_published", {{"boards", report.boards}, {"new_votes", report.new_votes}});
      if (report.elected && steady::now() - measured >= pause_between_measures) {
        job.measure_speed();
        measured = steady::now();
      }
    } catch (const std::exception& e) {
      pause = std::min<std::chrono::milliseconds>(pause * 2, longest_pause);
      log::error("rating_failed", {{"retry_ms", pause.count()}});
      log::debug("rating_failed_because", {{"reason", e.what()}});
    }
  }
  log::info("rating_stopped");
  return 0;
}

int once(boards::rating_job& job, bool rebuild) {
  const boards::step_report report = rebuild ? job.rebuild() : job.step();
  if (!report.elected) {
    std::cerr << "agon: another rating job is running; it publishes the boards.\n";
    return 1;
  }
  job.measure_speed();
  std::cout << report.new_votes << (rebuild ? " votes counted afresh, " : " new votes, ")
            << report.boards << (rebuild ? " boards changed\n" : " boards published\n");
  return 0;
}

}  // namespace

void add_rate(CLI::App& app, action& chosen) {
  CLI::App* command =
      app.add_subcommand("rate", "Count new votes and publish boards, or rate the votes of a file");
  auto database = std::make_shared<database_settings>();
  auto watching = std::make_shared<bool>(false);
  database->add_to(*command);
  auto rebuild = std::make_shared<bool>(false);
  auto rule = std::make_shared<boards::publishing_rule>();
  auto minutes = std::make_shared<std::int64_t>(0);
  command
      ->add_option("--publish-votes", rule->votes,
                   "Boards move with so many new votes (default 1: with every vote)")
      ->check(CLI::Range(1, 1'000'000));
  command
      ->add_option("--publish-minutes", *minutes,
                   "or with fewer, when they have not moved for so long (default: never)")
      ->check(CLI::Range(0, 100'000));
  CLI::Option* url = command->get_option("--database")->required(false);
  CLI::Option* watch_flag = command->add_flag("--watch", *watching, "Go on until stopped");
  CLI::Option* rebuild_flag =
      command->add_flag("--rebuild", *rebuild, "Count every vote afresh; publishes what differs");
  rebuild_flag->excludes(watch_flag);
  auto file = std::make_shared<rate_file>(*command);
  command->get_option("--from")->excludes(watch_flag)->excludes(rebuild_flag);
  command->callback([&chosen, database, url, watching, rebuild, file, rule, minutes] {
    if (file->chosen()) {
      chosen = [file] { return file->run(); };
      return;
    }
    if (database->url.empty()) throw CLI::RequiredError(url->get_name());
    rule->interval = std::chrono::minutes(*minutes);
    chosen = [database, watching, rebuild, rule] {
      system_clock_source clock;
      const auto store = store::make_rating_store(database->connection("agon_rate", "rate"));
      boards::rating_job job(*store, clock, *rule);
      return *watching ? watch(job) : once(job, *rebuild);
    };
  });
}

}  // namespace agon::commands

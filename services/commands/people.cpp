// agon admin export, erase: what the operator does for one person; retain: and for all.
#include <boost/asio/thread_pool.hpp>
#include <fstream>
#include <iostream>

#include "services/commands/arena_views.hpp"
#include "services/commands/commands.hpp"
#include "services/commands/media_removal.hpp"
#include "services/commands/run_blocking.hpp"
#include "services/commands/settings.hpp"
#include "services/participants/data_export.hpp"
#include "services/participants/retention.hpp"
#include "services/store/media/folder_store.hpp"
#include "services/store/postgres/arena_store.hpp"
#include "services/store/postgres/migrations.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/retention_store.hpp"
#include "services/store/postgres/rights_store.hpp"

namespace agon::commands {
namespace {

using participants::holdings;

// Exit statuses beside 0.
constexpr int exit_failed = 1;
constexpr int exit_nothing_held = 3;

struct people_flags {
  database_settings database;
  std::filesystem::path media;
  std::string participant;
  std::string output;  // empty: standard output
  bool dry_run = false;
};

// The store under the role that may delete, and what it needs.
struct people_parts {
  crypto::system_random random;
  system_clock_source clock;
  store::pool pool;
  std::unique_ptr<participants::rights_store> rights = store::make_rights_store(pool);

  explicit people_parts(const database_settings& database) : pool(pool_settings(database), random) {
    const auto good = store::check_schema(database.connection("agon_rights", "check"));
    if (!good) throw std::runtime_error(good.error().detail);
  }

  static store::pool_settings pool_settings(const database_settings& database) {
    store::pool_settings out;
    out.connection = database.connection("agon_rights", "people");
    out.connection.statement_timeout = std::chrono::milliseconds(0);
    out.connections = 1;
    return out;
  }
};

int report_people(const error& e) {
  std::cerr << "agon: " << e.detail << '\n';
  return e.code == errc::not_found ? exit_nothing_held : exit_failed;
}

participant_id participant_of(const people_flags& flags) {
  return participant_id{parse_uuid(flags.participant).value()};
}

void tell_holdings(const holdings& h) {
  std::cout << "  participant       " << h.source << ", since " << to_rfc3339(h.since).substr(0, 10)
            << "\n  consents          " << h.consents.size()
            << (h.consents.size() == 1 ? " arena" : " arenas") << "\n  battles           "
            << h.battles << "\n  votes             " << h.votes;
  if (h.votes_taken_back > 0) std::cout << ", of which " << h.votes_taken_back << " taken back";
  std::cout << "\n  other judgments   " << h.other_judgments << "\n  outputs           "
            << h.outputs << ", with " << h.files << " files\n  exposures         " << h.exposures
            << '\n';
  for (const participants::sealed_votes& s : h.sealed)
    std::cout << "  sealed partition  " << s.arena << ' ' << s.partition << " may hold " << s.votes
              << (s.votes == 1 ? " vote\n" : " votes\n");
}

int erase(const people_flags& flags) {
  people_parts parts(flags.database);
  const participant_id who = participant_of(flags);
  const auto held = run_blocking(parts.rights->held(who));
  if (!held) return report_people(held.error());
  if (!*held) {
    std::cerr << "agon: Nothing is held about " << flags.participant << ".\n";
    return exit_nothing_held;
  }
  std::cout << (flags.dry_run ? "Would erase " : "Erasing ") << flags.participant << ":\n";
  tell_holdings(**held);
  if (flags.dry_run) {
    std::cout << "Nothing was changed.\n";
    return 0;
  }
  boost::asio::thread_pool work(1);
  const auto media = store::make_folder_media_store(flags.media);
  participants::erase_participant erasure(*parts.rights, parts.clock,
                                          media_removal(work.get_executor(), *media));
  participants::erasure_report sum;
  do {
    const auto done = run_blocking(erasure.run(who, participants::actor::operator_));
    if (!done) {
      std::cerr << "agon: " << done.error().detail
                << " What was begun is ended by agon serve; or run this again.\n";
      return exit_failed;
    }
    sum.rows.add(done->rows);
    sum.files += done->files;
    sum.complete = done->complete;
  } while (!sum.complete);
  std::cout << "Erased " << sum.rows.battles << " battles, " << sum.rows.votes << " votes, "
            << sum.rows.judgments - sum.rows.votes << " other judgments, " << sum.rows.outputs
            << " outputs, " << sum.rows.exposures << " exposures, " << sum.files << " files.\n"
            << "Boards follow with the next step of agon rate. What a server was writing in this "
               "moment goes within some "
            << participants::erase_participant::last_step_after.count()
            << " minutes, while agon serve runs.\n";
  if (!(*held)->sealed.empty())
    std::cout << "Sealed partitions lose the rows with their next revision (agon release watch, or "
                 "agon release revise PARTITION). Copies that were downloaded stay.\n";
  return 0;
}

int export_person(const people_flags& flags) {
  people_parts parts(flags.database);
  participants::data_export document(*parts.rights, participant_of(flags), parts.clock.now());
  std::ofstream file;
  bool begun = false;
  while (true) {
    const auto piece = run_blocking(document.next());
    if (!piece) return report_people(piece.error());
    if (!begun && !flags.output.empty()) {
      file.open(flags.output, std::ios::binary | std::ios::trunc);
      begun = true;
    }
    std::ostream& out = flags.output.empty() ? std::cout : file;
    if (piece->empty()) {
      if (out.flush()) break;
    } else if (out << *piece) {
      continue;
    }
    std::cerr << "agon: The output cannot be written.\n";
    return exit_failed;
  }
  const auto noted =
      run_blocking(parts.rights->note(participants::actor::operator_, "export", "participant", 1));
  return noted ? 0 : report_people(noted.error());
}

std::vector<participants::arena_retention> read_rules(store::pool& pool) {
  const auto stored = run_blocking(store::make_arena_store(pool)->load_all());
  if (!stored) throw std::runtime_error(stored.error().detail);
  std::vector<participants::arena_retention> rules;
  for (const arena::stored_arena& s : *stored) {
    auto parsed = arena::parse_arena(s.source);
    if (!parsed) {  // better nothing than by a guess
      std::cerr << "agon: An arena cannot be read by this version; nothing of it is deleted.\n";
      continue;
    }
    parsed->id = s.id;
    rules.push_back(retention_of(*parsed));
  }
  return rules;
}

void tell_retained(const participants::run_retention::report& r, const char* verb) {
  std::cout << verb << ' ' << r.rows[0] << " exposures, " << r.rows[1]
            << " battles without a vote, " << r.rows[2] << " participants without a battle.\n";
}

int retain(const people_flags& flags) {
  people_parts parts(flags.database);
  const auto rows = store::make_retention_store(parts.pool);
  participants::run_retention retention(*rows, parts.clock);
  const auto rules = read_rules(parts.pool);
  if (flags.dry_run) {
    const auto due = run_blocking(retention.due(rules));
    if (!due) return report_people(due.error());
    tell_retained(*due, "Would delete");
    return 0;
  }
  boost::asio::thread_pool work(1);
  const auto media = store::make_folder_media_store(flags.media);
  participants::erase_participant files(*parts.rights, parts.clock,
                                        media_removal(work.get_executor(), *media));
  participants::run_retention::report sum;
  while (true) {
    const auto done = run_blocking(retention.step(rules));
    if (!done) return report_people(done.error());
    for (std::size_t i = 0; i < sum.rows.size(); ++i) sum.rows[i] += done->rows[i];
    const auto step = run_blocking(files.step());
    if (!step) return report_people(step.error());
    if (!done->more && !step->more) {
      sum.alone = done->alone;
      break;
    }
  }
  tell_retained(sum, "Deleted");
  if (!sum.alone) std::cout << "A server was at it in the same moment, and goes on.\n";
  return 0;
}

}  // namespace

void add_people(CLI::App& admin, action& chosen) {
  auto flags = std::make_shared<people_flags>();
  const auto is_id = CLI::Validator(
      [](std::string& text) {
        return parse_uuid(text) ? std::string() : "must be a participant's id, a UUID";
      },
      "UUID");
  const auto add = [&](const char* name, const char* help) {
    CLI::App* sub = admin.add_subcommand(name, help);
    sub->add_option("participant", flags->participant, "The id, as My data shows it")
        ->required()
        ->check(is_id);
    flags->database.add_to(*sub);
    return sub;
  };
  CLI::App* exporting = add("export", "Write all that is held about a participant, as JSON");
  exporting->add_option("--output", flags->output, "The file (default: standard output)");
  exporting->callback([&chosen, flags] { chosen = [flags] { return export_person(*flags); }; });

  CLI::App* erasing = add("erase", "Delete all that a participant gave; cannot be undone");
  erasing->add_option("--media", flags->media, "Folder of outputs")
      ->envname("AGON_MEDIA_DIR")
      ->required();
  erasing->add_flag("--dry-run", flags->dry_run, "Tell what would be deleted, and delete nothing");
  CLI::App* retaining = admin.add_subcommand(
      "retain", "Delete now what the arena files keep no longer; agon serve does it every hour");
  flags->database.add_to(*retaining);
  retaining->add_option("--media", flags->media, "Folder of outputs")
      ->envname("AGON_MEDIA_DIR")
      ->required();
  retaining->add_flag("--dry-run", flags->dry_run, "Tell how much, and delete nothing");
  retaining->callback([&chosen, flags] { chosen = [flags] { return retain(*flags); }; });
  erasing->callback([&chosen, flags] { chosen = [flags] { return erase(*flags); }; });
}

}  // namespace agon::commands

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "services/commands/commands.hpp"
#include "services/commands/settings.hpp"
#include "services/core/json_reader.hpp"
#include "services/imports/import_votes.hpp"
#include "services/store/postgres/import_store.hpp"

namespace agon::commands {
namespace {

using namespace std::chrono_literals;
using imports::import_report;
using imports::import_settings;

struct import_flags {
  database_settings database;
  import_settings settings;
  std::string format;
  std::string table;
  std::string consent = "none";
  std::string rows_file;  // where each row's fate is written
  std::size_t show = 20;  // refused rows on the terminal
};

// One line on a terminal, rewritten; elsewhere a line now and then.
class import_line {
 public:
  ~import_line() {
    if (terminal_ && written_) std::cerr << "\r\033[K" << std::flush;
  }
  void update(const imports::import_progress& p) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + (terminal_ ? 200ms : 10'000ms);
    written_ = true;
    if (terminal_) std::cerr << '\r';
    std::cerr << (p.counting ? "looking through " : "importing ") << p.file << ": ";
    if (p.bytes_in_all && *p.bytes_in_all > 0)
      std::cerr << 100 * p.bytes / *p.bytes_in_all << " %, ";
    std::cerr << p.rows << " rows" << (terminal_ ? "\033[K" : "\n") << std::flush;
  }

 private:
  bool terminal_ = ::isatty(STDERR_FILENO) == 1;
  bool written_ = false;
  std::chrono::steady_clock::time_point next_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
};

void print_report(const import_report& r, bool dry_run) {
  std::cout << r.source << " → arena " << r.arena << ", " << r.systems << " systems\n"
            << r.rows << (r.rows == 1 ? " row: " : " rows: ") << r.imported
            << (dry_run ? " would be imported, " : " imported, ") << r.known << " there already, "
            << r.unjudged << " without a vote, " << r.refused << " refused\n";
  if (r.shortened > 0) std::cout << r.shortened << " texts were cut to the length that is kept\n";
}

int import_votes(import_flags& flags) {
  std::ofstream rows;
  if (!flags.rows_file.empty()) {
    rows.open(flags.rows_file, std::ios::binary | std::ios::trunc);
    if (!rows) {
      std::cerr << "agon: " << flags.rows_file << " cannot be written\n";
      return 1;
    }
  }
  crypto::system_random random;
  system_clock_source clock;
  const auto store = store::make_import_store(flags.database.connection("", "import"), random);
  imports::import_votes use(*store, clock);
  std::size_t shown = 0;
  use.on_row = [&](const imports::row_report& r) {
    if (rows.is_open()) {
      nlohmann::json line = {{"file", r.file}, {"line", r.line}, {"status", name_of(r.status)}};
      if (!r.reason.empty()) line["reason"] = r.reason;
      rows << print_json(line) << '\n';
    }
    if (r.status == imports::row_status::refused && shown++ < flags.show)
      std::cerr << r.file << ':' << r.line << ": " << r.reason << '\n';
  };
  std::optional<import_line> line(std::in_place);
  use.on_progress = [&](const imports::import_progress& p) { line->update(p); };
  const auto report = use.run(flags.settings);
  line.reset();
  if (!report) {
    std::cerr << "agon: " << report.error().detail << '\n';
    return 1;
  }
  if (shown > flags.show) std::cerr << "… and " << shown - flags.show << " more refused\n";
  print_report(*report, flags.settings.dry_run);
  if (rows.is_open() && !rows.flush()) {
    std::cerr << "agon: " << flags.rows_file << " could not be written\n";
    return 1;
  }
  return report->imported + report->known == 0 && report->refused > 0 ? 1 : 0;
}

}  // namespace

void add_import(CLI::App& app, action& chosen) {
  CLI::App* command = app.add_subcommand(
      "import", "Bring votes that were given elsewhere into an arena of their own");
  auto flags = std::make_shared<import_flags>();
  import_settings& s = flags->settings;
  flags->database.add_to(*command);
  command->add_option("files", s.files, "Files, or folders of .json files")
      ->required()
      ->check(CLI::ExistingPath);
  command
      ->add_option("--format", flags->format,
                   "Whose: music-arena (battle files, released records), lmsys (FastChat, Chatbot "
                   "Arena), comparia (compar:IA), pairs (any table of two systems and an outcome)")
      ->required()
      ->check(CLI::IsMember({"music-arena", "lmsys", "comparia", "pairs"}));
  command->add_option("--table", flags->table, "How it is written (default: by the file's name)")
      ->check(CLI::IsMember({"jsonl", "json", "csv", "tsv", "parquet"}));
  command->add_option("--source", s.source,
                      "Name of where the votes are from; rows are known again by it (default: "
                      "format and file name)");
  command->add_option("--arena", s.arena,
                      "Slug of the arena of imported votes (default: made of the source)");
  command->add_option("--title", s.title, "Its title (default: made of the source)");
  command->add_option("--judges", s.judges, "Who voted: human (default), model or simulated")
      ->check(CLI::IsMember({"human", "model", "simulated"}));
  command->add_option("--licence", s.licence, "Under which the votes are, such as CC-BY-4.0");
  command
      ->add_option("--consent", flags->consent,
                   "What that licence lets releases publish: none (default), votes, text (and "
                   "votes)")
      ->check(CLI::IsMember({"none", "votes", "text"}));
  command->add_flag("--dry-run", s.dry_run, "Tell what would be done, and do nothing");
  command->add_option("--rows", flags->rows_file,
                      "Write what became of each row to this file, as JSON lines");
  command->add_option("--show", flags->show, "Refused rows to print (default 20)");
  command->callback([&chosen, flags] {
    chosen = [flags] {
      import_settings& settings = flags->settings;
      settings.format = imports::source_format_from_text(flags->format).value();
      if (!flags->table.empty()) settings.table = imports::table_format_from_text(flags->table);
      settings.publish_votes = flags->consent != "none";
      settings.publish_text = flags->consent == "text";
      return import_votes(*flags);
    };
  });
}

}  // namespace agon::commands

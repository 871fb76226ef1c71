#include <unistd.h>

#include <fstream>
#include <iostream>

#include "privacy/pii/streams.hpp"
#include "services/commands/commands.hpp"

namespace agon::commands {
namespace {

struct pii_flags {
  std::vector<std::string> files;
  std::string format = "text";
  std::vector<std::string> kinds;
  double least_score = .4;
  std::string colour = "auto";
  bool fail = false;
  bool redact = false;
};

constexpr int status_when_found = 3;

pii::kind_set kinds_of(const pii_flags& flags) {
  // A scan shows all there is; a redaction takes out what tells people.
  if (flags.kinds.empty()) return flags.redact ? pii::personal_kinds() : pii::kind_set::all();
  pii::kind_set wanted;
  for (const std::string& name : flags.kinds) {
    if (name == "all")
      wanted = pii::kind_set::all();
    else if (name == "personal")
      wanted = pii::personal_kinds();
    else if (const auto k = pii::kind_named(name))
      wanted = wanted.with(*k);
    else
      throw std::runtime_error("there is no kind \"" + name + "\"; see: agon pii kinds");
  }
  return wanted;
}

int run_pii(const pii_flags& flags) {
  const pii::options how{kinds_of(flags), flags.least_score};
  const auto format =
      flags.format == "jsonl" ? pii::stream_format::jsonl : pii::stream_format::text;
  const bool coloured =
      flags.colour == "always" || (flags.colour == "auto" && isatty(STDOUT_FILENO) == 1);
  const auto style = coloured ? pii::text_style::highlighted : pii::text_style::plain;
  std::int64_t finds = 0;
  const auto work = [&](std::istream& in) {
    finds += (flags.redact ? pii::redact_stream(in, std::cout, format, how)
                           : pii::scan_stream(in, std::cout, format, style, how))
                 .finds;
  };
  if (flags.files.empty()) work(std::cin);
  for (const std::string& name : flags.files) {
    std::ifstream file(name, std::ios::binary);
    if (!file) throw std::runtime_error(name + " cannot be opened");
    work(file);
  }
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("the output cannot be written");
  if (coloured && !flags.redact) std::cerr << finds << " found\n";
  return flags.fail && finds > 0 ? status_when_found : 0;
}

int list_kinds() {
  for (std::size_t k = 0; k < pii::kinds; ++k) {
    const auto what = static_cast<pii::kind>(k);
    std::cout << pii::name_of(what) << (pii::personal_kinds().has(what) ? "\tpersonal" : "")
              << '\n';
  }
  return 0;
}

void add_work(CLI::App& group, const char* name, const char* about, bool redact, action& chosen) {
  CLI::App* command = group.add_subcommand(name, about);
  auto flags = std::make_shared<pii_flags>();
  flags->redact = redact;
  command->add_option("files", flags->files, "What to read; standard input if none is given");
  command->add_option("--format", flags->format, "text, or jsonl with {\"id\",\"text\"} rows")
      ->check(CLI::IsMember({"text", "jsonl"}));
  command->add_option("--kinds", flags->kinds, "Only these: names, \"all\" or \"personal\"")
      ->delimiter(',');
  command->add_option("--min-score", flags->least_score, "Leave out what is less sure")
      ->check(CLI::Range(0.0, 1.0));
  command->add_flag("--fail", flags->fail, "End with status 3 if anything was found");
  if (!redact)
    command->add_option("--color", flags->colour, "Show the text with what was found in it")
        ->check(CLI::IsMember({"auto", "always", "never"}));
  command->callback([&chosen, flags] { chosen = [flags] { return run_pii(*flags); }; });
}

}  // namespace

void add_pii(CLI::App& app, action& chosen) {
  CLI::App* group =
      app.add_subcommand("pii", "Find or take out personal data and secrets in files and pipes");
  group->require_subcommand(1);
  add_work(*group, "scan", "Show what is found, and where", false, chosen);
  add_work(*group, "redact", "Write the text with placeholders instead", true, chosen);
  group->add_subcommand("kinds", "List what can be found")->callback([&chosen] {
    chosen = list_kinds;
  });
}

}  // namespace agon::commands

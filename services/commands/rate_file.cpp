#include "services/commands/rate_file.hpp"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <iostream>

namespace agon::commands {
namespace {

constexpr auto files_group = "Votes in a file";

// One line on a terminal, rewritten; nothing for what is read within half a second.
class progress_line {
 public:
  progress_line(std::string name, std::optional<std::uint64_t> size)
      : name_(std::move(name)), size_(size), shown_(::isatty(STDERR_FILENO) == 1) {}
  ~progress_line() {
    if (written_) std::cerr << "\r\033[K" << std::flush;
  }
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  void update(std::uint64_t bytes, std::uint64_t votes) {
    using namespace std::chrono_literals;
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now < next_) return;
    next_ = now + 200ms;
    written_ = true;
    std::cerr << '\r' << name_ << ": ";
    if (size_ && *size_ > 0) std::cerr << 100 * bytes / *size_ << " %, ";
    std::cerr << votes << " votes\033[K" << std::flush;
  }

 private:
  std::string name_;
  std::optional<std::uint64_t> size_;
  bool shown_;
  bool written_ = false;
  std::chrono::steady_clock::time_point next_ =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
};

// NAME=SCORE; the name may hold an equals sign, the score none.
std::optional<ratings::score_anchor> parse_anchor(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  ratings::score_anchor out{text.substr(0, equals), 0};
  const char* const begin = text.data() + equals + 1;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(begin, end, out.score);
  if (failed != std::errc() || stop != end || begin == end) return std::nullopt;
  return out;
}

// NAME=COLUMN_A,COLUMN_B; the columns may hold an equals sign, but no comma.
std::optional<offline::feature_columns> parse_style(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t comma = text.find(',');
  if (equals == std::string::npos || comma == std::string::npos || equals == 0 ||
      comma <= equals + 1 || comma + 1 == text.size() ||
      text.find(',', comma + 1) != std::string::npos)
    return std::nullopt;
  return offline::feature_columns{
      text.substr(0, equals), text.substr(equals + 1, comma - equals - 1), text.substr(comma + 1)};
}

std::string style_check(const std::string& text) {
  return parse_style(text)
             ? ""
             : "NAME=COLUMN_A,COLUMN_B is needed, for example tokens=tokens_a,tokens_b";
}

std::vector<std::string> method_texts() {
  std::vector<std::string> out;
  for (const ratings::method m : ratings::all_methods()) out.emplace_back(ratings::to_text(m));
  return out;
}

std::string anchor_check(const std::string& text) {
  return parse_anchor(text) ? "" : "NAME=SCORE is needed, for example gpt-4=1000";
}

// What the board itself does not say.
void tell_what_lacks(std::uint64_t unjudged, const char* lacking, const ratings::board& overall,
                     const offline::rate_settings& s) {
  if (unjudged > 0)
    std::cerr << "agon: left out " << unjudged << (unjudged == 1 ? " row" : " rows") << " without "
              << lacking << '\n';
  if (s.anchor && !overall.anchored)
    std::cerr << "agon: the anchor cannot be rated; the mean of all scores is 1000 instead\n";
}

}  // namespace

rate_file::rate_file(CLI::App& command) {
  CLI::Option* from = command.add_option(
      "--from", from_,
      "Rate the votes of this file: CSV, TSV, JSON lines or Parquet; - is standard input");
  const auto add = [&](const char* name, auto& value, const char* what) {
    return command.add_option(name, value, what)->group(files_group)->needs(from);
  };
  const auto add_flag = [&](const char* name, bool& value, const char* what) {
    command.add_flag(name, value, what)->group(files_group)->needs(from);
  };
  from->group(files_group);
  add("--input", input_, "csv, tsv, jsonl or parquet; told by the file's name or bytes otherwise")
      ->check(CLI::IsMember({"csv", "tsv", "jsonl", "parquet"}));
  add("--method", method_, "How to rate")
      ->check(CLI::IsMember(method_texts()))
      ->capture_default_str();
  add("--both-bad", both_bad_,
      "Votes that found both bad: drop (default) leaves them out, tie counts them as ties, model "
      "is what grounded-rao-kupper does")
      ->check(CLI::IsMember({"drop", "tie", "model"}));
  add("--anchor", anchor_, "NAME=SCORE: this system has this score, the others follow")
      ->check(CLI::Validator(anchor_check, ""));
  add("--confidence", confidence_, "Of each interval by itself")->capture_default_str();
  add_flag("--simultaneous", simultaneous_, "Intervals that all hold at once");
  add("--bootstrap", bootstrap_.rounds,
      "Intervals by so many rounds of bootstrap over votes; a thousand are worth printing");
  add("--seed", bootstrap_.seed, "Of the bootstrap")->capture_default_str();
  add("--k", k_, "Points at stake in a vote, for Elo")->capture_default_str();
  add("--style", styles_,
      "NAME=COLUMN_A,COLUMN_B: take out of the scores what this difference between the outputs "
      "explains, (a−b)/(a+b) of two counts or lengths; contextual, may be repeated")
      ->check(CLI::Validator(style_check, ""));
  add("--feature", features_,
      "COLUMN: likewise, for a number that says how the first output differs from the second");
  add_flag("--no-side-bias", no_side_bias_, "Do not estimate what standing first is worth");
  add("--segment", columns_.segment, "Also a board for each value of this column");
  add("--model-a", columns_.model_a,
      "Column of the system shown first (default: model_a, system_a or left)");
  add("--model-b", columns_.model_b,
      "Column of the system shown second (default: model_b, system_b or right)");
  add("--winner", columns_.winner, "Column of the outcome (default: winner or preference)");
  add("--ranking", ranking_,
      "Column of rankings of several, \"best > second = also second > last\"; plackett-luce alone")
      ->excludes("--model-a")
      ->excludes("--model-b")
      ->excludes("--winner")
      ->excludes("--both-bad");
  add_flag("--skip-unjudged", skip_unjudged_, "Leave out rows whose outcome is empty or null");
  add("--format", format_, "table, csv, json or md")
      ->check(CLI::IsMember({"table", "csv", "json", "md"}))
      ->capture_default_str();
}

offline::rate_settings rate_file::settings() const {
  offline::rate_settings out;
  out.method = ratings::method_from_text(method_).value();
  out.both_bad = ratings::both_bad_policy_from_text(both_bad_);
  out.simultaneous = simultaneous_;
  out.bootstrap = bootstrap_;
  if (!anchor_.empty()) out.anchor = parse_anchor(anchor_);
  out.confidence = confidence_;
  out.k = k_;
  out.side_bias = !no_side_bias_;
  for (const std::string& text : styles_) out.features.push_back(parse_style(text).value());
  for (const std::string& column : features_) out.features.push_back({column, column, ""});
  return out;
}

files::checked<std::vector<offline::named_board>> rate_file::boards(
    const offline::rate_settings& s) const {
  auto file = files::row_file::open(
      from_, input_.empty() ? std::nullopt : files::file_format_from_text(input_));
  if (file.has_error()) return file.error();
  if (!ranking_.empty()) return boards_of_rankings(*file, s);
  offline::read_settings reading = offline::needed_by(s);
  reading.columns = columns_;
  reading.skip_unjudged = skip_unjudged_;
  std::optional<progress_line> progress(std::in_place, from_ == "-" ? "votes" : from_,
                                        file->size());
  reading.progress = [&](std::uint64_t bytes, std::uint64_t votes) {
    progress->update(bytes, votes);
  };
  const auto votes = offline::read_votes(*file, reading);
  progress.reset();
  if (votes.has_error()) return votes.error();
  auto rated = offline::rate_votes(*votes, s);
  if (rated.has_error()) return rated.error();
  tell_what_lacks(votes->unjudged, "an outcome", rated->front().content, s);
  return rated;
}

files::checked<std::vector<offline::named_board>> rate_file::boards_of_rankings(
    files::row_file& file, const offline::rate_settings& s) const {
  const auto rankings = offline::read_rankings(file, {ranking_, columns_.segment}, skip_unjudged_);
  if (rankings.has_error()) return rankings.error();
  auto rated = offline::rate_rankings(*rankings, s);
  if (rated.has_error()) return rated.error();
  tell_what_lacks(rankings->unjudged, "a ranking", rated->front().content, s);
  return rated;
}

int rate_file::run() const {
  const offline::rate_settings s = settings();
  auto bad = offline::check(s);
  if (!ranking_.empty() && s.method != ratings::method::plackett_luce)
    bad = "--ranking is for --method plackett-luce";
  if (bad) {
    std::cerr << "agon: " << *bad << ".\n";
    return 2;
  }
  const auto rated = boards(s);
  if (rated.has_error()) {
    const files::file_error& e = rated.error();
    std::cerr << "agon: " << (from_ == "-" ? "standard input" : from_);
    if (e.line > 0) std::cerr << (e.row ? ", row " : ", line ") << e.line << ':';
    std::cerr << ' ' << e.reason << ".\n";
    return 1;
  }
  std::cout << offline::print_boards(*rated, !columns_.segment.empty(),
                                     offline::board_format_from_text(format_).value())
            << std::flush;
  if (!std::cout) {
    std::cerr << "agon: the board could not be written\n";
    return 1;
  }
  return 0;
}

}  // namespace agon::commands

#include "privacy/release/verify.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "privacy/release/board_rows.hpp"
#include "privacy/release/dataset_card.hpp"
#include "privacy/release/manifest.hpp"
#include "privacy/release/quasi_identifiers.hpp"
#include "privacy/release/read_rows.hpp"
#include "privacy/release/release_folder.hpp"
#include "privacy/release/table_files.hpp"
#include "privacy/release/tables.hpp"
#include "ratings/board.hpp"

namespace agon::release {
namespace {

constexpr const char* check_names[] = {"layout",     "checksums", "manifest",  "rows",  "parquet",
                                       "references", "text",      "anonymity", "board", "card"};

release_error failed(std::string sentence) {
  return {release_errc::check_failed, "", "", std::move(sentence)};
}

std::string counted(std::int64_t n, const char* what) {
  return std::to_string(n) + " " + what;
}

using sentence = result<std::string>;  // what held, or why it did not

class verification {
 public:
  verification(const std::filesystem::path& directory, const verify_limits& limits)
      : directory_(directory), limits_(limits) {}

  verify_report run();

 private:
  sentence layout();
  sentence checksums();
  sentence read_manifest();
  sentence rows();
  sentence parquet() const;
  sentence references() const;
  sentence text() const;
  sentence anonymity() const;
  sentence board() const;
  sentence card() const;
  result<void> check_listed(const manifest_file& f) const;
  result<void> compare_board(std::vector<std::vector<value>> expected) const;

  const std::filesystem::path& directory_;
  const verify_limits& limits_;
  std::optional<release_folder> folder_;
  std::map<std::string, std::string> hashes_;  // as they are, by path
  std::optional<manifest> manifest_;
  std::optional<row_facts> facts_;
};

sentence verification::layout() {
  auto folder = release_folder::open(directory_, limits_);
  if (!folder) return folder.error();
  folder_.emplace(std::move(*folder));
  return counted(static_cast<std::int64_t>(folder_->files().size()),
                 "regular files, no other and no links");
}

sentence verification::checksums() {
  constexpr std::size_t digits = 64;
  for (const auto& [path, size] : folder_->files()) {
    if (path == "SHA256SUMS") continue;
    auto hash = folder_->hash(path);
    if (!hash) return hash.error();
    hashes_[path] = *hash;
  }
  auto sums = folder_->read_text("SHA256SUMS", limits_.metadata_bytes);
  if (!sums) return sums.error();
  std::map<std::string, std::string> stated;
  for (std::size_t at = 0; at < sums->size();) {
    const std::size_t end = std::min(sums->find('\n', at), sums->size());
    const std::string line = sums->substr(at, end - at);
    at = end + 1;
    const std::string path = line.size() > digits + 2 ? line.substr(digits + 2) : "";
    if (line.substr(digits < line.size() ? digits : line.size(), 2) != "  " ||
        hashes_.count(path) == 0)
      return failed("SHA256SUMS has a line that names no file of the release");
    if (!stated.emplace(path, line.substr(0, digits)).second)
      return failed("SHA256SUMS names " + path + " twice");
  }
  for (const auto& [path, hash] : hashes_) {
    if (stated.count(path) == 0) return failed("SHA256SUMS does not name " + path);
    if (stated[path] != hash) return failed(path + " has other bytes than SHA256SUMS says");
  }
  return counted(static_cast<std::int64_t>(hashes_.size()), "files have the bytes they should");
}

result<void> verification::check_listed(const manifest_file& f) const {
  const table_schema* table = find_table(f.table);
  const std::string prefix = "data/" + f.table + "-";
  if (table == nullptr || f.path.substr(0, prefix.size()) != prefix || !folder_->has(f.path))
    return failed("manifest.json lists a file that is not there or of another table");
  if (folder_->files().at(f.path) != static_cast<std::uint64_t>(f.bytes))
    return failed(f.path + " has another size than manifest.json says");
  if (const auto hash = hashes_.find(f.path); hash == hashes_.end() || hash->second != f.sha256)
    return failed(f.path + " has other bytes than manifest.json says");
  if (f.schema_sha256 != schema_sha256(*table))
    return failed(f.path + " was written under another schema than this program knows");
  if (f.rows < 0 || f.raw_bytes < 0) return failed("manifest.json holds a negative count");
  return {};
}

sentence verification::read_manifest() {
  auto text = folder_->read_text("manifest.json", limits_.metadata_bytes);
  if (!text) return text.error();
  auto parsed = parse_manifest(*text);
  if (!parsed) return parsed.error();
  if (!parsed->sealed) return failed("the partition is not sealed");
  std::map<std::string, int> listed;
  for (const manifest_file& f : parsed->files) {
    if (auto good = check_listed(f); !good) return good.error();
    if (++listed[f.path] > 1) return failed("manifest.json lists " + f.path + " twice");
  }
  for (const auto& [path, size] : folder_->files())
    if (path.substr(0, 5) == "data/" && listed.count(path) == 0)
      return failed("manifest.json does not list " + path);
  for (const auto& [path, times] : listed) {
    const std::string beside = path.ends_with(lines_ending) ? parquet_beside(path) : "";
    if (!beside.empty() && listed.count(beside) == 0)
      return failed("there is no " + beside + " beside " + path);
  }
  if (std::count_if(parsed->files.begin(), parsed->files.end(),
                    [](const manifest_file& f) { return f.path.ends_with(lines_ending); }) *
          2 !=
      static_cast<std::ptrdiff_t>(parsed->files.size()))
    return failed("there is a Parquet file without its lines");
  for (const table_schema& t : tables())
    if (std::none_of(parsed->files.begin(), parsed->files.end(),
                     [&](const manifest_file& f) { return f.table == t.name; }))
      return failed("there is no file of the table " + std::string(t.name));
  manifest_ = std::move(*parsed);
  return "format " + std::to_string(format_version) + ", agrees with " +
         counted(static_cast<std::int64_t>(manifest_->files.size()), "data files");
}

sentence verification::rows() {
  auto facts = read_rows(*folder_, *manifest_, limits_);
  if (!facts) return failed(facts.error().describe());
  facts_ = std::move(*facts);
  return counted(facts_->rows, "rows are what their schemas allow");
}

sentence verification::parquet() const {
  if (!facts_->parquet_problem.empty()) return failed(facts_->parquet_problem);
  return std::string("every Parquet file holds the rows of the lines beside it");
}

sentence verification::references() const {
  for (const std::uint64_t id : facts_->referenced)
    if (!std::binary_search(facts_->battles.begin(), facts_->battles.end(), id))
      return failed("an output or a comment belongs to a battle that is not in votes");
  return counted(static_cast<std::int64_t>(facts_->referenced.size()),
                 "outputs and comments belong to battles in votes");
}

sentence verification::text() const {
  if (facts_->findings > 0)
    return failed(counted(facts_->findings, "findings in texts, the first in ") +
                  facts_->first_finding);
  return "the finders find nothing in " + counted(facts_->texts, "texts");
}

sentence verification::anonymity() const {
  const std::string problem = anonymity_problem(manifest_->policy, facts_->classes);
  if (!problem.empty()) return failed(problem);
  const agon::anonymity::risk r = agon::anonymity::prosecutor_risk(facts_->classes);
  return "by language, " + counted(r.classes, "classes of at least ") + std::to_string(r.smallest) +
         " votes";
}

// Both as rows of `boards`, by system.
result<void> verification::compare_board(std::vector<std::vector<value>> expected) const {
  const table_schema& schema = *find_table("boards");
  const std::size_t system = schema.place_of("system");
  const auto by_system = [&](const auto& a, const auto& b) { return a[system] < b[system]; };
  std::vector<std::vector<value>> released = facts_->board;
  std::sort(released.begin(), released.end(), by_system);
  std::sort(expected.begin(), expected.end(), by_system);
  if (released.size() != expected.size())
    return failed("the released board has " +
                  counted(static_cast<std::int64_t>(released.size()), "systems, the votes give ") +
                  std::to_string(expected.size()));
  for (std::size_t r = 0; r < released.size(); ++r)
    for (std::size_t c = 0; c < schema.columns.size(); ++c) {
      const auto* a = std::get_if<double>(&released[r][c]);
      const auto* b = std::get_if<double>(&expected[r][c]);
      const bool close =
          a != nullptr && b != nullptr && std::fabs(*a - *b) <= limits_.score_tolerance;
      if (!close && released[r][c] != expected[r][c])
        return failed(
            "the board does not follow from the votes: " + std::string(schema.columns[c].name) +
            " of " + std::get<std::string>(expected[r][system]));
    }
  return {};
}

sentence verification::board() const {
  const manifest_board& stated = manifest_->board;
  if (stated.code != ratings::code_revision)
    return failed("the board was computed by another version of the ratings (" + stated.code + ")");
  try {
    ratings::tally votes;
    for (const std::string& s : stated.systems) votes.add_system(s);
    votes.merge(facts_->votes);
    if (votes.sha256() != stated.inputs_sha256 ||
        static_cast<std::int64_t>(votes.votes()) != stated.votes)
      return failed("the votes are not those that the board was computed from");
    if (auto same = compare_board(bradley_terry_rows(votes, stated.settings)); !same)
      return same.error();
    return "Bradley-Terry over " + counted(stated.votes, "votes and ") +
           counted(static_cast<std::int64_t>(stated.systems.size()),
                   "systems gives the released board");
  } catch (const std::logic_error& e) {  // settings or names that ratings refuses
    return failed(std::string("the board cannot be computed: ") + e.what());
  }
}

sentence verification::card() const {
  auto text = folder_->read_text("README.md", limits_.metadata_bytes);
  if (!text) return text.error();
  if (*text != dataset_card(*manifest_))
    return failed("README.md is not the card of this manifest");
  return std::string("README.md follows from the manifest");
}

verify_report verification::run() {
  verify_report report;
  const auto check_that = [&](bool possible, auto method) {
    const char* name = check_names[report.checks.size()];
    if (!possible) {
      report.checks.push_back(
          {name, false, "could not be checked, because an earlier check failed"});
      return false;
    }
    sentence s = (this->*method)();
    report.checks.push_back({name, s.has_value(), s ? *s : s.error().message});
    return s.has_value();
  };
  const bool listed = check_that(true, &verification::layout);
  check_that(listed, &verification::checksums);
  const bool described = check_that(listed && !hashes_.empty(), &verification::read_manifest);
  const bool read = check_that(described, &verification::rows);
  check_that(read, &verification::parquet);
  check_that(read, &verification::references);
  check_that(read, &verification::text);
  check_that(read, &verification::anonymity);
  check_that(read, &verification::board);
  check_that(described, &verification::card);
  if (manifest_) {
    report.arena = manifest_->arena;
    report.partition = manifest_->partition;
    report.votes = manifest_->board.votes;
  }
  return report;
}

}  // namespace

bool verify_report::ok() const {
  return !checks.empty() &&
         std::all_of(checks.begin(), checks.end(), [](const check& c) { return c.passed; });
}

const check* verify_report::find(std::string_view name) const {
  const auto at =
      std::find_if(checks.begin(), checks.end(), [&](const check& c) { return c.name == name; });
  return at == checks.end() ? nullptr : &*at;
}

verify_report verify(const std::filesystem::path& directory, const verify_limits& limits) {
  return verification(directory, limits).run();
}

}  // namespace agon::release

#include "privacy/release/verify.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "privacy/release/board_rows.hpp"
#include "privacy/release/documents.hpp"
#include "privacy/release/manifest.hpp"
#include "privacy/release/quasi_identifiers.hpp"
#include "privacy/release/read_rows.hpp"
#include "privacy/release/release_folder.hpp"
#include "privacy/release/signature.hpp"
#include "privacy/release/table_files.hpp"
#include "privacy/release/tables.hpp"
#include "ratings/board.hpp"

namespace agon::release {
namespace {

release_error failed(std::string sentence) {
  return {release_errc::check_failed, "", "", std::move(sentence)};
}

std::string counted(std::int64_t n, const char* what) {
  return std::to_string(n) + " " + what;
}

using sentence = result<std::string>;  // what held, or why it did not

class verification {
 public:
  verification(const std::filesystem::path& directory, const verify_limits& limits,
               const verify_against& against)
      : directory_(directory), limits_(limits), against_(against) {}

  verify_report run();

 private:
  sentence layout();
  sentence checksums();
  sentence signature();
  sentence read_manifest();
  sentence rows();
  sentence parquet();
  sentence ids();
  sentence references();
  sentence text();
  sentence anonymity();
  sentence variables();
  sentence counts();
  sentence board();
  sentence written_documents();
  sentence separation();
  result<void> check_listed(const manifest_file& f) const;
  result<void> compare_board(std::vector<std::vector<value>> expected) const;

  const std::filesystem::path& directory_;
  const verify_limits& limits_;
  const verify_against& against_;
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
    if (path == "SHA256SUMS" || path.ends_with(signature_ending)) continue;
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

sentence verification::signature() {
  if (against_.public_key.empty()) {
    const std::string path = std::string(signed_files[0]).append(signature_ending);
    if (!folder_->has(path)) return std::string("none, and no key to check one by");
    return std::string("there, but not checked: give the arena's public key");
  }
  const auto key = crypto::minisign_public_key::parse(against_.public_key);
  if (!key) return failed("the public key that was given is not one of minisign's");
  std::string comment;
  for (const std::string_view name : signed_files) {
    const std::string path(name), beside = path + std::string(signature_ending);
    if (!folder_->has(beside)) return failed("there is no signature " + beside);
    auto bytes = folder_->read_text(path, limits_.metadata_bytes);
    if (!bytes) return bytes.error();
    auto written = folder_->read_text(beside, limits_.metadata_bytes);
    if (!written) return written.error();
    const auto said = crypto::check_minisign(*key, *bytes, *written);
    if (!said) return failed(path + " was not signed by this key");
    comment = *said;
  }
  return "by the given key: " + comment;
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
  auto facts = read_rows(*folder_, *manifest_, limits_, !against_.other.empty());
  if (!facts) return failed(facts.error().describe());
  facts_ = std::move(*facts);
  return counted(facts_->rows, "rows are what their schemas allow");
}

sentence verification::parquet() {
  if (!facts_->parquet_problem.empty()) return failed(facts_->parquet_problem);
  return std::string("every Parquet file holds the rows of the lines beside it");
}

sentence verification::ids() {
  const auto& all = facts_->battles;
  if (std::adjacent_find(all.begin(), all.end()) != all.end())
    return failed("two votes carry the same id");
  return counted(static_cast<std::int64_t>(all.size()), "votes, each with an id of its own");
}

sentence verification::references() {
  for (const std::uint64_t id : facts_->referenced)
    if (!std::binary_search(facts_->battles.begin(), facts_->battles.end(), id))
      return failed("an output or a comment belongs to a battle that is not in votes");
  return counted(static_cast<std::int64_t>(facts_->referenced.size()),
                 "outputs and comments belong to battles in votes");
}

sentence verification::text() {
  if (facts_->findings > 0)
    return failed(counted(facts_->findings, "findings in texts, the first in ") +
                  facts_->first_finding);
  return "the finders find nothing in " + counted(facts_->texts, "texts");
}

sentence verification::anonymity() {
  const std::string problem = anonymity_problem(manifest_->policy, facts_->classes);
  if (!problem.empty()) return failed(problem);
  const release_risk r = risk_of(facts_->classes);
  if (r != manifest_->risk) return failed("the manifest states other risks than the rows have");
  return "by language, " + counted(r.classes, "classes of at least ") + std::to_string(r.smallest) +
         " votes";
}

sentence verification::variables() {
  for (const auto& [table, columns] : facts_->variables) {
    const auto stated = manifest_->variables.find(table);
    if (stated == manifest_->variables.end() || stated->second != columns)
      return failed("the manifest states other values of " + table + " than there are");
  }
  if (facts_->variables.size() != manifest_->variables.size())
    return failed("the manifest states values of a table that is not there");
  return std::string("all values are counted right");
}

// That the noise is what it should be cannot be seen; that all cells have a number, and of
// which noise, can.
sentence verification::counts() {
  const manifest_counts& c = manifest_->counts;
  const std::int64_t rows = manifest_->rows_of("counts");
  if (!c.published) {
    if (rows != 0) return failed("there are counts, and the manifest says that there are none");
    return "none. " + c.reason;
  }
  const table_variables& v = facts_->variables.at("counts");
  const auto& dimensions = v.at("dimension").values;
  std::vector<std::string> seen;
  for (const auto& [name, n] : dimensions) seen.push_back(name);
  std::vector<std::string> stated = c.dimensions;
  std::sort(stated.begin(), stated.end());
  if (seen != stated) return failed("the counts have other dimensions than the manifest says");
  const variable& deviation = v.at("deviation");
  if (deviation.least != c.deviation || deviation.greatest != c.deviation)
    return failed("the counts have other noise than the manifest says");
  if (c.rho_billionths < 1 || c.votes_per_person < 1)
    return failed("the counts state no price or no bound");
  return counted(rows, "cells, each with noise of deviation ") + std::to_string(c.deviation) +
         ", for rho " + rho_text(c.rho_billionths);
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

sentence verification::board() {
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

sentence verification::written_documents() {
  for (const document& d : documents(*manifest_)) {
    auto text = folder_->read_text(d.path, limits_.metadata_bytes);
    if (!text) return text.error();
    if (*text != d.text) return failed(d.path + " is not the one that follows from the manifest");
  }
  return std::string(
      "card, codebook, changelog, privacy report, Croissant and data package follow "
      "from the manifest");
}

sentence verification::separation() {
  auto folder = release_folder::open(against_.other, limits_);
  if (!folder) return failed("the other partition: " + folder.error().message);
  auto text = folder->read_text("manifest.json", limits_.metadata_bytes);
  if (!text) return failed("the other partition: " + text.error().message);
  auto parsed = parse_manifest(*text);
  if (!parsed) return failed("the other partition: " + parsed.error().message);
  if (parsed->arena == manifest_->arena && parsed->partition == manifest_->partition &&
      parsed->revision() == manifest_->revision())
    return failed("the other partition is this one");
  auto other = read_ids(*folder, *parsed, limits_);
  if (!other) return failed("the other partition: " + other.error().describe());
  std::vector<std::uint64_t> common;
  std::set_intersection(other->begin(), other->end(), facts_->ids.begin(), facts_->ids.end(),
                        std::back_inserter(common));
  if (!common.empty())
    return failed(
        counted(static_cast<std::int64_t>(common.size()), "ids stand in both partitions"));
  return "none of " + counted(static_cast<std::int64_t>(other->size()), "ids of ") +
         parsed->partition + " stands here";
}

verify_report verification::run() {
  verify_report report;
  const auto check_that = [&](const char* name, bool possible, auto method) {
    if (!possible) {
      report.checks.push_back(
          {name, false, "could not be checked, because an earlier check failed"});
      return false;
    }
    sentence s = (this->*method)();
    report.checks.push_back({name, s.has_value(), s ? *s : s.error().message});
    return s.has_value();
  };
  using v = verification;
  const bool listed = check_that("layout", true, &v::layout);
  check_that("checksums", listed, &v::checksums);
  check_that("signature", listed, &v::signature);
  const bool described = check_that("manifest", listed && !hashes_.empty(), &v::read_manifest);
  const bool read = check_that("rows", described, &v::rows);
  check_that("parquet", read, &v::parquet);
  check_that("ids", read, &v::ids);
  check_that("references", read, &v::references);
  check_that("text", read, &v::text);
  check_that("anonymity", read, &v::anonymity);
  check_that("variables", read, &v::variables);
  check_that("counts", read, &v::counts);
  check_that("board", read, &v::board);
  check_that("documents", described, &v::written_documents);
  if (!against_.other.empty()) check_that("separation", read, &v::separation);
  if (manifest_) {
    report.arena = manifest_->arena;
    report.partition = manifest_->partition;
    report.revision = manifest_->revision();
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

verify_report verify(const std::filesystem::path& directory, const verify_limits& limits,
                     const verify_against& against) {
  return verification(directory, limits, against).run();
}

}  // namespace agon::release

#include "privacy/release/builder.hpp"

#include <algorithm>
#include <fstream>
#include <future>
#include <sstream>
#include <stdexcept>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/utf8.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/release/board_rows.hpp"
#include "privacy/release/documents.hpp"
#include "privacy/release/encode_row.hpp"
#include "privacy/release/file_io.hpp"
#include "privacy/release/manifest.hpp"
#include "privacy/release/quasi_identifiers.hpp"
#include "privacy/release/release_folder.hpp"
#include "privacy/release/row_json.hpp"
#include "privacy/release/row_sorter.hpp"
#include "privacy/release/staging.hpp"
#include "privacy/release/table_files.hpp"
#include "privacy/release/tables.hpp"
#include "privacy/release/verify.hpp"
#include "privacy/release/zstd_file.hpp"
#include "ratings/board.hpp"

namespace agon::release {
namespace {

// Rows wait here for their texts to be searched on several threads.
constexpr std::size_t most_pending_rows = 4096;
constexpr std::size_t most_pending_bytes = 4UL << 20;

release_error bad_option(std::string message) {
  return {release_errc::bad_options, "", "", std::move(message)};
}

bool is_slug(std::string_view s, std::string_view also) {
  constexpr std::size_t longest = 64;
  const auto plain = [](char c) { return pii::is_lower(c) || pii::is_digit(c); };
  return !s.empty() && s.size() <= longest && plain(s.front()) &&
         std::all_of(s.begin(), s.end(),
                     [&](char c) { return plain(c) || also.find(c) != std::string_view::npos; });
}

bool is_one_line(std::string_view s) {
  constexpr std::size_t longest = 200;
  return !s.empty() && s.size() <= longest && crypto::is_valid_utf8(s) &&
         std::none_of(s.begin(), s.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
}

result<void> check_options(const release_options& o) {
  if (!is_slug(o.arena, "_-")) return bad_option("the arena's name is not [a-z0-9][a-z0-9_-]*");
  if (!is_slug(o.partition, "_-")) return bad_option("the partition is not [a-z0-9][a-z0-9_-]*");
  if (!is_slug(o.license, ".-")) return bad_option("the license is not like cc-by-4.0");
  if (!is_one_line(o.arena_title)) return bad_option("the title is not one line of text");
  if (!is_one_line(o.code_version)) return bad_option("the code version is not one line of text");
  const column day{"created_day", column_type::day, ""};
  if (refusal(day, value(o.created_day))) return bad_option("created_day is not like 2026-12-04");
  const column name{"systems", column_type::name, ""};
  for (const std::string& s : o.systems)
    if (refusal(name, value(s)) || name_refusal(s))
      return bad_option("a system's name cannot be released");
  if (o.systems.size() > ratings::roster::capacity) return bad_option("too many systems");
  if (o.rows_per_file < 1 || o.buffer_bytes < 1) return bad_option("a size is not positive");
  if (o.policy.cool_off_hours < 0 || o.policy.minimum_votes < 0 || o.policy.k < 0)
    return bad_option("the policy holds a negative number");
  if (o.threads < 1 || o.threads > 64) return bad_option("threads are 1 to 64");
  if (!o.url.empty() && !is_one_line(o.url)) return bad_option("the address is not one line");
  if (!is_one_line(o.note)) return bad_option("the note is not one line of text");
  return {};
}

std::size_t text_bytes(const prepared_row& r) {
  std::size_t bytes = 0;
  for (const value& v : r.cells)
    if (const auto* text = std::get_if<std::string>(&v)) bytes += text->size();
  return bytes;
}

// Where the battle at `at` begins: rows of one battle share their placeholders, so one thread
// has them all.
std::size_t begin_of_battle(const std::vector<prepared_row>& rows, std::size_t at) {
  while (at > 0 && at < rows.size()) {
    const std::string *before = battle_of(rows[at - 1]), *here = battle_of(rows[at]);
    if (before == nullptr || here == nullptr || *before != *here) break;
    --at;
  }
  return at;
}

std::string folded_lower(std::string_view text) {
  const pii::folded_text folded(text);
  std::string out(folded.text());
  std::transform(out.begin(), out.end(), out.begin(), pii::to_lower);
  return out;
}

class directory_builder final : public release_builder {
 public:
  directory_builder(std::filesystem::path target, release_options options,
                    staging_directory staging)
      : target_(std::move(target)),
        options_(std::move(options)),
        staging_(std::move(staging)),
        encoder_(options_.arena, options_.key, options_.defect),
        quasi_(options_.policy) {
    if (options_.counts) counts_.emplace(*options_.counts, options_.policy);
    for (const table_schema& t : tables())
      sorters_.emplace_back(staging_.runs(), std::string(t.name), options_.buffer_bytes);
    for (const std::string& s : options_.systems) votes_.add_system(s);
    for (const std::string& c : options_.canaries) canaries_.push_back(folded_lower(c));
  }

  result<void> add(std::string_view table, const row& r) override {
    if (done_) return finished();
    auto added = try_add(table, r);
    if (!added) done_ = true;
    return added;
  }

  void count(const counted_vote& vote) override {
    if (counts_) counts_->add(vote);
  }

  void leave_out_counts(std::string reason) override {
    counts_.reset();
    options_.no_counts = std::move(reason);
  }

  result<release_summary> finish() override {
    if (done_) return finished();
    done_ = true;
    auto summary = try_finish();
    options_.key.destroy();
    return summary;
  }

 private:
  static release_error finished() {
    return {release_errc::finished, "", "", "the release was finished or has failed before"};
  }

  result<void> try_add(std::string_view table, const row& r);
  result<release_summary> try_finish();
  result<void> flush();
  result<void> find_canary(const prepared_row& r) const;
  result<void> sort_in(const table_schema& table, const std::vector<value>& cells);
  result<void> add_board();
  result<void> add_counts();
  result<void> take_over_counts();
  result<void> write_tables();
  result<void> write_table(const table_schema& table, std::vector<manifest_file>& files,
                           table_variables& variables, std::vector<std::string>& shown,
                           anonymity::class_table& classes);
  result<std::string> write_text(const char* name, const std::string& text);
  result<void> write_metadata(release_summary& summary);
  result<void> check() const;

  std::filesystem::path target_;
  release_options options_;
  staging_directory staging_;
  row_encoder encoder_;
  quasi_identifiers quasi_;
  std::vector<row_sorter> sorters_;  // by place in tables()
  std::vector<std::string> canaries_;
  std::vector<prepared_row> pending_;
  std::size_t pending_bytes_ = 0;
  std::array<std::int64_t, pii::kinds> redacted_{};
  ratings::tally votes_;
  std::optional<vote_counts> counts_;
  manifest manifest_;
  preview_lines preview_;
  bool done_ = false;
};

result<void> directory_builder::try_add(std::string_view table, const row& r) {
  const table_schema* schema = find_table(table);
  if (schema == nullptr)
    return release_error{release_errc::bad_row, std::string(table), "",
                         "no such table is released"};
  if (schema->name == "counts")
    return release_error{release_errc::bad_row, "counts", "", "counts are made, not given"};
  auto prepared = encoder_.prepare(*schema, r);
  if (!prepared) return prepared.error();
  static_cast<void>(quasi_.recode(*schema, prepared->cells));
  if (schema->name == "votes")
    if (auto counted = count_vote(votes_, prepared->cells); !counted) return counted;
  if (schema->name == "boards" &&
      std::get<std::string>(prepared->cells[schema->place_of("method")]) == verified_method)
    return release_error{release_errc::bad_row, "boards", "method",
                         "the Bradley-Terry board is computed from the votes, not given"};
  const std::string* battle = battle_of(*prepared);
  const std::string* last = pending_.empty() ? nullptr : battle_of(pending_.back());
  const bool same = battle != nullptr && last != nullptr && *battle == *last;
  if (!same && (pending_.size() >= most_pending_rows || pending_bytes_ >= most_pending_bytes))
    if (auto flushed = flush(); !flushed) return flushed;
  pending_bytes_ += text_bytes(*prepared);
  pending_.push_back(std::move(*prepared));
  return {};
}

// Searches the texts of what is pending, and sorts it in.
result<void> directory_builder::flush() {
  std::vector<std::future<row_finisher>> parts;
  const std::size_t share = pending_.size() / options_.threads + 1;
  for (std::size_t begin = 0; begin < pending_.size();) {
    std::size_t end = std::min(begin + share, pending_.size());
    while (end < pending_.size() && begin_of_battle(pending_, end) != end) ++end;
    parts.push_back(std::async(std::launch::async, [this, begin, end] {
      row_finisher finisher(options_.key, options_.defect);
      for (std::size_t i = begin; i < end; ++i) finisher.finish(pending_[i]);
      return finisher;
    }));
    begin = end;
  }
  for (auto& part : parts) {
    const row_finisher finisher = part.get();
    for (std::size_t k = 0; k < pii::kinds; ++k) redacted_[k] += finisher.redacted()[k];
  }
  for (const prepared_row& r : pending_) {
    if (auto clean = find_canary(r); !clean) return clean;
    const auto at = static_cast<std::size_t>(r.table - tables().data());
    if (auto sorted = sorters_[at].add(r.position, r.line); !sorted) return sorted;
  }
  pending_.clear();
  pending_bytes_ = 0;
  return {};
}

result<void> directory_builder::find_canary(const prepared_row& r) const {
  if (canaries_.empty()) return {};
  for (std::size_t i = 0; i < r.cells.size(); ++i) {
    const auto* text = std::get_if<std::string>(&r.cells[i]);
    if (text == nullptr) continue;
    const std::string seen = folded_lower(*text);
    for (const std::string& canary : canaries_)
      if (seen.find(canary) != std::string::npos)
        return release_error{release_errc::check_failed, std::string(r.table->name),
                             std::string(r.table->columns[i].name),
                             "a planted canary would have been published"};
  }
  return {};
}

result<void> directory_builder::sort_in(const table_schema& table,
                                        const std::vector<value>& cells) {
  const auto at = static_cast<std::size_t>(&table - tables().data());
  const std::string line = to_json_line(table, cells);
  return sorters_[at].add(options_.key.position(table.name, line), line);
}

result<void> directory_builder::add_board() {
  const table_schema& schema = *find_table("boards");
  std::vector<std::vector<value>> rows;
  try {
    rows = bradley_terry_rows(votes_, options_.board);
  } catch (const std::invalid_argument& e) {
    return bad_option(std::string("the board cannot be computed: ") + e.what());
  }
  for (const auto& cells : rows)
    if (auto sorted = sort_in(schema, cells); !sorted) return sorted;
  return {};
}

result<void> directory_builder::add_counts() {
  if (!options_.revision_of.empty()) return take_over_counts();
  if (!counts_) {
    manifest_.counts.reason = options_.no_counts;
    return {};
  }
  const table_schema& schema = *find_table("counts");
  try {
    for (const auto& cells : counts_->rows(options_.key, manifest_.counts)) {
      for (std::size_t i = 0; i < cells.size(); ++i)
        if (auto reason = refusal(schema.columns[i], cells[i]))
          return release_error{release_errc::bad_row, "counts", std::string(schema.columns[i].name),
                               *reason};
      if (auto sorted = sort_in(schema, cells); !sorted) return sorted;
    }
  } catch (const std::invalid_argument& e) {
    return bad_option(std::string("votes cannot be counted: ") + e.what());
  }
  return {};
}

// The counts and the history of the revision before this one.
result<void> directory_builder::take_over_counts() {
  auto folder = release_folder::open(options_.revision_of, {});
  if (!folder) return folder.error();
  auto text = folder->read_text("manifest.json", verify_limits().metadata_bytes);
  if (!text) return text.error();
  auto before = parse_manifest(*text);
  if (!before) return before.error();
  if (before->arena != options_.arena || before->partition != options_.partition)
    return bad_option("a revision is of the same partition");
  manifest_.counts = before->counts;
  manifest_.history = before->history;
  const table_schema& schema = *find_table("counts");
  for (const manifest_file& f : before->files) {
    if (f.table != "counts" || !f.path.ends_with(lines_ending)) continue;
    auto fd = folder->open_file(f.path);
    if (!fd) return fd.error();
    zstd_line_reader lines(std::move(*fd), verify_limits().line_bytes, verify_limits().raw_bytes);
    for (std::string_view line; lines.next(line);) {
      auto cells = parse_row(schema, line);
      if (!cells) return cells.error();
      if (auto sorted = sort_in(schema, *cells); !sorted) return sorted;
    }
    if (!lines.problem().empty())
      return release_error{release_errc::check_failed, "counts", "", lines.problem()};
  }
  return {};
}

result<void> directory_builder::write_table(const table_schema& table,
                                            std::vector<manifest_file>& list,
                                            table_variables& variables,
                                            std::vector<std::string>& shown,
                                            anonymity::class_table& classes) {
  row_sorter& sorter = sorters_[static_cast<std::size_t>(&table - tables().data())];
  table_files files(table, staging_.path(), options_.rows_per_file);
  variable_counter counter(table);
  const bool keep_small_cells = options_.defect == injected_defect::small_cell;
  const auto take = [&](std::string_view line) -> result<void> {
    auto cells = parse_row(table, line);
    if (!cells) return cells.error();
    const bool changed = !keep_small_cells && quasi_.withhold(table, *cells);
    counter.add(*cells);
    if (table.name == "votes") count_class(table, *cells, classes);
    const std::string withheld = changed ? to_json_line(table, *cells) : std::string();
    const std::string_view released = changed ? withheld : line;
    if (shown.size() < previewed_rows) shown.emplace_back(released);
    return files.add(released, *cells);
  };
  if (auto drained = sorter.drain(take); !drained) return drained;
  auto written = files.close();
  if (!written) return written.error();
  list.insert(list.end(), written->begin(), written->end());
  variables = counter.counted();
  return {};
}

// Votes beside the other tables, on two threads.
result<void> directory_builder::write_tables() {
  std::vector<std::vector<manifest_file>> lists(tables().size());
  std::vector<table_variables> variables(tables().size());
  std::vector<std::vector<std::string>> shown(tables().size());
  anonymity::class_table classes, none;
  auto others = std::async(std::launch::async, [&]() -> result<void> {
    for (std::size_t i = 1; i < tables().size(); ++i)
      if (auto done = write_table(tables()[i], lists[i], variables[i], shown[i], none); !done)
        return done;
    return {};
  });
  auto votes = write_table(tables()[0], lists[0], variables[0], shown[0], classes);
  auto rest = others.get();
  if (!votes) return votes;
  if (!rest) return rest;
  for (std::size_t i = 0; i < tables().size(); ++i) {
    manifest_.files.insert(manifest_.files.end(), lists[i].begin(), lists[i].end());
    manifest_.variables[std::string(tables()[i].name)] = std::move(variables[i]);
    preview_[std::string(tables()[i].name)] = std::move(shown[i]);
  }
  manifest_.risk = risk_of(classes);
  return {};
}

// Writes a small file and gives its SHA-256.
result<std::string> directory_builder::write_text(const char* name, const std::string& text) {
  auto file = output_file::create(staging_.path() / name);
  if (!file) return file.error();
  if (auto written = file->write(text); !written) return written.error();
  if (auto closed = file->close(); !closed) return closed.error();
  return file->sha256_hex();
}

result<void> directory_builder::write_metadata(release_summary& summary) {
  manifest& m = manifest_;
  std::sort(m.files.begin(), m.files.end(),
            [](const manifest_file& a, const manifest_file& b) { return a.path < b.path; });
  m.arena = options_.arena;
  m.arena_title = options_.arena_title;
  m.partition = options_.partition;
  m.created_day = options_.created_day;
  m.code_version = options_.code_version;
  m.license = options_.license;
  m.compression_library = compression_library();
  m.policy = options_.policy;
  m.url = options_.url;
  for (std::size_t k = 0; k < pii::kinds; ++k)
    if (redacted_[k] > 0)
      m.redacted[std::string(pii::name_of(static_cast<pii::kind>(k)))] = redacted_[k];
  m.history.push_back({m.history.empty() ? 0 : m.history.back().revision + 1, m.created_day,
                       static_cast<std::int64_t>(votes_.votes()), options_.note});
  m.board = {std::string(ratings::code_revision),
             votes_.sha256(),
             static_cast<std::int64_t>(votes_.votes()),
             {},
             options_.board};
  for (const ratings::system_index i : votes_.systems().sorted())
    m.board.systems.push_back(votes_.systems().name(i));

  std::string manifest_text;
  try {
    manifest_text = to_json(m);
  } catch (const std::invalid_argument& e) {
    return bad_option(std::string("the manifest cannot be written: ") + e.what());
  }
  std::map<std::string, std::string> sums;  // by path
  std::vector<document> all = documents(m);
  all.push_back({std::string(preview_path), preview(preview_)});
  for (const document& d : all) {
    auto sum = write_text(d.path.c_str(), d.text);
    if (!sum) return sum.error();
    sums[d.path] = *sum;
    summary.bytes += d.text.size();
    if (d.path == "PRIVACY_REPORT.md") summary.report = d.text;
  }
  auto written = write_text("manifest.json", manifest_text);
  if (!written) return written.error();
  sums["manifest.json"] = summary.manifest_sha256 = *written;
  for (const manifest_file& f : m.files) sums[f.path] = f.sha256;
  std::string lines;
  for (const auto& [path, sum] : sums) lines += sums_line(sum, path);
  if (auto done = write_text("SHA256SUMS", lines); !done) return done.error();

  summary.bytes += manifest_text.size() + lines.size();
  for (const manifest_file& f : m.files) summary.bytes += static_cast<std::uint64_t>(f.bytes);
  for (const table_schema& t : tables()) summary.rows[std::string(t.name)] = m.rows_of(t.name);
  summary.redacted = m.redacted;
  return {};
}

// The release as a reader will find it must pass what a reader will run.
result<void> directory_builder::check() const {
  const verify_report report = verify(staging_.path());
  for (const auto& c : report.checks)
    if (!c.passed)
      return release_error{release_errc::check_failed, "", "", c.name + ": " + c.sentence};
  if (options_.defect != injected_defect::none)
    return release_error{release_errc::check_failed, "", "",
                         "a defect was injected, and the checks do not see it"};
  return {};
}

result<release_summary> directory_builder::try_finish() {
  if (auto flushed = flush(); !flushed) return flushed.error();
  if (static_cast<std::int64_t>(votes_.votes()) < options_.policy.minimum_votes)
    return release_error{release_errc::check_failed, "votes", "",
                         "fewer votes than the policy asks for (" +
                             std::to_string(options_.policy.minimum_votes) + ")"};
  if (auto added = add_board(); !added) return added.error();
  if (auto added = add_counts(); !added) return added.error();
  quasi_.decide();
  if (auto written = write_tables(); !written) return written.error();
  release_summary summary;
  summary.directory = target_;
  if (auto written = write_metadata(summary); !written) return written.error();
  if (auto removed = staging_.remove_runs(); !removed) return removed.error();
  if (auto checked = check(); !checked) return checked.error();
  if (options_.dry_run) return summary;  // the staging directory goes with us
  if (auto published = staging_.publish(); !published) return published.error();
  return summary;
}

}  // namespace

result<std::unique_ptr<release_builder>> release_builder::start(const std::filesystem::path& target,
                                                                release_options options,
                                                                crypto::random_source& random) {
  if (options.arena_title.empty()) options.arena_title = options.arena;
  if (auto good = check_options(options); !good) return good.error();
  auto staging = staging_directory::make(target, random);
  if (!staging) return staging.error();
  std::unique_ptr<release_builder> builder =
      std::make_unique<directory_builder>(target, std::move(options), std::move(*staging));
  return builder;
}

}  // namespace agon::release

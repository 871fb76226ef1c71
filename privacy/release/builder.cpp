#include "privacy/release/builder.hpp"

#include <algorithm>
#include <stdexcept>

#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/utf8.hpp"
#include "privacy/pii/folded_text.hpp"
#include "privacy/release/board_rows.hpp"
#include "privacy/release/dataset_card.hpp"
#include "privacy/release/encode_row.hpp"
#include "privacy/release/file_io.hpp"
#include "privacy/release/manifest.hpp"
#include "privacy/release/quasi_identifiers.hpp"
#include "privacy/release/read_rows.hpp"
#include "privacy/release/row_sorter.hpp"
#include "privacy/release/staging.hpp"
#include "privacy/release/table_files.hpp"
#include "privacy/release/tables.hpp"
#include "privacy/release/verify.hpp"
#include "privacy/release/zstd_file.hpp"
#include "ratings/board.hpp"

namespace agon::release {
namespace {

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
  return {};
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
        encoder_(options_.arena, options_.key),
        quasi_(options_.policy) {
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
  result<void> find_canary(const table_schema& table, const std::vector<value>& cells) const;
  result<void> sort_in(const table_schema& table, std::string_view line);
  result<void> add_board();
  result<void> write_table(const table_schema& table, row_sorter& sorter);
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
  ratings::tally votes_;
  manifest manifest_;
  bool done_ = false;
};

result<void> directory_builder::try_add(std::string_view table, const row& r) {
  const table_schema* schema = find_table(table);
  if (schema == nullptr)
    return release_error{release_errc::bad_row, std::string(table), "",
                         "no such table is released"};
  auto encoded = encoder_.encode(*schema, r);
  if (!encoded) return encoded.error();
  if (quasi_.recode(*schema, encoded->cells)) encoded->line = to_json_line(*schema, encoded->cells);
  if (auto clean = find_canary(*schema, encoded->cells); !clean) return clean;
  if (schema->name == "votes")
    if (auto counted = count_vote(votes_, encoded->cells); !counted) return counted;
  if (schema->name == "boards" &&
      std::get<std::string>(encoded->cells[schema->place_of("method")]) == verified_method)
    return release_error{release_errc::bad_row, "boards", "method",
                         "the Bradley-Terry board is computed from the votes, not given"};
  return sort_in(*schema, encoded->line);
}

result<void> directory_builder::find_canary(const table_schema& table,
                                            const std::vector<value>& cells) const {
  if (canaries_.empty()) return {};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto* text = std::get_if<std::string>(&cells[i]);
    if (text == nullptr) continue;
    const std::string seen = folded_lower(*text);
    for (const std::string& canary : canaries_)
      if (seen.find(canary) != std::string::npos)
        return release_error{release_errc::check_failed, std::string(table.name),
                             std::string(table.columns[i].name),
                             "a planted canary would have been published"};
  }
  return {};
}

result<void> directory_builder::sort_in(const table_schema& table, std::string_view line) {
  const auto at = static_cast<std::size_t>(&table - tables().data());
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
    if (auto sorted = sort_in(schema, to_json_line(schema, cells)); !sorted) return sorted;
  return {};
}

result<void> directory_builder::write_table(const table_schema& table, row_sorter& sorter) {
  table_files files(table, staging_.path(), options_.rows_per_file);
  const auto take = [&](std::string_view line) -> result<void> {
    auto cells = parse_row(table, line, {});
    if (!cells) return cells.error();
    if (!quasi_.withhold(table, *cells)) return files.add(line, *cells);
    return files.add(to_json_line(table, *cells), *cells);
  };
  if (auto drained = sorter.drain(take); !drained) return drained;
  auto written = files.close();
  if (!written) return written.error();
  manifest_.files.insert(manifest_.files.end(), written->begin(), written->end());
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
  m.redacted = encoder_.redacted();
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
  auto card = write_text("README.md", dataset_card(m));
  if (!card) return card.error();
  auto written = write_text("manifest.json", manifest_text);
  if (!written) return written.error();
  summary.manifest_sha256 = *written;
  std::string sums = sums_line(*card, "README.md");
  for (const manifest_file& f : m.files) sums += sums_line(f.sha256, f.path);
  sums += sums_line(*written, "manifest.json");
  if (auto done = write_text("SHA256SUMS", sums); !done) return done.error();

  summary.bytes = manifest_text.size() + dataset_card(m).size() + sums.size();
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
  return {};
}

result<release_summary> directory_builder::try_finish() {
  if (static_cast<std::int64_t>(votes_.votes()) < options_.policy.minimum_votes)
    return release_error{release_errc::check_failed, "votes", "",
                         "fewer votes than the policy asks for (" +
                             std::to_string(options_.policy.minimum_votes) + ")"};
  if (auto added = add_board(); !added) return added.error();
  quasi_.decide();
  for (std::size_t i = 0; i < tables().size(); ++i)
    if (auto written = write_table(tables()[i], sorters_[i]); !written) return written.error();
  release_summary summary;
  summary.directory = target_;
  if (auto written = write_metadata(summary); !written) return written.error();
  if (auto removed = staging_.remove_runs(); !removed) return removed.error();
  if (auto checked = check(); !checked) return checked.error();
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

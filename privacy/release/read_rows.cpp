#include "privacy/release/read_rows.hpp"

#include <algorithm>
#include <charconv>
#include <future>

#include "privacy/pii/find.hpp"
#include "privacy/release/board_rows.hpp"
#include "privacy/release/encode_row.hpp"
#include "privacy/release/parquet_rows.hpp"
#include "privacy/release/quasi_identifiers.hpp"
#include "privacy/release/row_json.hpp"
#include "privacy/release/table_files.hpp"
#include "privacy/release/tables.hpp"
#include "privacy/release/zstd_file.hpp"

namespace agon::release {
namespace {

constexpr std::size_t most_board_rows = 100'000;

release_error unreadable(const table_schema& table, std::string_view column_name,
                         std::string message) {
  return {release_errc::check_failed, std::string(table.name), std::string(column_name),
          std::move(message)};
}

std::uint64_t first_64_bits(const std::string& pseudonym) {
  std::uint64_t v = 0;
  std::from_chars(pseudonym.data(), pseudonym.data() + 16, v, 16);
  return v;
}

void keep_each_once(std::vector<std::uint64_t>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

class reader {
 public:
  reader(const release_folder& folder, const manifest& m, const verify_limits& limits, bool ids)
      : folder_(folder), manifest_(m), limits_(limits), ids_(ids) {}

  // The tables of this list, or all others.
  result<row_facts> read(std::string_view table, bool others);

 private:
  result<void> read_file(const manifest_file& f);
  result<void> take(const table_schema& table, std::vector<value> cells);
  result<void> look_at(const table_schema& table, const column& c, const value& v);

  const release_folder& folder_;
  const manifest& manifest_;
  const verify_limits& limits_;
  bool ids_;
  row_facts facts_;
  std::map<std::string, variable_counter> counters_;  // by table
  std::string place_;                                 // "data/votes-00000.jsonl.zst, row 3"
};

result<void> reader::look_at(const table_schema& table, const column& c, const value& v) {
  const auto* text = std::get_if<std::string>(&v);
  if (text == nullptr) return {};
  // Battles are gathered with their rows.
  if (ids_ && c.type == column_type::pseudonym && c.name != "battle")
    facts_.ids.push_back(first_64_bits(*text));
  if (c.type == column_type::name) {
    if (auto reason = name_refusal(*text)) return unreadable(table, c.name, *reason);
    if (c.name == "arena" && *text != manifest_.arena)
      return unreadable(table, c.name, "another arena than the manifest's");
  }
  if (c.type != column_type::text) return {};
  ++facts_.texts;
  const auto found = pii::find(*text);
  facts_.findings += static_cast<std::int64_t>(found.size());
  if (!found.empty() && facts_.first_finding.empty())
    facts_.first_finding = place_ + ", column " + std::string(c.name) + ": " +
                           std::string(pii::name_of(found[0].what));
  return {};
}

result<void> reader::take(const table_schema& table, std::vector<value> cells) {
  ++facts_.rows;
  for (std::size_t i = 0; i < cells.size(); ++i)
    if (auto good = look_at(table, table.columns[i], cells[i]); !good) return good;
  if (const auto battle = table.find("battle")) {
    const std::uint64_t id = first_64_bits(std::get<std::string>(cells[*battle]));
    (table.name == "votes" ? facts_.battles : facts_.referenced).push_back(id);
  }
  if (table.name == "votes") {
    count_class(table, cells, facts_.classes);
    return count_vote(facts_.votes, cells);
  }
  if (table.name == "boards" &&
      std::get<std::string>(cells[table.place_of("method")]) == verified_method) {
    if (facts_.board.size() == most_board_rows)
      return unreadable(table, "", "more rows than a board has");
    facts_.board.push_back(std::move(cells));
  }
  return {};
}

result<void> reader::read_file(const manifest_file& f) {
  const table_schema& table = *find_table(f.table);
  auto fd = folder_.open_file(f.path);
  if (!fd) return fd.error();
  const auto raw_limit = std::min(limits_.raw_bytes, static_cast<std::uint64_t>(f.raw_bytes));
  zstd_line_reader lines(std::move(*fd), limits_.line_bytes, raw_limit);
  const std::string beside = parquet_beside(f.path);
  auto twin_fd = folder_.open_file(beside);
  if (!twin_fd) return twin_fd.error();
  parquet_twin twin(table, beside, std::move(*twin_fd));
  facts_.preview.try_emplace(f.table);
  auto& counter = counters_.try_emplace(f.table, table).first->second;
  std::int64_t rows = 0;
  std::string_view line;
  while (lines.next(line)) {
    place_ = f.path + ", row " + std::to_string(++rows);
    auto cells = parse_row(table, line, limits_.line_bytes);
    if (auto& shown = facts_.preview[f.table]; shown.size() < previewed_rows)
      shown.emplace_back(line);
    if (cells) {
      twin.expect(*cells);
      counter.add(*cells);
    }
    auto taken = cells ? take(table, std::move(*cells)) : result<void>(cells.error());
    if (taken) continue;
    release_error e = taken.error();
    e.message = place_ + ": " + e.message;
    return e;
  }
  if (!lines.problem().empty()) return unreadable(table, "", f.path + ": " + lines.problem());
  if (rows != f.rows || lines.raw_bytes() != static_cast<std::uint64_t>(f.raw_bytes))
    return unreadable(table, "",
                      f.path + ": " + std::to_string(rows) + " rows, the manifest says " +
                          std::to_string(f.rows));
  twin.expect_end();
  if (facts_.parquet_problem.empty()) facts_.parquet_problem = twin.problem();
  return {};
}

result<row_facts> reader::read(std::string_view table, bool others) {
  for (const manifest_file& f : manifest_.files)
    if (f.path.ends_with(lines_ending) && (f.table == table) != others)
      if (auto done = read_file(f); !done) return done.error();
  for (const auto& [name, counter] : counters_) facts_.variables[name] = counter.counted();
  return std::move(facts_);
}

}  // namespace

result<row_facts> read_rows(const release_folder& folder, const manifest& m,
                            const verify_limits& limits, bool ids) {
  auto beside = std::async(std::launch::async,
                           [&] { return reader(folder, m, limits, ids).read("votes", true); });
  auto votes = reader(folder, m, limits, ids).read("votes", false);
  auto others = beside.get();
  if (!votes) return votes.error();
  if (!others) return others.error();
  row_facts all = std::move(*votes);
  all.rows += others->rows;
  all.texts += others->texts;
  all.findings += others->findings;
  if (all.first_finding.empty()) all.first_finding = others->first_finding;
  if (all.parquet_problem.empty()) all.parquet_problem = others->parquet_problem;
  all.variables.merge(others->variables);
  all.preview.merge(others->preview);
  all.referenced = std::move(others->referenced);
  all.board = std::move(others->board);
  all.ids = std::move(others->ids);
  if (ids) {
    all.ids.insert(all.ids.end(), all.battles.begin(), all.battles.end());
    all.ids.insert(all.ids.end(), all.referenced.begin(), all.referenced.end());
    keep_each_once(all.ids);
  }
  std::sort(all.battles.begin(), all.battles.end());
  std::sort(all.referenced.begin(), all.referenced.end());
  return all;
}

result<std::vector<std::uint64_t>> read_ids(const release_folder& folder, const manifest& m,
                                            const verify_limits& limits) {
  std::vector<std::uint64_t> ids;
  for (const manifest_file& f : m.files) {
    const table_schema* table = find_table(f.table);
    if (table == nullptr || !f.path.ends_with(lines_ending)) continue;
    auto fd = folder.open_file(f.path);
    if (!fd) return fd.error();
    zstd_line_reader lines(std::move(*fd), limits.line_bytes, limits.raw_bytes);
    for (std::string_view line; lines.next(line);) {
      auto cells = parse_row(*table, line, limits.line_bytes);
      if (!cells) return cells.error();
      for (std::size_t i = 0; i < cells->size(); ++i)
        if (const auto* text = std::get_if<std::string>(&(*cells)[i]);
            text != nullptr && table->columns[i].type == column_type::pseudonym)
          ids.push_back(first_64_bits(*text));
    }
    if (!lines.problem().empty()) return unreadable(*table, "", f.path + ": " + lines.problem());
  }
  keep_each_once(ids);
  return ids;
}

}  // namespace agon::release

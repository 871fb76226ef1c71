#include "privacy/release/read_rows.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/pii/find.hpp"
#include "privacy/release/board_rows.hpp"
#include "privacy/release/encode_row.hpp"
#include "privacy/release/parquet_rows.hpp"
#include "privacy/release/quasi_identifiers.hpp"
#include "privacy/release/table_files.hpp"
#include "privacy/release/tables.hpp"
#include "privacy/release/zstd_file.hpp"

namespace agon::release {
namespace {

constexpr std::size_t row_depth = 2;
constexpr std::size_t most_board_rows = 100'000;

release_error unreadable(const table_schema& table, std::string_view column_name,
                         std::string message) {
  return {release_errc::check_failed, std::string(table.name), std::string(column_name),
          std::move(message)};
}

value to_value(const column& c, const nlohmann::json& j) {
  if (j.is_boolean()) return j.get<bool>();
  if (j.is_string()) return j.get<std::string>();
  if (j.is_number() && c.type == column_type::number) return j.get<double>();
  if (j.is_number_integer()) return j.get<std::int64_t>();
  if (j.is_number()) return j.get<double>();
  return {};
}

std::uint64_t first_64_bits(const std::string& pseudonym) {
  std::uint64_t v = 0;
  std::from_chars(pseudonym.data(), pseudonym.data() + 16, v, 16);
  return v;
}

class reader {
 public:
  reader(const release_folder& folder, const manifest& m, const verify_limits& limits)
      : folder_(folder), manifest_(m), limits_(limits) {}

  result<row_facts> read();

 private:
  result<void> read_file(const manifest_file& f);
  result<void> take(const table_schema& table, std::vector<value> cells);
  result<void> look_at(const table_schema& table, const column& c, const value& v);

  const release_folder& folder_;
  const manifest& manifest_;
  const verify_limits& limits_;
  row_facts facts_;
  std::string place_;  // "data/votes-00000.jsonl.zst, row 3"
};

result<void> reader::look_at(const table_schema& table, const column& c, const value& v) {
  const auto* text = std::get_if<std::string>(&v);
  if (text == nullptr) return {};
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
  std::int64_t rows = 0;
  std::string_view line;
  while (lines.next(line)) {
    place_ = f.path + ", row " + std::to_string(++rows);
    auto cells = parse_row(table, line, limits_);
    if (cells) twin.expect(*cells);
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

result<row_facts> reader::read() {
  for (const manifest_file& f : manifest_.files)
    if (f.path.ends_with(lines_ending))
      if (auto done = read_file(f); !done) return done.error();
  std::sort(facts_.battles.begin(), facts_.battles.end());
  std::sort(facts_.referenced.begin(), facts_.referenced.end());
  return std::move(facts_);
}

}  // namespace

result<std::vector<value>> parse_row(const table_schema& table, std::string_view line,
                                     const verify_limits& limits) {
  const auto parsed = crypto::parse_json(line, {limits.line_bytes, row_depth});
  if (!parsed) return unreadable(table, "", parsed.error().reason);
  if (!parsed->is_object()) return unreadable(table, "", "not a JSON object");
  std::vector<value> cells;
  for (const column& c : table.columns) {
    const auto at = parsed->find(std::string(c.name));
    if (at == parsed->end()) return unreadable(table, c.name, "the column is missing");
    if (at->is_structured())
      return unreadable(table, c.name, "a list or an object stands in a cell");
    value v = to_value(c, *at);
    if (auto reason = refusal(c, v)) return unreadable(table, c.name, *reason);
    const auto* number = std::get_if<double>(&v);
    if (number != nullptr && rounded(*number, c.decimals) != *number)
      return unreadable(table, c.name, "the number has more decimals than are released");
    cells.push_back(std::move(v));
  }
  if (parsed->size() != table.columns.size())
    return unreadable(table, "", "a column that is not in the list of released columns");
  if (to_json_line(table, cells) != line) return unreadable(table, "", "not in canonical form");
  return cells;
}

result<row_facts> read_rows(const release_folder& folder, const manifest& m,
                            const verify_limits& limits) {
  return reader(folder, m, limits).read();
}

}  // namespace agon::release

#include "privacy/release/parquet_rows.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace agon::release {
namespace {

parquet::type parquet_type(column_type t) {
  switch (t) {
    case column_type::integer:
      return parquet::type::int64;
    case column_type::number:
      return parquet::type::real;
    case column_type::boolean:
      return parquet::type::boolean;
    case column_type::day:
      return parquet::type::date;
    default:
      return parquet::type::string;
  }
}

// "2026-11-30" to days since 1970. The schema has checked that the day exists.
std::int64_t days_of(std::string_view day) {
  const auto part = [&](std::size_t at, std::size_t length) {
    int v = 0;
    std::from_chars(day.data() + at, day.data() + at + length, v);
    return v;
  };
  const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  return std::chrono::sys_days(date).time_since_epoch().count();
}

struct to_cell {
  const column& c;
  parquet::cell operator()(std::monostate) const { return {}; }
  parquet::cell operator()(bool v) const { return v; }
  parquet::cell operator()(double v) const { return v; }
  parquet::cell operator()(const std::string& v) const {
    if (c.type == column_type::day) return days_of(v);
    return std::string_view(v);
  }
  // A number column may have been given a whole number.
  parquet::cell operator()(std::int64_t v) const {
    if (c.type == column_type::number) return static_cast<double>(v);
    return v;
  }
};

// Of the types that releases have, the lists left out.
bool same(const parquet::cell& a, const parquet::cell& b) {
  if (a.index() != b.index()) return false;
  if (const auto* v = std::get_if<bool>(&a)) return *v == std::get<bool>(b);
  if (const auto* v = std::get_if<std::int64_t>(&a)) return *v == std::get<std::int64_t>(b);
  if (const auto* v = std::get_if<double>(&a)) return *v == std::get<double>(b);
  if (const auto* v = std::get_if<std::string_view>(&a)) return *v == std::get<std::string_view>(b);
  return std::holds_alternative<std::monostate>(a);
}

// Small row groups: several tables are written at a time, in bounded memory.
parquet::writer_options release_options_of(const table_schema& table) {
  parquet::writer_options o;
  o.row_group_rows = 50'000;
  o.metadata = {{"agon.table", std::string(table.name)},
                {"agon.schema_sha256", schema_sha256(table)}};
  return o;
}

}  // namespace

std::vector<parquet::column> parquet_columns(const table_schema& table) {
  std::vector<parquet::column> out;
  for (const column& c : table.columns)
    out.push_back({std::string(c.name), parquet_type(c.type), c.nullable});
  return out;
}

void to_parquet(const table_schema& table, const std::vector<value>& cells,
                std::vector<parquet::cell>& out) {
  out.clear();
  for (std::size_t i = 0; i < cells.size(); ++i)
    out.push_back(std::visit(to_cell{table.columns[i]}, cells[i]));
}

parquet_file::parquet_file(const table_schema& table, output_file file)
    : table_(&table),
      target_(std::make_unique<target>(target{std::move(file), {}})),
      writer_(
          parquet_columns(table),
          [t = target_.get()](std::string_view bytes) {
            t->state = t->file.write(bytes);
            return t->state.has_value();
          },
          release_options_of(table)) {}

result<void> parquet_file::outcome(const parquet::result<void>& written) const {
  if (written) return {};
  if (!target_->state) return target_->state;
  return release_error{release_errc::bad_row, std::string(table_->name), "",
                       written.error().message};
}

result<void> parquet_file::add(const std::vector<value>& cells) {
  to_parquet(*table_, cells, row_);
  return outcome(writer_.add(row_));
}

result<void> parquet_file::close() {
  if (auto closed = outcome(writer_.close()); !closed) return closed;
  return target_->file.close();
}

parquet_twin::parquet_twin(const table_schema& table, std::string path, unique_fd fd)
    : table_(table), path_(std::move(path)) {
  // Pages of ours hold a mebibyte, or one text and what lies beside it.
  constexpr std::size_t largest_page = 16UL << 20, most_memory = 64UL << 20;
  parquet::reader_limits limits;
  limits.page_bytes = largest_page;
  limits.memory = most_memory;
  auto source = parquet::take_descriptor(fd.release());
  auto opened = source ? parquet::reader::open(std::move(*source), limits)
                       : parquet::result<parquet::reader>(source.error());
  if (!opened)
    problem_ = path_ + ": " + opened.error().message;
  else if (opened->columns() != parquet_columns(table))
    problem_ = path_ + ": other columns than the table's";
  else
    file_ = std::make_unique<parquet::reader>(std::move(*opened));
}

void parquet_twin::expect(const std::vector<value>& cells) {
  ++rows_;
  if (!problem_.empty()) return;
  const auto differs = [&](const std::string& how) {
    problem_ = path_ + ", row " + std::to_string(rows_) + ": " + how;
  };
  const auto row = file_->next();
  if (!row) return differs(row.error().message);
  if (row->empty()) return differs("fewer rows than the lines");
  to_parquet(table_, cells, expected_);
  for (std::size_t i = 0; i < expected_.size(); ++i)
    if (!same((*row)[i], expected_[i]))
      return differs("another " + std::string(table_.columns[i].name) + " than the line's");
}

void parquet_twin::expect_end() {
  if (!problem_.empty()) return;
  const auto row = file_->next();
  if (!row) problem_ = path_ + ": " + row.error().message;
  if (row && !row->empty()) problem_ = path_ + ": more rows than the lines";
}

}  // namespace agon::release

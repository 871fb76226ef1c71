#include "services/imports/record_reader.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/utf8.hpp"
#include "services/files/parquet_rows.hpp"
#include "services/imports/fields.hpp"
#include "services/imports/text_scanner.hpp"

namespace agon::imports {
namespace {

using json = nlohmann::json;

constexpr std::array<std::pair<std::string_view, table_format>, 6> table_endings{{
    {"jsonl", table_format::json_lines},
    {"ndjson", table_format::json_lines},
    {"json", table_format::json},
    {"csv", table_format::csv},
    {"tsv", table_format::tsv},
    {"parquet", table_format::parquet},
}};

const std::string& too_long() {
  static const std::string text =
      "is longer than " + std::to_string(record_reader::longest_record >> 20) + " MiB";
  return text;
}

void parse_into(const bounded_text& text, record& out) {
  if (text.over()) {
    out.error = too_long();
    return;
  }
  auto parsed =
      crypto::parse_json(text.text(), {.bytes = record_reader::longest_record, .depth = 64});
  if (parsed.has_error())
    out.error = cleaned(parsed.error().reason);  // it may name a key
  else if (!parsed->is_object())
    out.error = "is no JSON object";
  else
    out.object = std::make_unique<json>(std::move(*parsed));
}

bool is_space(int c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class scanned_reader : public record_reader {
 public:
  explicit scanned_reader(text_scanner in) : in_(std::move(in)) {}
  [[nodiscard]] std::uint64_t bytes_read() const override { return in_.read(); }
  [[nodiscard]] std::optional<std::uint64_t> bytes_in_all() const override { return in_.size(); }

 protected:
  // What ends the file: once the reason why it could not be read, if that is so.
  bool ended(record& out) {
    if (in_.failure().empty() || std::exchange(told_, true)) return false;
    out.line = in_.line();
    out.error = in_.failure();
    return true;
  }

  text_scanner in_;
  bounded_text text_{longest_record};

 private:
  bool told_ = false;
};

class line_reader final : public scanned_reader {
 public:
  using scanned_reader::scanned_reader;

  bool next(record& out) override {
    out = {};
    while (true) {
      text_.clear();
      out.line = in_.line();
      bool blank = true;
      int c = in_.take();
      if (c < 0) return ended(out);
      for (; c >= 0 && c != '\n'; c = in_.take()) {
        blank = blank && is_space(c);
        text_.add(c);
      }
      if (blank) continue;
      parse_into(text_, out);
      return true;
    }
  }
};

class value_reader final : public scanned_reader {
 public:
  using scanned_reader::scanned_reader;

  bool next(record& out) override {
    out = {};
    for (int c = in_.peek(); c >= 0 && (is_space(c) || c == ',' || c == '[' || c == ']');
         c = in_.peek())
      static_cast<void>(in_.take());
    if (in_.peek() < 0) return ended(out);
    out.line = in_.line();
    if (in_.peek() != '{') {
      // Up to the line's end, where the next object may begin.
      for (int c = in_.take(); c >= 0 && c != '\n'; c = in_.take()) {
      }
      out.error = "is no JSON object";
      return true;
    }
    if (read_object()) {
      parse_into(text_, out);
    } else {
      out.error = text_.over() ? too_long() : "ends in the middle of an object";
    }
    return true;
  }

 private:
  // False if the file ends before the object does.
  bool read_object() {
    text_.clear();
    unsigned depth = 0;
    bool quoted = false;
    bool escaped = false;
    for (int c = in_.take(); c >= 0; c = in_.take()) {
      text_.add(c);
      if (escaped) {
        escaped = false;
      } else if (quoted) {
        escaped = c == '\\';
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        if (--depth == 0) return true;
      }
    }
    return false;
  }
};

class csv_reader final : public scanned_reader {
 public:
  csv_reader(text_scanner in, char separator)
      : scanned_reader(std::move(in)), separator_(separator) {}

  // Nothing, or why there is no table.
  std::optional<std::string> read_header() {
    record first;
    if (!read_record(first)) return "is empty";
    if (!first.error.empty()) return "the header " + first.error;
    header_ = std::move(fields_);
    for (std::size_t i = 0; i < header_.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (header_[i] == header_[j] && !header_[i].empty())
          return "the column " + cleaned(header_[i]) + " stands twice";
    return std::nullopt;
  }

  bool next(record& out) override {
    out = {};
    if (!read_record(out)) return ended(out);
    if (!out.error.empty()) return true;
    if (fields_.size() != header_.size()) {
      out.error = "has " + std::to_string(fields_.size()) + " fields, the header has " +
                  std::to_string(header_.size());
      return true;
    }
    out.object = std::make_unique<json>(json::object());
    for (std::size_t i = 0; i < header_.size(); ++i)
      (*out.object)[header_[i]] = std::move(fields_[i]);
    return true;
  }

 private:
  // The fields of the next record that is not an empty line; false at the end.
  bool read_record(record& out) {
    do {
      if (in_.peek() < 0) return false;
      out.line = in_.line();
      if (!read_line(out)) return true;
    } while (text_.text().empty());
    split(out);
    return true;
  }

  bool read_line(record& out) {
    text_.clear();
    bool quoted = false;
    int c = in_.take();
    for (; c >= 0 && (quoted || c != '\n'); c = in_.take()) {
      if (c == '"') quoted = !quoted;
      text_.add(c);
    }
    if (text_.over())
      out.error = too_long();
    else if (quoted)
      out.error = "has a quote that is not closed";
    else if (!crypto::is_valid_utf8(text_.text()))
      out.error = "is no valid UTF-8";
    else if (text_.text().find('\0') != std::string::npos)
      out.error = "holds U+0000";
    return out.error.empty();
  }

  void split(record& out) {
    fields_.clear();
    std::string_view rest = text_.text();
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    while (true) {
      std::string field;
      if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        for (;; rest.remove_prefix(1)) {
          const std::size_t end = rest.find('"');
          if (end == std::string_view::npos) break;  // cannot be: quotes are balanced
          field.append(rest.substr(0, end));
          rest.remove_prefix(end + 1);
          if (!rest.starts_with('"')) break;
          field += '"';
        }
        if (!rest.empty() && rest.front() != separator_) {
          out.error = "has text behind a closing quote";
          return;
        }
      } else {
        const std::string_view plain = rest.substr(0, rest.find(separator_));
        if (plain.find('"') != std::string_view::npos) {
          out.error = "has a quote within a field";
          return;
        }
        field = plain;
        rest.remove_prefix(plain.size());
      }
      fields_.push_back(std::move(field));
      if (rest.empty()) return;
      rest.remove_prefix(1);
    }
  }

  char separator_;
  std::vector<std::string> header_;
  std::vector<std::string> fields_;
};

// Keeps the cells of one batch of rows.
class cell_keeper final : public files::row_sink {
 public:
  explicit cell_keeper(const std::vector<std::string>& columns) : columns_(columns) {}

  const char* take(std::span<const files::cell> cells, std::uint64_t) override {
    json row = json::object();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const files::cell& c = cells[i];
      if (c.kind == files::cell_kind::text) row[columns_[i]] = std::string(c.text);
      if (c.kind == files::cell_kind::boolean) row[columns_[i]] = c.text == "true";
      if (c.kind == files::cell_kind::number)
        row[columns_[i]] = json::parse(c.text, nullptr, false);
    }
    rows.push_back(std::move(row));
    return nullptr;
  }

  std::vector<json> rows;

 private:
  const std::vector<std::string>& columns_;
};

class parquet_reader final : public record_reader {
 public:
  explicit parquet_reader(std::unique_ptr<files::parquet_rows> rows) : rows_(std::move(rows)) {}

  // Columns that cannot be read as cells, such as whole conversations, are left out.
  std::optional<std::string> choose_columns() {
    for (const std::string& name : rows_->columns())
      if (!rows_->select({name})) columns_.push_back(name);
    if (columns_.empty()) return "has no column that can be read";
    if (const auto bad = rows_->select(columns_)) return bad->reason;
    return std::nullopt;
  }

  bool next(record& out) override {
    out = {};
    if (at_ == kept_.size() && !fill(out)) return !out.error.empty();
    out.line = ++row_;
    out.object = std::make_unique<json>(std::move(kept_[at_++]));
    return true;
  }
  [[nodiscard]] std::uint64_t bytes_read() const override { return 0; }
  [[nodiscard]] std::optional<std::uint64_t> bytes_in_all() const override { return std::nullopt; }

 private:
  static constexpr std::size_t rows_at_once = 256;

  bool fill(record& out) {
    if (ended_) return false;
    cell_keeper sink(columns_);
    const auto taken = rows_->take(sink, rows_at_once);
    kept_ = std::move(sink.rows);
    at_ = 0;
    if (taken.has_error() || *taken < rows_at_once) ended_ = true;
    if (!kept_.empty()) return true;
    if (taken.has_error()) {
      out.line = row_ + 1;
      out.error = taken.error().reason;
    }
    return false;
  }

  std::unique_ptr<files::parquet_rows> rows_;
  std::vector<std::string> columns_;
  std::vector<json> kept_;
  std::size_t at_ = 0;
  std::uint64_t row_ = 0;
  bool ended_ = false;
};

// Whether a .json file is one of JSON lines after all: its first line is a whole object.
bool begins_with_a_line(std::string_view beginning) {
  const std::size_t end = beginning.find('\n');
  if (end == std::string_view::npos || beginning.front() != '{') return false;
  return json::accept(beginning.substr(0, end));
}

files::checked<std::unique_ptr<record_reader>> open_parquet(const std::string& path) {
  auto rows = files::parquet_rows::open(path);
  if (rows.has_error()) return rows.error();
  auto reader = std::make_unique<parquet_reader>(std::move(*rows));
  if (const auto bad = reader->choose_columns()) return files::file_error{*bad};
  return std::unique_ptr<record_reader>(std::move(reader));
}

}  // namespace

std::optional<table_format> table_format_from_text(std::string_view text) {
  for (const auto& [ending, format] : table_endings)
    if (ending == text) return format;
  return std::nullopt;
}

files::checked<std::unique_ptr<record_reader>> records_of(
    std::unique_ptr<files::byte_source> source, table_format format) {
  text_scanner in(std::move(source));
  in.skip_byte_order_mark();
  if (format == table_format::csv || format == table_format::tsv) {
    auto table =
        std::make_unique<csv_reader>(std::move(in), format == table_format::csv ? ',' : '\t');
    if (const auto bad = table->read_header()) return files::file_error{*bad};
    return std::unique_ptr<record_reader>(std::move(table));
  }
  if (format == table_format::json && begins_with_a_line(in.beginning()))
    format = table_format::json_lines;
  if (format == table_format::json_lines)
    return std::unique_ptr<record_reader>(std::make_unique<line_reader>(std::move(in)));
  return std::unique_ptr<record_reader>(std::make_unique<value_reader>(std::move(in)));
}

files::checked<std::unique_ptr<record_reader>> open_records(const std::string& path,
                                                            std::optional<table_format> format) {
  if (!format) format = table_format_from_text(path.substr(path.rfind('.') + 1));
  if (!format)
    return files::file_error{
        "its name does not tell what it is: .csv, .tsv, .jsonl, .json, .parquet"};
  if (*format == table_format::parquet) return open_parquet(path);
  auto source = files::open_bytes(path);
  if (source.has_error()) return source.error();
  return records_of(std::move(*source), *format);
}

}  // namespace agon::imports

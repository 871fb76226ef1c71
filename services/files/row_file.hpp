// A file of records, opened: its columns, and its rows by blocks or one after another.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/files/rows.hpp"

namespace agon::files {

enum class file_format : std::uint8_t { csv, tsv, json_lines, parquet };

// "csv", "tsv", "jsonl", "parquet".
[[nodiscard]] std::string_view to_text(file_format f);
[[nodiscard]] std::optional<file_format> file_format_from_text(std::string_view text);

class row_file {
 public:
  // Opens a path, or standard input for "-". Without a format it is told by the ending of
  // the name (.csv, .tsv, .jsonl, .ndjson, .json, .parquet), or else by the first bytes.
  // Refused: what cannot be read, an empty file, a malformed header or first record, and
  // what is none of these formats.
  [[nodiscard]] static checked<row_file> open(const std::string& path,
                                              std::optional<file_format> format = {});
  [[nodiscard]] static checked<row_file> of(std::unique_ptr<byte_source> source, file_format format,
                                            std::size_t block_bytes = block_reader::usual_block);

  // CSV: the header. JSON: the members of the first record; others may have more.
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] bool has(std::string_view column) const;

  // Refused: a column that a CSV file lacks or has twice.
  [[nodiscard]] checked<std::unique_ptr<row_parser>> parser(
      const std::vector<std::string>& wanted) const;
  // As block_reader::next(); what lies behind the header.
  [[nodiscard]] checked<bool> next(block& out);
  // All rows to the sink, on this thread.
  [[nodiscard]] std::optional<file_error> for_each_row(const std::vector<std::string>& wanted,
                                                       row_sink& sink);

  // Bytes in all, where that is known.
  [[nodiscard]] std::optional<std::uint64_t> size() const { return reader_.size(); }

 private:
  row_file(block_reader reader, file_format format) : reader_(std::move(reader)), format_(format) {}
  [[nodiscard]] std::optional<file_error> read_columns();

  block_reader reader_;
  file_format format_;
  std::vector<std::string> columns_;
  block first_;
  bool first_taken_ = false;
};

}  // namespace agon::files

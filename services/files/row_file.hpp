// A file of records, opened: its columns, and its rows by blocks (CSV, TSV and JSON lines,
// which several threads can parse) or one after another (all).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/files/parquet_rows.hpp"
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
  // what is none of these formats. Parquet needs a path.
  [[nodiscard]] static checked<row_file> open(const std::string& path,
                                              std::optional<file_format> format = {});
  // Not Parquet.
  [[nodiscard]] static checked<row_file> of(std::unique_ptr<byte_source> source, file_format format,
                                            std::size_t block_bytes = block_reader::usual_block);

  // CSV: the header. JSON: the members of the first record; others may have more.
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] bool has(std::string_view column) const;

  // The rows of a Parquet file, which has no blocks; null for the others.
  [[nodiscard]] parquet_rows* parquet() { return parquet_.get(); }
  // Refused: a column that a CSV file lacks or has twice. Not of Parquet.
  [[nodiscard]] checked<std::unique_ptr<row_parser>> parser(
      const std::vector<std::string>& wanted) const;
  // As block_reader::next(); what lies behind the header. Not of Parquet.
  [[nodiscard]] checked<bool> next(block& out);
  // All rows to the sink, on this thread.
  [[nodiscard]] std::optional<file_error> for_each_row(const std::vector<std::string>& wanted,
                                                       row_sink& sink);

  // Bytes of all blocks, where that is known.
  [[nodiscard]] std::optional<std::uint64_t> size() const {
    return reader_ ? reader_->size() : std::nullopt;
  }

 private:
  explicit row_file(file_format format) : format_(format) {}
  [[nodiscard]] std::optional<file_error> read_columns();

  file_format format_;
  std::optional<block_reader> reader_;
  std::unique_ptr<parquet_rows> parquet_;
  std::vector<std::string> columns_;
  block first_;
  bool first_taken_ = false;
};

}  // namespace agon::files

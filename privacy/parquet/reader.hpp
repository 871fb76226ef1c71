// Reads Parquet files row by row: ours, and what DuckDB, Arrow or pandas write of flat
// columns and lists of texts or numbers.
//
// Encodings PLAIN, dictionary, RLE, DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY,
// DELTA_BYTE_ARRAY, BYTE_STREAM_SPLIT; uncompressed, snappy, gzip, zstd; data pages v1
// and v2; page checksums are checked where there are any. The file is not trusted: what
// it says is checked against its bytes, and memory is bound by `reader_limits`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "privacy/parquet/error.hpp"
#include "privacy/parquet/schema.hpp"
#include "privacy/parquet/source.hpp"

namespace agon::parquet {

struct reader_limits {
  std::size_t footer_bytes = 16UL << 20;
  std::size_t page_bytes = 128UL << 20;  // decompressed; DuckDB writes pages of up to 100 MB
  std::size_t memory = 1UL << 30;        // all pages and dictionaries held at a time
  std::size_t columns = 4096;
  std::size_t list_length = 1UL << 20;
  std::int64_t rows = 1'000'000'000;
};

class reader {
 public:
  // Reads the footer and checks that what it says can be.
  [[nodiscard]] static result<reader> open(std::unique_ptr<byte_source> source,
                                           const reader_limits& limits = {});
  // The same of a file.
  [[nodiscard]] static result<reader> open(const std::filesystem::path& path,
                                           const reader_limits& limits = {});
  ~reader();
  reader(reader&&) noexcept;
  reader& operator=(reader&&) noexcept;
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;

  // All columns of the file, those too that cannot be read (type::other).
  [[nodiscard]] const std::vector<column>& columns() const;
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& metadata() const;

  // From now on next() gives these columns, in this order, from the first row on; without
  // it, all. An error names a column that is not there or cannot be read.
  [[nodiscard]] result<void> select(std::span<const std::string> names);

  // The next row's cells, one for each selected column; empty after the last row.
  // After an error the reader gives only errors.
  [[nodiscard]] result<std::span<const cell>> next();

 private:
  struct state;
  explicit reader(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

}  // namespace agon::parquet

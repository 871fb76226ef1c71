// Writes a Parquet file as a stream (format 2, parquet.thrift of apache/parquet-format).
//
// Flat columns and one level of list; dictionaries where they are smaller than plain
// values, zstd, statistics, a checksum on every page. The same rows and options give the
// same bytes with the same version of zstd. Memory is bound by one row group, however
// many rows there are.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "privacy/parquet/error.hpp"
#include "privacy/parquet/schema.hpp"

namespace agon::parquet {

// Takes the file's bytes in order; false ends the writer.
using byte_sink = std::function<bool(std::string_view)>;

struct writer_options {
  std::int64_t row_group_rows = 100'000;     // a row group ends after so many rows
  std::size_t row_group_bytes = 8UL << 20;   // or once this much is buffered
  std::int64_t page_rows = 20'000;           // the same for a page
  std::size_t page_bytes = 1UL << 20;        //
  std::size_t dictionary_bytes = 512 << 10;  // larger dictionaries are not tried
  int compression_level = 3;                 // of zstd
  // Written into the footer, in this order.
  std::vector<std::pair<std::string, std::string>> metadata = {};
};

class writer {
 public:
  // std::invalid_argument if there is no column, one has no name, two have the same, or
  // one's type cannot be written, or a size is not positive.
  writer(std::vector<column> columns, byte_sink sink, writer_options options = {});
  ~writer();
  writer(writer&&) noexcept;
  writer& operator=(writer&&) noexcept;
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  // One cell for each column, in order. Refuses (with the column's name) a null where
  // the column is not optional, another type, an integer out of range, invalid UTF-8.
  // After an error nothing more may be added.
  [[nodiscard]] result<void> add(std::span<const cell> row);

  // Writes what is buffered, and the footer. The file is whole only after this.
  [[nodiscard]] result<void> close();

  [[nodiscard]] std::int64_t rows() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace agon::parquet

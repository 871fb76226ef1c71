// Rows of every type that we write, made from a seed, and ways to compare them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/parquet/reader.hpp"
#include "privacy/parquet/writer.hpp"

namespace agon::parquet::test {

// Required and optional columns of all types.
[[nodiscard]] std::vector<column> sample_columns();

// Owns what the cells of a row look at.
class sample_row {
 public:
  // The same number gives the same row: nulls, empty and long lists, texts in several
  // scripts, extreme numbers, few and many distinct values.
  explicit sample_row(std::uint64_t number);
  sample_row(const sample_row&) = delete;
  sample_row& operator=(const sample_row&) = delete;
  [[nodiscard]] std::span<const cell> cells() const { return cells_; }

 private:
  std::vector<std::string> strings_;
  std::vector<std::string_view> list_;
  std::vector<double> reals_;
  std::vector<cell> cells_;
};

// A file of rows 0 … rows-1, as bytes.
[[nodiscard]] std::string sample_file(std::uint64_t rows, writer_options options = {});

// The row as JSON: numbers of lists and reals by their bits' decimal form, so that equal
// lines mean equal cells.
[[nodiscard]] std::string to_line(std::span<const cell> row);

}  // namespace agon::parquet::test

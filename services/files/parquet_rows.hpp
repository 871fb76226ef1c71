// Rows of a Parquet file, one after another.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/files/rows.hpp"

namespace agon::files {

// Texts, numbers and truth values as cells of those kinds, dates and timestamps as texts
// (2024-08-14, 2024-08-14T09:30:00Z), lists as nested. Not safe for use by two threads at
// once.
class parquet_rows {
 public:
  // Refused: what is no Parquet file, and one whose footer cannot be true.
  [[nodiscard]] static checked<std::unique_ptr<parquet_rows>> open(const std::string& path);
  virtual ~parquet_rows() = default;

  [[nodiscard]] virtual const std::vector<std::string>& columns() const = 0;
  // From now on these are the cells. Refused: a column that is not there, is there twice or
  // cannot be read.
  [[nodiscard]] virtual std::optional<file_error> select(
      const std::vector<std::string>& wanted) = 0;
  // Up to `most` further rows to the sink; how many, fewer only at the end. Errors count
  // rows where those of other formats count lines.
  [[nodiscard]] virtual checked<std::size_t> take(row_sink& sink, std::size_t most) = 0;
};

}  // namespace agon::files

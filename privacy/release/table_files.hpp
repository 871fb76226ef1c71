// Writes one table's rows as lines and as Parquet, cut into files. Internal to
// privacy/release.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "privacy/release/manifest.hpp"
#include "privacy/release/parquet_rows.hpp"
#include "privacy/release/table_schema.hpp"
#include "privacy/release/zstd_file.hpp"

namespace agon::release {

constexpr std::string_view lines_ending = ".jsonl.zst";
constexpr std::string_view parquet_ending = ".parquet";

// The Parquet file of the same rows: "data/votes-00000.parquet"; empty for other paths.
[[nodiscard]] std::string parquet_beside(std::string_view lines_path);

class table_files {
 public:
  // Files are made in <folder>/data. The table outlives this.
  table_files(const table_schema& table, std::filesystem::path folder, std::int64_t rows_per_file)
      : table_(table), folder_(std::move(folder)), rows_per_file_(rows_per_file) {}

  // A line of canonical JSON that the schema allows, and its cells.
  [[nodiscard]] result<void> add(std::string_view line, const std::vector<value>& cells);
  // There is always one file, though it may have no rows.
  [[nodiscard]] result<std::vector<manifest_file>> close();

 private:
  [[nodiscard]] result<output_file> create(std::string_view ending);
  [[nodiscard]] result<void> open_next();
  [[nodiscard]] result<void> close_current();

  const table_schema& table_;
  std::filesystem::path folder_;
  std::int64_t rows_per_file_;
  std::optional<zstd_writer> lines_;
  std::optional<parquet_file> parquet_;
  std::size_t opened_ = 0;
  std::int64_t rows_ = 0;  // of the current file
  std::vector<manifest_file> files_;
};

}  // namespace agon::release

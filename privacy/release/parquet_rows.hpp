// Released rows as Parquet, and whether they are those of the lines beside them.
// Internal to privacy/release.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "privacy/parquet/reader.hpp"
#include "privacy/parquet/writer.hpp"
#include "privacy/release/file_io.hpp"
#include "privacy/release/table_schema.hpp"

namespace agon::release {

// The table's columns as Parquet has them: days are dates, all that are words are texts.
[[nodiscard]] std::vector<parquet::column> parquet_columns(const table_schema& table);

// Cells that the schema allows, as views into `cells`, in `out`.
void to_parquet(const table_schema& table, const std::vector<value>& cells,
                std::vector<parquet::cell>& out);

class parquet_file {
 public:
  parquet_file(const table_schema& table, output_file file);

  // Cells that the schema allows.
  [[nodiscard]] result<void> add(const std::vector<value>& cells);
  [[nodiscard]] result<void> close();
  [[nodiscard]] output_file& file() { return target_->file; }

 private:
  // Where the writer's bytes go; apart, so that this object can be moved.
  struct target {
    output_file file;
    result<void> state;
  };
  [[nodiscard]] result<void> outcome(const parquet::result<void>& written) const;

  const table_schema* table_;
  std::unique_ptr<target> target_;
  parquet::writer writer_;
  std::vector<parquet::cell> row_;
};

// Reads a Parquet file of a release along with its lines.
class parquet_twin {
 public:
  // The path is for sentences only.
  parquet_twin(const table_schema& table, std::string path, unique_fd fd);

  // The lines' next row, and then their end. What differs first stays in problem(), with
  // path and row; it is empty as long as nothing does.
  void expect(const std::vector<value>& cells);
  void expect_end();
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  const table_schema& table_;
  std::string path_;
  std::unique_ptr<parquet::reader> file_;
  std::vector<parquet::cell> expected_;
  std::int64_t rows_ = 0;
  std::string problem_;
};

}  // namespace agon::release

#include "privacy/release/table_files.hpp"

#include <cstdio>

namespace agon::release {

std::string parquet_beside(std::string_view path) {
  if (!path.ends_with(lines_ending)) return "";
  return std::string(path.substr(0, path.size() - lines_ending.size())).append(parquet_ending);
}

result<output_file> table_files::create(std::string_view ending) {
  char number[32];
  std::snprintf(number, sizeof number, "-%05zu", opened_);
  const std::string name = std::string(table_.name).append(number).append(ending);
  files_.push_back({"data/" + name, std::string(table_.name), "", schema_sha256(table_)});
  return output_file::create(folder_ / "data" / name);
}

result<void> table_files::open_next() {
  auto lines = create(lines_ending);
  if (!lines) return lines.error();
  auto columns = create(parquet_ending);
  if (!columns) return columns.error();
  lines_.emplace(std::move(*lines));
  parquet_.emplace(table_, std::move(*columns));
  ++opened_;
  rows_ = 0;
  return {};
}

result<void> table_files::close_current() {
  if (auto closed = lines_->close(); !closed) return closed;
  if (auto closed = parquet_->close(); !closed) return closed;
  const auto describe = [&](manifest_file& f, output_file& file, std::uint64_t raw_bytes) {
    f.sha256 = file.sha256_hex();
    f.bytes = static_cast<std::int64_t>(file.bytes());
    f.raw_bytes = static_cast<std::int64_t>(raw_bytes);
    f.rows = rows_;
  };
  describe(files_[files_.size() - 2], lines_->file(), lines_->raw_bytes());
  describe(files_.back(), parquet_->file(), parquet_->file().bytes());
  return {};
}

result<void> table_files::add(std::string_view line, const std::vector<value>& cells) {
  if (lines_ && rows_ == rows_per_file_)
    if (auto closed = close_current(); !closed) return closed;
  if (!lines_ || rows_ == rows_per_file_)
    if (auto opened = open_next(); !opened) return opened;
  ++rows_;
  if (auto written = lines_->write_line(line); !written) return written;
  return parquet_->add(cells);
}

result<std::vector<manifest_file>> table_files::close() {
  if (!lines_)
    if (auto opened = open_next(); !opened) return opened.error();
  if (auto closed = close_current(); !closed) return closed.error();
  return std::move(files_);
}

}  // namespace agon::release

#include "privacy/parquet/writer.hpp"

#include <set>
#include <stdexcept>

#include "privacy/parquet/column_buffer.hpp"
#include "privacy/parquet/metadata.hpp"

namespace agon::parquet {

struct writer::state {
  state(byte_sink s, writer_options o)
      : sink(std::move(s)), options(std::move(o)), compressor(options.compression_level) {}

  void give(std::string_view bytes) {
    alive = alive && sink(bytes);
    offset += static_cast<std::int64_t>(bytes.size());
  }
  [[nodiscard]] std::size_t buffered() const {
    std::size_t bytes = 0;
    for (const column_buffer& b : buffers) bytes += b.bytes();
    return bytes;
  }
  [[nodiscard]] result<void> end_row_group();

  byte_sink sink;
  writer_options options;
  page_compressor compressor;
  std::vector<column_buffer> buffers;
  file_facts file;
  std::int64_t offset = 0;
  std::int64_t in_group = 0;
  bool alive = true;  // false after an error and after close()
};

result<void> writer::state::end_row_group() {
  row_group_facts group;
  group.rows = in_group;
  for (column_buffer& b : buffers)
    group.chunks.push_back(
        b.drain(offset, options, compressor, [this](std::string_view bytes) { give(bytes); }));
  file.row_groups.push_back(std::move(group));
  in_group = 0;
  if (!alive) return parquet_error{"the file cannot be written"};
  return {};
}

writer::writer(std::vector<column> columns, byte_sink sink, writer_options options) {
  if (columns.empty()) throw std::invalid_argument("a Parquet file needs a column");
  if (options.row_group_rows < 1 || options.row_group_bytes < 1 || options.page_rows < 1 ||
      options.page_bytes < 1)
    throw std::invalid_argument("a size is not positive");
  std::set<std::string> names;
  for (const column& c : columns) {
    if (c.name.empty() || !names.insert(c.name).second)
      throw std::invalid_argument("columns need names, each its own");
  }
  state_ = std::make_unique<state>(std::move(sink), std::move(options));
  for (const column& c : columns) state_->buffers.emplace_back(c);
  state_->file.columns = std::move(columns);
  state_->give(magic);
}

writer::~writer() = default;
writer::writer(writer&&) noexcept = default;
writer& writer::operator=(writer&&) noexcept = default;

result<void> writer::add(std::span<const cell> row) {
  state& s = *state_;
  if (!s.alive) return parquet_error{"the file was closed, or could not be written"};
  if (row.size() != s.buffers.size()) {
    s.alive = false;
    return parquet_error{"a row has another number of cells than there are columns"};
  }
  for (std::size_t i = 0; i < row.size(); ++i)
    if (const auto reason = s.buffers[i].add(row[i]); !reason.empty()) {
      s.alive = false;
      return parquet_error{"column " + s.file.columns[i].name + ": " + std::string(reason)};
    }
  ++s.file.rows;
  ++s.in_group;
  if (s.in_group < s.options.row_group_rows && s.buffered() < s.options.row_group_bytes) return {};
  return s.end_row_group();
}

result<void> writer::close() {
  state& s = *state_;
  if (!s.alive) return parquet_error{"the file was closed, or could not be written"};
  if (s.in_group > 0)
    if (auto ended = s.end_row_group(); !ended) return ended;
  s.file.metadata = s.options.metadata;
  const std::string footer = to_thrift(s.file);
  std::string tail;
  append(tail, static_cast<std::uint32_t>(footer.size()));
  tail += magic;
  s.give(footer);
  s.give(tail);
  if (!s.alive) return parquet_error{"the file cannot be written"};
  s.alive = false;
  return {};
}

std::int64_t writer::rows() const {
  return state_->file.rows;
}

}  // namespace agon::parquet

#include "privacy/parquet/reader.hpp"

#include <algorithm>

#include "privacy/parquet/column_cursor.hpp"
#include "privacy/parquet/metadata.hpp"

namespace agon::parquet {

struct reader::state {
  std::unique_ptr<byte_source> source;
  reader_limits limits;
  file_facts file;
  memory_budget budget;
  std::vector<std::size_t> selected;
  std::vector<std::unique_ptr<column_cursor>> cursors;  // by place in `selected`
  std::vector<cell> row;
  std::size_t group = 0;      // the next row group
  std::int64_t in_group = 0;  // rows left of the one before
  bool broken = false;

  state(std::unique_ptr<byte_source> s, const reader_limits& l)
      : source(std::move(s)), limits(l), budget(l.memory) {}

  [[nodiscard]] result<void> load_footer();
  [[nodiscard]] result<void> select(std::vector<std::size_t> columns);
  [[nodiscard]] result<void> open_group();
  [[nodiscard]] result<void> fill();
};

result<void> reader::state::load_footer() {
  constexpr std::size_t tail_bytes = 8;
  const std::uint64_t size = source->size();
  char head[4], tail[tail_bytes];
  if (size < sizeof head + tail_bytes) return parquet_error{"too short for a Parquet file"};
  if (auto got = source->read(0, head); !got) return got;
  if (auto got = source->read(size - tail_bytes, tail); !got) return got;
  if (std::string_view(head, 4) != magic || std::string_view(tail + 4, 4) != magic)
    return parquet_error{"not a Parquet file"};
  const auto length = load<std::uint32_t>(tail);
  if (length > size - tail_bytes - sizeof head) return parquet_error{"the footer is cut off"};
  if (length > limits.footer_bytes) return parquet_error{"the footer is larger than the limit"};
  std::string footer(length, '\0');
  if (auto got = source->read(size - tail_bytes - length, footer); !got) return got;
  auto facts = read_file_facts(footer, limits.columns);
  if (!facts) return facts.error();
  file = std::move(*facts);
  if (file.rows > limits.rows) return parquet_error{"the file has more rows than the limit"};
  return {};
}

result<void> reader::state::select(std::vector<std::size_t> columns) {
  cursors.clear();
  selected = std::move(columns);
  for (const std::size_t at : selected)
    cursors.push_back(std::make_unique<column_cursor>(file.columns[at], file.leaves[at], *source,
                                                      budget, limits));
  row.assign(selected.size(), {});
  group = 0;
  in_group = 0;
  return {};
}

result<void> reader::state::open_group() {
  const row_group_facts& g = file.row_groups[group++];
  for (std::size_t i = 0; i < selected.size(); ++i)
    if (auto opened = cursors[i]->open(g.chunks[file.first_leaf[selected[i]]]); !opened)
      return opened;
  in_group = g.rows;
  return {};
}

result<void> reader::state::fill() {
  while (in_group == 0) {
    if (group > 0)
      for (const auto& c : cursors)
        if (auto ended = c->expect_end(); !ended) return ended;
    if (group == file.row_groups.size()) {
      row.clear();
      return {};
    }
    if (auto opened = open_group(); !opened) return opened;
  }
  --in_group;
  for (std::size_t i = 0; i < cursors.size(); ++i)
    if (auto got = cursors[i]->next(row[i]); !got) return got;
  return {};
}

reader::reader(std::unique_ptr<state> s) : state_(std::move(s)) {}
reader::~reader() = default;
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;

result<reader> reader::open(std::unique_ptr<byte_source> source, const reader_limits& limits) {
  auto s = std::make_unique<state>(std::move(source), limits);
  if (auto loaded = s->load_footer(); !loaded) return loaded.error();
  return reader(std::move(s));
}

result<reader> reader::open(const std::filesystem::path& path, const reader_limits& limits) {
  auto source = open_file(path);
  if (!source) return source.error();
  return open(std::move(*source), limits);
}

const std::vector<column>& reader::columns() const {
  return state_->file.columns;
}
std::int64_t reader::rows() const {
  return state_->file.rows;
}
const std::vector<std::pair<std::string, std::string>>& reader::metadata() const {
  return state_->file.metadata;
}

result<void> reader::select(std::span<const std::string> names) {
  const auto& all = state_->file.columns;
  std::vector<std::size_t> chosen;
  for (const std::string& name : names) {
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const column& c) { return c.name == name; });
    if (at == all.end()) return parquet_error{"the file has no column " + name};
    if (at->type == type::other)
      return parquet_error{"column " + name + ": its type is not read here"};
    chosen.push_back(static_cast<std::size_t>(at - all.begin()));
  }
  return state_->select(std::move(chosen));
}

result<std::span<const cell>> reader::next() {
  state& s = *state_;
  if (s.broken) return parquet_error{"the file could not be read before"};
  if (s.selected.empty()) {
    std::vector<std::string> names;
    names.reserve(s.file.columns.size());
    for (const column& c : s.file.columns) names.push_back(c.name);
    if (auto all = select(names); !all) return all.error();
  }
  if (auto filled = s.fill(); !filled) {
    s.broken = true;
    return filled.error();
  }
  return std::span<const cell>(s.row);
}

}  // namespace agon::parquet

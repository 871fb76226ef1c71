// All rows of a text, for tests of the readers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/files/row_file.hpp"

namespace agon::files::testing {

struct read_rows {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::uint64_t> lines;
  std::vector<std::vector<cell_kind>> kinds;
  std::string error;  // to_text() of it; empty if all was read
};

class collecting_sink final : public row_sink {
 public:
  explicit collecting_sink(read_rows& out) : out_(out) {}
  const char* take(std::span<const cell> cells, std::uint64_t line) override {
    out_.lines.push_back(line);
    out_.cells.emplace_back();
    out_.kinds.emplace_back();
    for (const cell& c : cells) {
      out_.cells.back().emplace_back(c.text);
      out_.kinds.back().push_back(c.kind);
    }
    return nullptr;
  }

 private:
  read_rows& out_;
};

// All columns where none are named.
inline read_rows rows_of(std::string_view text, file_format format,
                         std::vector<std::string> wanted = {},
                         std::size_t block_bytes = block_reader::usual_block) {
  read_rows out;
  auto file = row_file::of(bytes_of_text(text), format, block_bytes);
  if (file.has_error()) {
    out.error = to_text(file.error());
    return out;
  }
  collecting_sink sink(out);
  if (const auto bad = file->for_each_row(wanted.empty() ? file->columns() : wanted, sink))
    out.error = to_text(*bad);
  return out;
}

}  // namespace agon::files::testing

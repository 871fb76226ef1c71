// A CSV text gives the same rows and the same refusal wherever its blocks are cut, and what
// is read, written again with every field in quotes, reads the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/unit/files/rows_of.hpp"

namespace {

using agon::files::file_format;
using agon::files::testing::rows_of;

std::string quoted(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& cell : cells) {
    out += out.empty() ? "\"" : ",\"";
    for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    out += '"';
  }
  return out + "\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = agon::files::row_file::of(agon::files::bytes_of_text(text), file_format::csv);
  if (file.has_error()) return 0;
  const auto whole = rows_of(text, file_format::csv);
  const auto cut = rows_of(text, file_format::csv, {}, 7);
  if (whole.error.empty() != cut.error.empty()) std::abort();
  if (!whole.error.empty()) return 0;
  if (whole.cells != cut.cells || whole.lines != cut.lines) std::abort();
  std::string again = quoted(file->columns());
  for (const auto& row : whole.cells) again += quoted(row);
  if (rows_of(again, file_format::csv).cells != whole.cells) std::abort();
  return 0;
}

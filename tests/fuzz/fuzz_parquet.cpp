// Whatever the bytes are, the reader ends with rows or a sentence, within its limits.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "privacy/crypto/utf8.hpp"
#include "privacy/parquet/reader.hpp"

namespace {

// Reads a file's rows; texts must be what the schema promises.
void read_all(agon::parquet::reader& file) {
  for (int rows = 0; rows < 20'000; ++rows) {
    const auto row = file.next();
    if (!row) {
      if (row.error().message.empty()) std::abort();
      return;
    }
    if (row->empty()) return;
    for (const agon::parquet::cell& c : *row)
      if (const auto* text = std::get_if<std::string_view>(&c))
        if (!agon::crypto::is_valid_utf8(*text)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  agon::parquet::reader_limits limits;
  limits.page_bytes = 1UL << 20;
  limits.memory = 16UL << 20;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  auto file = agon::parquet::reader::open(agon::parquet::in_memory(std::move(bytes)), limits);
  if (!file) return 0;
  // Columns that cannot be read must not keep their neighbours from being read.
  std::vector<std::string> names;
  for (const agon::parquet::column& c : file->columns())
    if (c.type != agon::parquet::type::other) names.push_back(c.name);
  if (file->select(names)) read_all(*file);
  return 0;
}

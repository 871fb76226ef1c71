// A line that a table's schema lets in is, byte by byte, the one its cells ask for.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "privacy/release/encode_row.hpp"
#include "privacy/release/row_json.hpp"
#include "privacy/release/tables.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  for (const agon::release::table_schema& table : agon::release::tables()) {
    const auto cells = agon::release::parse_row(table, line);
    if (cells && agon::release::to_json_line(table, *cells) != line) std::abort();
  }
  return 0;
}

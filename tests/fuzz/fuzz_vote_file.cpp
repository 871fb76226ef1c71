// Whatever a file holds, its votes are refused or counted and printed; no crash, and the
// same counts on one thread and on several.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "services/offline/rate_votes.hpp"

namespace {

using namespace std::string_view_literals;
namespace files = agon::files;
namespace offline = agon::offline;

files::checked<offline::file_votes> read(std::string_view text, files::file_format format,
                                         std::size_t threads) {
  auto file = files::row_file::of(files::bytes_of_text(text), format, 64);
  if (file.has_error()) return file.error();
  offline::read_settings settings;
  settings.threads = threads;
  settings.columns.segment = "winner";
  return offline::read_votes(*file, settings);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto format = data[0] % 2 == 0 ? files::file_format::csv : files::file_format::json_lines;
  std::string text = format == files::file_format::csv ? "left,right,winner\n" : "";
  text.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto one = read(text, format, 1);
  const auto three = read(text, format, 3);
  if (one.has_value() != three.has_value()) std::abort();
  if (one.has_error()) {
    if (files::to_text(one.error()) != files::to_text(three.error())) std::abort();
    return 0;
  }
  if (one->votes.sha256() != three->votes.sha256()) std::abort();
  const auto boards = offline::rate_votes(*one, {});
  if (boards.has_error()) return 0;
  for (const auto format_out : {offline::board_format::table, offline::board_format::md,
                                offline::board_format::csv, offline::board_format::json})
    if (offline::print_boards(*boards, true, format_out).empty()) std::abort();
  return 0;
}

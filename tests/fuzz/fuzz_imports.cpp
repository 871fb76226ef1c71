// Whatever a file holds, its records end, and each is a vote, none, or refused; bodies of Music
// Arena's gateway API are read or refused.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "services/imports/parsers.hpp"
#include "services/imports/record_reader.hpp"
#include "services/music_arena/messages.hpp"

namespace imports = agon::imports;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(agon::music_arena::read_battle_wish(text));
  static_cast<void>(agon::music_arena::read_vote_wish(text));
  for (const auto format : {imports::table_format::json_lines, imports::table_format::json,
                            imports::table_format::csv, imports::table_format::tsv}) {
    auto reader = imports::records_of(agon::files::bytes_of_text(text), format);
    if (reader.has_error()) continue;
    imports::record r;
    std::size_t records = 0;
    while ((*reader)->next(r)) {
      if (++records > size + 1) std::abort();
      if ((r.object == nullptr) == r.error.empty()) std::abort();
      if (!r.object) continue;
      for (const auto source :
           {imports::source_format::music_arena, imports::source_format::lmsys,
            imports::source_format::comparia, imports::source_format::pairs})
        static_cast<void>(imports::parse(source, *r.object));
    }
  }
  return 0;
}

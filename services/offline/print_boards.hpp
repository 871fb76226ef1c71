// Boards as text: for a terminal, a spreadsheet, a program or a page.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ratings/board.hpp"

namespace agon::offline {

enum class board_format : std::uint8_t { table, csv, json, md };

// "table", "csv", "json", "md".
[[nodiscard]] std::optional<board_format> board_format_from_text(std::string_view text);

struct named_board {
  std::string segment;  // empty: all votes
  ratings::board content;
};

// `all` holds the board of all votes first, then those of segments; `segmented` tells that
// segments were asked for, even if there is none.
//   table  aligned columns, those that cannot be rated below, with the reason; then what
//          else the method estimated, with its interval
//   md     the same as a table of GitHub-flavoured Markdown
//   csv    RFC 4180 with a header and LF; first a column "segment" if `segmented`
//   json   ratings::to_json() of the board; if `segmented` an object with "overall", the
//          board, and "segments", an array of {"board", "segment"}
// Ends with a line end. The same boards give the same bytes.
[[nodiscard]] std::string print_boards(std::span<const named_board> all, bool segmented,
                                       board_format format);

}  // namespace agon::offline

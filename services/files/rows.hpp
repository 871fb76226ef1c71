// Records of a file as rows of the cells that somebody asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/files/block_reader.hpp"
#include "services/files/error.hpp"

namespace agon::files {

enum class cell_kind : std::uint8_t {
  absent,   // not in the record, or null
  text,     // of CSV always
  number,   // as it is written
  boolean,  // "true" or "false"
  nested,   // an array or an object, without its text
};

struct cell {
  std::string_view text;
  cell_kind kind = cell_kind::absent;
};

// Takes rows one by one. The cells are those asked for, in that order; they and their
// texts, which are valid UTF-8, live until take() returns.
class row_sink {
 public:
  virtual ~row_sink() = default;
  // Null to go on, or why the row is refused, which ends the reading: a text that lives
  // until the sink is used again.
  [[nodiscard]] virtual const char* take(std::span<const cell> cells, std::uint64_t line) = 0;
};

// Not safe for use by two threads at once: each thread has its own.
class row_parser {
 public:
  virtual ~row_parser() = default;
  // Every record of the block, in order, to the sink. Stops at the first that is malformed
  // or refused and says which; the rows before it have been taken. Nothing is allocated
  // per row.
  [[nodiscard]] virtual std::optional<file_error> parse(block& records, row_sink& sink) = 0;
};

// RFC 4180, with LF or CRLF at the line ends and `separator` for the comma. Every record has
// `columns` fields, of which those at `wanted` are given; empty lines are passed over.
// Refused: a quote within a field that does not begin with one, text behind a closing quote,
// a quote that is not closed, a carriage return elsewhere, invalid UTF-8.
[[nodiscard]] std::unique_ptr<row_parser> make_csv_parser(std::size_t columns,
                                                          std::vector<std::size_t> wanted,
                                                          char separator = ',');

// The fields of the first record, left out of the block. Refused: as above, and a block
// without a record.
[[nodiscard]] checked<std::vector<std::string>> take_csv_header(block& records, char separator);

// One JSON object per line (RFC 8259), nested 64 deep at most; empty lines are passed
// over. A wanted name is that of a member or, with dots, of a member of a member. Refused:
// anything that is no such object, a wanted member that comes twice, invalid UTF-8.
[[nodiscard]] std::unique_ptr<row_parser> make_json_parser(std::vector<std::string> wanted);

// The names of the members of the first object, those of objects within as "a.b"; the
// block keeps it.
[[nodiscard]] checked<std::vector<std::string>> first_json_members(block& records);

// Nothing, or the error that names the line of the first byte that is no UTF-8.
[[nodiscard]] std::optional<file_error> check_utf8(block& records);

}  // namespace agon::files

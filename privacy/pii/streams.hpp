// Scans and redacts streams of any length: plain text, or one JSON object a line. What
// `agon pii` does.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "privacy/pii/find.hpp"
#include "privacy/pii/redact.hpp"

namespace agon::pii {

enum class stream_format {
  text,   // read in blocks of some MiB that end at a line's end; a find lies within one
  jsonl,  // {"id": any, "text": string}; other members are not read, and not written
};
enum class text_style {
  plain,        // a line for each find: first and last code point, kind, score, text
  highlighted,  // the text itself with finds coloured, for a terminal
};

struct stream_totals {
  std::int64_t bytes = 0, rows = 0, finds = 0;
};

// Writes what is found. JSON: {"id":…,"spans":[{"kind","start","end","score"}]}, places
// in code points. Throws std::runtime_error, naming the line, for a row that is not such
// JSON, and for a line of more than 1 GiB; what was written before stays.
stream_totals scan_stream(std::istream& in, std::ostream& out, stream_format format,
                          text_style style, const options& how);

// Writes the text with placeholders instead of what is found; JSON: {"id":…,"text":…}.
// Placeholders are numbered through the whole stream for text, anew for each row of JSON.
stream_totals redact_stream(std::istream& in, std::ostream& out, stream_format format,
                            const options& how);

}  // namespace agon::pii

// Text for spreadsheets (RFC 4180).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace agon::boards {

class csv_text {
 public:
  // The first line.
  explicit csv_text(std::string_view header) : text_(std::string(header) + "\r\n") {}

  // Fields of the line under way. Text that a spreadsheet would take for a formula gets an
  // apostrophe before it.
  csv_text& field(std::string_view text);
  csv_text& field(std::int64_t number) { return raw(std::to_string(number)); }
  csv_text& field(std::optional<double> number);
  csv_text& end();

  [[nodiscard]] std::string finish() && { return std::move(text_); }

 private:
  csv_text& raw(std::string_view text);
  std::string text_;
  bool begun_ = false;
};

}  // namespace agon::boards

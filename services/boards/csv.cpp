#include "services/boards/csv.hpp"

#include <charconv>

namespace agon::boards {

csv_text& csv_text::raw(std::string_view text) {
  if (begun_) text_ += ',';
  begun_ = true;
  text_ += text;
  return *this;
}

csv_text& csv_text::field(std::string_view text) {
  std::string safe;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    safe += '\'';
  safe += text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return raw(safe);
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return raw(quoted + "\"");
}

csv_text& csv_text::field(std::optional<double> number) {
  if (!number) return raw("");
  char shortest[32];
  const auto [end, failed] = std::to_chars(std::begin(shortest), std::end(shortest), *number);
  return raw({shortest, static_cast<std::size_t>(end - shortest)});
}

csv_text& csv_text::end() {
  text_ += "\r\n";
  begun_ = false;
  return *this;
}

}  // namespace agon::boards

#include "services/outgoing/event_parser.hpp"

namespace agon::outgoing {

std::optional<std::vector<event>> event_parser::feed(std::string_view bytes) {
  std::vector<event> out;
  for (const char c : bytes) {
    if (broken_) break;
    if (c == '\n' && after_return_) {
      after_return_ = false;
      continue;
    }
    after_return_ = c == '\r';
    if (c == '\n' || c == '\r') {
      take_line(out);
    } else if (++size_ > largest_) {
      broken_ = true;
    } else {
      line_ += c;
    }
  }
  if (broken_) return std::nullopt;
  return out;
}

void event_parser::take_line(std::vector<event>& out) {
  std::string_view line = line_;
  if (at_start_ && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  at_start_ = false;
  if (line.empty()) {
    if (has_data_) out.push_back(std::move(current_));
    current_ = {};
    has_data_ = false;
    size_ = 0;
    line_.clear();
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "data") {
    if (has_data_) current_.data += '\n';
    current_.data += value;
    has_data_ = true;
  } else if (name == "event") {
    current_.type = value.empty() ? "message" : std::string(value);
  } else if (!has_data_) {
    size_ = 0;  // comments that keep the connection alive do not add up
  }
  line_.clear();
}

}  // namespace agon::outgoing

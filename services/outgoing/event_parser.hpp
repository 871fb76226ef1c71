// Server-sent events out of a stream of bytes (WHATWG HTML, 9.2.6).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agon::outgoing {

struct event {
  std::string type = "message";
  std::string data;
};

class event_parser {
 public:
  // `largest_event` in bytes, with all its lines.
  explicit event_parser(std::size_t largest_event) : largest_(largest_event) {}

  // The events that are complete now; nothing if one is too large, and then for ever. Bytes
  // may be cut anywhere. Comments, ids and retry times are passed over; so is an event that
  // the stream does not finish with an empty line.
  [[nodiscard]] std::optional<std::vector<event>> feed(std::string_view bytes);

 private:
  void take_line(std::vector<event>& out);

  std::size_t largest_;
  std::string line_;
  event current_;
  std::size_t size_ = 0;  // of the event so far
  bool has_data_ = false;
  bool after_return_ = false;
  bool at_start_ = true;
  bool broken_ = false;
};

}  // namespace agon::outgoing

// A request that goes out and the answer to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/core/error.hpp"

namespace agon::outgoing {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct request {
  bool post = true;           // POST with a body, or GET without one
  std::string target;         // goes behind the endpoint's path: "/chat/completions"
  bool whole_target = false;  // `target` stands alone: see target_at()
  std::string body{};
  std::string content_type = "application/json";
  std::string accept = "application/json";
  header_list headers{};  // further ones; nothing secret: see client_options::secret_headers
  // True if it does no harm twice: then it is sent again also after a failure that left
  // open whether it was worked on. GET always is.
  bool repeatable = false;
};

struct answer {
  unsigned status = 0;
  header_list headers;       // names in lower case
  std::string body;          // empty where a body_sink took it
  double first_seconds = 0;  // from the last attempt's start to the first byte of the answer
  double seconds = 0;        // of the last attempt
  unsigned attempts = 1;

  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
  // The first of that name; empty if absent.
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
};

// Given the head and the next piece of the body of an answer with a status of 200 to 299:
// true to go on, false for "enough", which succeeds; an error ends the exchange with it.
// Called on the client's strand, never after the call completed. Must not throw.
using body_sink = std::function<result<bool>(const answer& head, std::string_view piece)>;

// True if it can stand in a header's name or value.
[[nodiscard]] bool is_header_name(std::string_view text);
[[nodiscard]] bool is_header_value(std::string_view text);

}  // namespace agon::outgoing

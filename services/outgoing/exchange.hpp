// One request and its answer on one connection.
#pragma once

#include <string>

#include "services/outgoing/connection.hpp"

namespace agon::outgoing {

struct exchange_result {
  result<answer> value = fail(errc::internal, "");
  bool answered = false;   // at least one byte came back
  bool closed = false;     // the other side ended the connection before that
  bool delivered = false;  // the sink got a piece
  bool reusable = false;   // the connection is ready for another request
};

// `c` and `dog` are the caller's for as long as it runs; `head` is the request's first part
// with its empty line.
[[nodiscard]] awaitable<exchange_result> exchange(connection& c, watchdog& dog,
                                                  const client_options& options,
                                                  const std::string& head, const std::string& body,
                                                  const body_sink& sink);

}  // namespace agon::outgoing

// Where Redis is.
#pragma once

#include <string>
#include <string_view>

#include "services/core/error.hpp"
#include "services/core/redacted.hpp"

namespace agon::store {

struct redis_url {
  std::string socket;  // path of a UNIX socket; empty: host and port
  std::string host;
  int port = 6379;
  std::string user;
  secret password;
  int database = 0;
};

// Reads unix:///path/to/socket and redis://[[user]:password@]host[:port][/database].
// errc::invalid_input, without quoting the url, for anything else.
[[nodiscard]] result<redis_url> parse_redis_url(std::string_view text);

}  // namespace agon::store

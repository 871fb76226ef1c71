// Where requests go out to, as an operator configured it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/core/error.hpp"

namespace agon::outgoing {

struct endpoint {
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string path;      // what goes before every target: "" or "/v1", never ending in /
  bool numeric = false;  // the host is an IP address

  // As in a Host header: the port only if it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  bool operator==(const endpoint&) const = default;
};

// "https://api.example.org/v1". errc::invalid_input, in words that follow "must", for any
// other scheme, credentials, a query, a fragment, or what is no URL.
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view url);

// What to send as target to reach `url`, which a server named in an answer: an absolute
// URL of the same scheme, host and port, or a path that begins with /. errc::system_failed
// for anything else: an answer cannot send us to another place.
[[nodiscard]] result<std::string> target_at(const endpoint& same, std::string_view url);

}  // namespace agon::outgoing

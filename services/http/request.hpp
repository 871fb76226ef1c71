// A request as features see it: plain values, no Beast.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/core/error.hpp"
#include "services/core/id.hpp"
#include "services/core/redacted.hpp"

namespace agon::http {

enum class method { get, head, post, put, patch, delete_, options };

[[nodiscard]] std::string_view name_of(method m);

// Valid until its handler has completed. Views point into the connection's buffer.
struct request {
  method verb = method::get;
  std::string_view path;   // percent-decoded, without the query
  std::string_view query;  // raw, without '?'
  std::string_view body;   // whole, at most the route's cap, content type already checked
  std::string request_id;  // ours, also in the answer's X-Request-Id
  redacted<std::string> client_address;  // of the peer, or of X-Forwarded-For from a trusted proxy

  // Headers with lower-case names, in order of arrival.
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  // The route's typed parameters, in order of the pattern, already checked.
  std::vector<std::pair<std::string_view, std::string_view>> path_parameters;

  // Whom limits count: the client's address, or its network of 64 bits of IPv6, in which anyone
  // may choose addresses at will.
  [[nodiscard]] std::string client_network() const;
  // First value of a header; empty if absent. `lower_case_name` as in "last-event-id".
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
  // Value of a path parameter. Throws std::out_of_range if the route has none of that name.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  // The same as a UUID; the router has matched {name:uuid} before.
  [[nodiscard]] uuid uuid_parameter(std::string_view name) const;
  // Percent-decoded query parameter; nothing if absent.
  [[nodiscard]] std::optional<std::string> query_parameter(std::string_view name) const;
  // Value of a cookie; empty if absent.
  [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

}  // namespace agon::http

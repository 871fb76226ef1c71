// Problems of HTTP itself, which no errc describes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/http/response.hpp"

namespace agon::http {

enum class protocol_error {
  bad_request,
  request_timeout,
  uri_too_long,
  headers_too_large,
  expectation_failed,
  method_not_allowed,
  unsupported_media_type,
  cross_site_refused,
  misdirected_request,
  range_not_satisfiable,
  version_not_supported,
};

// A problem+json of type "/problems/" and the enumerator's name, with dashes.
[[nodiscard]] response protocol_problem(protocol_error kind, std::string_view detail,
                                        std::string_view request_id);

}  // namespace agon::http

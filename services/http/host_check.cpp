#include "services/http/host_check.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <stdexcept>

namespace agon::http {
namespace {

// "example.org:8443" → "example.org"; "[::1]:80" → "[::1]".
std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  const bool port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
  return port ? host.substr(0, colon) : host;
}

}  // namespace

host_policy::host_policy(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {
  for (const std::string& host : allowed_)
    if (host.empty() || without_port(host).empty() ||
        host.find_first_of("/?#@ ,") != std::string::npos)
      throw std::invalid_argument("host " + host + " is not like agon.example.org");
}

bool host_policy::permits(std::string_view host) const {
  if (allowed_.empty()) return true;
  return std::any_of(allowed_.begin(), allowed_.end(), [host](const std::string& ours) {
    const bool any_port = without_port(ours) == ours;
    return boost::beast::iequals(ours, any_port ? without_port(host) : host);
  });
}

}  // namespace agon::http

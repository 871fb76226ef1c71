#include "services/http/origin_check.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <stdexcept>

namespace agon::http {
namespace {

// "https://example.org:8443" → "example.org:8443"; empty for "null" and nonsense.
std::string_view host_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view host = origin.substr(scheme + 3);
  return host.find_first_of("/?#@ ") == std::string_view::npos ? host : std::string_view{};
}

}  // namespace

origin_policy::origin_policy(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {
  for (const std::string& origin : allowed_)
    if (host_of(origin).empty())
      throw std::invalid_argument("allowed origin " + origin + " is not like https://example.org");
}

bool origin_policy::permits(const request& r) const {
  const std::string_view site = r.header("sec-fetch-site");
  const std::string_view origin = r.header("origin");
  if (!origin.empty() && std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end())
    return true;
  // The scheme is not compared: behind a proxy we do not know our own.
  if (!site.empty()) return site == "same-origin" || site == "none";
  if (origin.empty()) return true;
  const std::string_view host = host_of(origin);
  return !host.empty() && boost::beast::iequals(host, r.header("host"));
}

}  // namespace agon::http

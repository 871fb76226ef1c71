#include "services/outgoing/endpoint.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

namespace agon::outgoing {
namespace {

namespace urls = boost::urls;

constexpr std::size_t longest_url = 2000;

std::uint16_t usual_port(bool tls) {
  return tls ? 443 : 80;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// Letters, digits, dots and hyphens: a name that can be asked of a resolver and checked
// against a certificate.
bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && host.front() != '.' && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == '_';
         });
}

// The scheme's own if none is given; 0 if it is no port.
std::uint16_t port_of(const urls::url_view& u, bool tls) {
  if (!u.has_port() || u.port().empty()) return usual_port(tls);
  std::uint16_t port = 0;
  for (const char c : std::string_view(u.port())) {
    const unsigned next = port * 10U + static_cast<unsigned>(c - '0');
    if (next > 65'535) return 0;
    port = static_cast<std::uint16_t>(next);
  }
  return port;
}

error not_so(std::string reason) {
  return fail(errc::invalid_input, std::move(reason));
}

}  // namespace

std::string endpoint::authority() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != usual_port(tls)) out += ":" + std::to_string(port);
  return out;
}

result<endpoint> parse_endpoint(std::string_view url) {
  if (url.size() > longest_url) return not_so("be shorter");
  const auto parsed = urls::parse_uri(url);
  if (!parsed) return not_so("be a URL such as https://api.example.org/v1");
  const urls::url_view u = *parsed;
  const std::string scheme = lower(u.scheme());
  if (scheme != "https" && scheme != "http") return not_so("begin with https:// or http://");
  if (u.has_userinfo()) return not_so("hold no credentials: name them under key_from");
  if (u.has_query() || u.has_fragment()) return not_so("have neither query nor fragment");
  endpoint out;
  out.tls = scheme == "https";
  out.host = lower(u.host_address());
  boost::system::error_code not_numeric;
  const auto address = boost::asio::ip::make_address(out.host, not_numeric);
  out.numeric = !not_numeric;
  if (out.numeric) out.host = address.to_string();
  if (!out.numeric && !is_host_name(out.host)) return not_so("have a host");
  out.port = port_of(u, out.tls);
  if (out.port == 0) return not_so("have a port from 1 to 65535");
  out.path = u.encoded_path();
  while (out.path.ends_with('/')) out.path.pop_back();
  return out;
}

result<std::string> target_at(const endpoint& same, std::string_view url) {
  const error elsewhere =
      fail(errc::system_failed, "The system sent us to another place, which is refused.");
  if (url.empty() || url.size() > longest_url) return elsewhere;
  const auto parsed = urls::parse_uri_reference(url);
  if (!parsed) return elsewhere;
  const urls::url_view u = *parsed;
  if (!u.encoded_path().starts_with('/')) return elsewhere;
  if (u.has_scheme() || u.has_authority()) {
    endpoint given = same;
    given.tls = lower(u.scheme()) == "https";
    if (!given.tls && lower(u.scheme()) != "http") return elsewhere;
    given.host = lower(u.host_address());
    given.port = port_of(u, given.tls);
    if (u.has_userinfo() || !(given == same)) return elsewhere;
  }
  std::string target(u.encoded_path());
  if (u.has_query()) target += "?" + std::string(u.encoded_query());
  return target;
}

}  // namespace agon::outgoing

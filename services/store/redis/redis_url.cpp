#include "services/store/redis/redis_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace agon::store {
namespace {

error malformed() {
  return fail(errc::invalid_input,
              "The Redis url must be unix:///path or redis://[:password@]host[:port][/database].");
}

bool read_database(std::string_view path, int& database) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.empty()) return true;
  const auto [end, failure] = std::from_chars(path.data(), path.data() + path.size(), database);
  return failure == std::errc{} && end == path.data() + path.size() && database >= 0;
}

}  // namespace

result<redis_url> parse_redis_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return malformed();
  redis_url url;
  if (parsed->scheme() == "unix") {
    url.socket = parsed->path();
    if (!parsed->host().empty() || url.socket.size() < 2) return malformed();
    return url;
  }
  if (parsed->scheme() != "redis" || parsed->host().empty()) return malformed();
  url.host = parsed->host_name().empty() ? parsed->host() : parsed->host_name();
  if (parsed->has_port()) url.port = parsed->port_number();
  url.user = parsed->user();
  url.password = secret(parsed->password());
  if (url.port == 0 || !read_database(parsed->path(), url.database)) return malformed();
  return url;
}

}  // namespace agon::store

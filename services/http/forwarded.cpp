#include "services/http/forwarded.hpp"

#include <charconv>
#include <stdexcept>

#include "services/http/trimmed.hpp"

namespace agon::http {
namespace {

namespace ip = boost::asio::ip;

// Both families as 128 bits, IPv4 mapped.
ip::address_v6 wide(const ip::address& a) {
  return a.is_v4() ? ip::make_address_v6(ip::v4_mapped, a.to_v4()) : a.to_v6();
}

}  // namespace

ip::address plain(const ip::address& a) {
  if (a.is_v6() && a.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, a.to_v6());
  return a;
}

trusted_proxies::trusted_proxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    boost::system::error_code error;
    const auto address = ip::make_address(text.substr(0, slash), error);
    const unsigned most = address.is_v4() ? 32 : 128;
    unsigned length = most;
    bool good = !error;
    if (slash < text.size()) {
      const char* const end = text.data() + text.size();
      const auto read = std::from_chars(text.data() + slash + 1, end, length);
      good = good && read.ec == std::errc{} && read.ptr == end && length <= most;
    }
    if (!good) throw std::invalid_argument("trusted proxy " + text + " is no address or network");
    networks_.push_back({wide(address).to_bytes(), length + 128 - most});
  }
}

bool trusted_proxies::contains(const ip::address& a) const {
  if (networks_.empty()) return false;
  const auto bits = wide(a).to_bytes();
  for (const network& n : networks_) {
    bool same = true;
    for (unsigned i = 0; same && i < n.length; ++i) {
      const unsigned mask = 0x80U >> (i % 8);
      same = (bits[i / 8] & mask) == (n.bits[i / 8] & mask);
    }
    if (same) return true;
  }
  return false;
}

bool trusted_proxies::contains(const std::string& address) const {
  boost::system::error_code error;
  const auto parsed = ip::make_address(address, error);
  return !error && contains(parsed);
}

std::string trusted_proxies::client_of(const request& r, const std::string& peer) const {
  std::string client = peer;
  for (auto line = r.headers.rbegin(); line != r.headers.rend(); ++line) {
    if (line->first != "x-forwarded-for") continue;
    std::string_view rest = line->second;
    while (!rest.empty()) {
      const std::size_t comma = rest.rfind(',');
      const std::size_t start = comma == std::string_view::npos ? 0 : comma + 1;
      boost::system::error_code error;
      const auto address = ip::make_address(std::string(trimmed(rest.substr(start))), error);
      if (error) return client;
      client = plain(address).to_string();
      if (!contains(address)) return client;
      rest = start == 0 ? std::string_view{} : rest.substr(0, comma);
    }
  }
  return client;
}

}  // namespace agon::http

// Whose address a request has, when proxies stand before us.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "services/http/request.hpp"

namespace agon::http {

// IPv4 in IPv6 ("::ffff:192.0.2.1") as IPv4, so that one host has one address.
[[nodiscard]] boost::asio::ip::address plain(const boost::asio::ip::address& a);

class trusted_proxies {
 public:
  // Addresses and networks in CIDR form. Throws std::invalid_argument for others.
  explicit trusted_proxies(const std::vector<std::string>& networks);

  [[nodiscard]] bool contains(const boost::asio::ip::address& a) const;
  // The same for an address as it is printed; false for what is none.
  [[nodiscard]] bool contains(const std::string& address) const;
  // The rightmost address of X-Forwarded-For that is not a trusted proxy's. Call it
  // only for requests of a trusted peer; that peer's own address if the header is
  // missing or malformed.
  [[nodiscard]] std::string client_of(const request& r, const std::string& peer) const;

 private:
  struct network {
    boost::asio::ip::address_v6::bytes_type bits{};
    unsigned length = 0;
  };
  std::vector<network> networks_;
};

}  // namespace agon::http

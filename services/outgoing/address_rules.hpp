// Which network addresses may be connected to.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>

namespace agon::outgoing {

enum class reach {
  open,    // on the public internet
  inside,  // this machine, or a private network: only where the operator said so
  never,   // link-local (metadata services of clouds live there), multicast, reserved
};

// By the IANA registries of special-purpose addresses. An IPv6 address that carries an IPv4
// address is judged by that one.
[[nodiscard]] reach reach_of(const boost::asio::ip::address& address);

}  // namespace agon::outgoing

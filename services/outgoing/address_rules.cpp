#include "services/outgoing/address_rules.hpp"

#include <algorithm>
#include <array>

namespace agon::outgoing {
namespace {

namespace ip = boost::asio::ip;

struct block4 {
  std::uint32_t first;
  unsigned bits;
  reach kind;
};

constexpr std::uint32_t quad(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a << 24U) | (b << 16U) | (c << 8U) | d;
}

constexpr block4 blocks4[] = {
    {quad(0, 0, 0, 0), 8, reach::never},
    {quad(10, 0, 0, 0), 8, reach::inside},
    {quad(100, 64, 0, 0), 10, reach::inside},
    {quad(127, 0, 0, 0), 8, reach::inside},
    {quad(169, 254, 0, 0), 16, reach::never},
    {quad(172, 16, 0, 0), 12, reach::inside},
    {quad(192, 0, 0, 0), 24, reach::never},
    {quad(192, 0, 2, 0), 24, reach::never},
    {quad(192, 88, 99, 0), 24, reach::never},
    {quad(192, 168, 0, 0), 16, reach::inside},
    {quad(198, 18, 0, 0), 15, reach::inside},
    {quad(198, 51, 100, 0), 24, reach::never},
    {quad(203, 0, 113, 0), 24, reach::never},
    {quad(224, 0, 0, 0), 3, reach::never},  // multicast and everything above it
};

reach reach_of4(std::uint32_t address) {
  for (const block4& b : blocks4)
    if ((address >> (32U - b.bits)) == (b.first >> (32U - b.bits))) return b.kind;
  return reach::open;
}

using bytes6 = ip::address_v6::bytes_type;

std::uint32_t embedded4(const bytes6& b, std::size_t at) {
  return quad(b[at], b[at + 1], b[at + 2], b[at + 3]);
}

bool begins_with(const bytes6& b, std::initializer_list<unsigned char> prefix) {
  return std::equal(prefix.begin(), prefix.end(), b.begin());
}

reach reach_of6(const bytes6& b) {
  const bool zeros = std::all_of(b.begin(), b.begin() + 10, [](auto c) { return c == 0; });
  if (zeros && b[10] == 0xff && b[11] == 0xff) return reach_of4(embedded4(b, 12));
  if (zeros && b[10] == 0 && b[11] == 0) {
    // ::1 is this machine; ::, and IPv4 addresses in the form that was given up, are none.
    return embedded4(b, 12) == 1 ? reach::inside : reach::never;
  }
  if (begins_with(b, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
    return reach_of4(embedded4(b, 12));                                 // NAT64
  if (begins_with(b, {0x20, 0x02})) return reach_of4(embedded4(b, 2));  // 6to4
  if (begins_with(b, {0x20, 0x01, 0x0d, 0xb8})) return reach::never;    // documentation
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] < 2) return reach::never;    // Teredo, ORCHID…
  if ((b[0] & 0xfeU) == 0xfc) return reach::inside;                     // unique local
  return (b[0] & 0xe0U) == 0x20 ? reach::open : reach::never;           // global unicast, 2000::/3
}

}  // namespace

reach reach_of(const ip::address& address) {
  return address.is_v4() ? reach_of4(address.to_v4().to_uint())
                         : reach_of6(address.to_v6().to_bytes());
}

}  // namespace agon::outgoing

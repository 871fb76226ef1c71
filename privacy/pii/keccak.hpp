// Keccak-256 as Ethereum uses it: the competition's padding, not that of FIPS 202, and so
// not in OpenSSL 3.0. Internal to privacy/pii.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace agon::pii {

[[nodiscard]] std::array<std::uint8_t, 32> keccak256(std::string_view message);

}  // namespace agon::pii

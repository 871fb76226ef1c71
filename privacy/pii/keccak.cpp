#include "privacy/pii/keccak.hpp"

#include <bit>
#include <cstddef>

namespace agon::pii {
namespace {

using keccak_state = std::array<std::uint64_t, 25>;
constexpr std::size_t keccak_rate = 136;

// The Keccak reference, version 3.0, section 1.2: theta, rho, pi, chi, iota.
void permute(keccak_state& a) {
  constexpr std::array<std::uint64_t, 24> round_constants = {
      0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
      0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
      0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
      0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
      0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
      0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
  for (const std::uint64_t constant : round_constants) {
    std::array<std::uint64_t, 5> column{};
    for (std::size_t i = 0; i < 25; ++i) column[i % 5] ^= a[i];
    for (std::size_t i = 0; i < 25; ++i)
      a[i] ^= column[(i + 4) % 5] ^ std::rotl(column[(i + 1) % 5], 1);
    // rho and pi together, along pi's one cycle.
    std::size_t x = 1;
    std::size_t y = 0;
    std::uint64_t carried = a[1];
    for (int t = 0; t < 24; ++t) {
      const std::size_t next_y = (2 * x + 3 * y) % 5;
      x = y;
      y = next_y;
      const std::uint64_t kept = a[x + 5 * y];
      a[x + 5 * y] = std::rotl(carried, (t + 1) * (t + 2) / 2 % 64);
      carried = kept;
    }
    for (std::size_t row = 0; row < 25; row += 5) {
      const std::array<std::uint64_t, 5> old = {a[row], a[row + 1], a[row + 2], a[row + 3],
                                                a[row + 4]};
      for (std::size_t i = 0; i < 5; ++i)
        a[row + i] = old[i] ^ (~old[(i + 1) % 5] & old[(i + 2) % 5]);
    }
    a[0] ^= constant;
  }
}

}  // namespace

std::array<std::uint8_t, 32> keccak256(std::string_view message) {
  keccak_state a{};
  std::size_t place = 0;
  const auto absorb = [&](std::uint8_t byte) {
    a[place / 8] ^= std::uint64_t{byte} << (8 * (place % 8));
    ++place;
  };
  for (const char c : message) {
    absorb(static_cast<std::uint8_t>(c));
    if (place == keccak_rate) {
      permute(a);
      place = 0;
    }
  }
  absorb(0x01);
  place = keccak_rate - 1;
  absorb(0x80);
  permute(a);
  std::array<std::uint8_t, 32> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::uint8_t>(a[i / 8] >> (8 * (i % 8)));
  return out;
}

}  // namespace agon::pii

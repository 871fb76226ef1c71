// Seeded randomness for bootstraps, restarts and simulations: the same numbers for the
// same seed on every machine and with every standard library, whose distributions differ.
// Never for secrets.
//
// Generator: xoshiro256** (Blackman & Vigna 2021, ACM Trans. Math. Softw. 47:36), its state
// filled by splitmix64.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace agon::ratings {

// A value type; not safe for use by two threads at once.
class seeded_random {
 public:
  // Different streams of one seed are independent: one for each round of a bootstrap lets
  // rounds run in any order.
  explicit seeded_random(std::uint64_t seed, std::uint64_t stream = 0) {
    std::uint64_t x = seed;
    x = mixed(x) ^ (stream * 0xd1342543de82ef95U);
    for (std::uint64_t& s : state_) s = mixed(x);
  }

  // All 64 bits.
  std::uint64_t next() {
    const std::uint64_t out = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return out;
  }

  // Evenly in 0 … n−1, n ≥ 1, without bias.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t rest = (0 - n) % n;  // 2^64 mod n
    std::uint64_t x = next();
    while (x < rest) x = next();
    return x % n;
  }

  // Evenly in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  // Standard normal (Box & Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return radius * std::cos(2 * std::numbers::pi * unit());
  }

 private:
  static std::uint64_t mixed(std::uint64_t& x) {
    std::uint64_t z = (x += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace agon::ratings

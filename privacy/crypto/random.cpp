#include "privacy/crypto/random.hpp"

#include <openssl/rand.h>

#include <array>
#include <bit>
#include <limits>
#include <stdexcept>

namespace agon::crypto {

std::string random_source::bytes(std::size_t count) {
  std::string out(count, '\0');
  fill({reinterpret_cast<unsigned char*>(out.data()), out.size()});
  return out;
}

std::uint64_t random_source::below(std::uint64_t bound) {
  if (bound == 0) throw std::invalid_argument("random_source::below(0)");
  // Draws from the largest multiple of bound only, so that no rest is favoured.
  const std::uint64_t limit =
      std::numeric_limits<std::uint64_t>::max() - std::numeric_limits<std::uint64_t>::max() % bound;
  for (;;) {
    std::array<unsigned char, 8> raw{};
    fill(raw);
    const auto value = std::bit_cast<std::uint64_t>(raw);
    if (value < limit) return value % bound;
  }
}

double random_source::unit() {
  constexpr double step = 1.0 / 9007199254740992.0;  // 2^-53
  return static_cast<double>(below(9007199254740992ULL)) * step;
}

void system_random::fill(std::span<unsigned char> bytes) {
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw std::runtime_error("the system's random generator failed");
}

}  // namespace agon::crypto

#include "privacy/crypto/random.hpp"

#include <sys/random.h>

#include <array>
#include <bit>
#include <cerrno>
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
  while (!bytes.empty()) {
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw std::runtime_error("the system's random generator failed");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace agon::crypto

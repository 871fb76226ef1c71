// Exact binomial draws. Inside the library only.
#pragma once

#include <cstdint>

#include "ratings/random.hpp"

namespace agon::ratings {

// How often an event of probability p, in [0, 1], happens in n trials. Inversion while
// few are expected, else Hörmann's BTRS (1993, J. Stat. Comput. Simul. 46:101): O(1).
[[nodiscard]] std::uint64_t binomial(seeded_random& random, std::uint64_t n, double p);

}  // namespace agon::ratings

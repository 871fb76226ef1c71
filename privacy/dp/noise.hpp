// Exact discrete noise: Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential
// Privacy" (NeurIPS 2020), algorithms 1 to 3. Whole numbers of any length and nothing
// else: no floating point, whose gaps give secrets away (Mironov 2012).
//
// The time that a draw takes depends on the noise, not on the count that it is added to.
#pragma once

#include <cstdint>

#include "privacy/crypto/random.hpp"

namespace agon::dp {

// A positive fraction.
struct ratio {
  std::uint64_t numerator = 1;
  std::uint64_t denominator = 1;
};

// True with probability exp(-numerator/denominator). The numerator may be 0.
// std::invalid_argument if the denominator is 0.
[[nodiscard]] bool draw_exponential_coin(ratio exponent, crypto::random_source& random);

// x with probability proportional to exp(-|x| / scale). std::invalid_argument if the
// scale is 0 or its parts are above 2^32.
[[nodiscard]] std::int64_t draw_discrete_laplace(ratio scale, crypto::random_source& random);

// x with probability proportional to exp(-x² / (2 variance)). The true variance is a
// little below the parameter. std::invalid_argument if it is 0 or its parts are above 2^32.
[[nodiscard]] std::int64_t draw_discrete_gaussian(ratio variance, crypto::random_source& random);

}  // namespace agon::dp

#include "privacy/dp/noise.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <limits>
#include <stdexcept>
#include <vector>

namespace agon::dp {
namespace {

using natural = boost::multiprecision::cpp_int;

constexpr std::uint64_t largest_part = 1ULL << 32;

// Uniform on [0, bound).
natural draw_below(const natural& bound, crypto::random_source& random) {
  if (bound <= std::numeric_limits<std::uint64_t>::max())
    return random.below(static_cast<std::uint64_t>(bound));
  const std::size_t bits = boost::multiprecision::msb(natural(bound - 1)) + 1;
  std::vector<unsigned char> bytes((bits + 7) / 8);
  for (;;) {
    random.fill(bytes);
    natural v;
    boost::multiprecision::import_bits(v, bytes.begin(), bytes.end());
    v >>= bytes.size() * 8 - bits;
    if (v < bound) return v;
  }
}

bool draw_coin(const natural& numerator, const natural& denominator,
               crypto::random_source& random) {
  return draw_below(denominator, random) < numerator;
}

// True with probability exp(-n/d), for n <= d: the length of a run of coins n/d, n/2d, …
// is even with just that probability.
bool draw_small_exponent(const natural& n, const natural& d, crypto::random_source& random) {
  unsigned k = 1;
  while (draw_coin(n, d * k, random)) ++k;
  return k % 2 == 1;
}

bool draw_exponent(natural n, const natural& d, crypto::random_source& random) {
  for (; n > d; n -= d)
    if (!draw_small_exponent(1, 1, random)) return false;
  return draw_small_exponent(n, d, random);
}

void check(ratio r, const char* what) {
  if (r.numerator == 0 || r.denominator == 0 || r.numerator > largest_part ||
      r.denominator > largest_part)
    throw std::invalid_argument(what);
}

std::int64_t to_int64(const natural& v) {
  // Beyond exp(-2^30) or so: no more than a thought.
  if (v > std::numeric_limits<std::int64_t>::max() || v < std::numeric_limits<std::int64_t>::min())
    throw std::overflow_error("noise does not fit 64 bits");
  return static_cast<std::int64_t>(v);
}

// Algorithm 2, for the scale t/s.
natural draw_laplace(const natural& t, const natural& s, crypto::random_source& random) {
  for (;;) {
    const natural u = draw_below(t, random);
    if (!draw_small_exponent(u, t, random)) continue;
    natural v = 0;
    while (draw_small_exponent(1, 1, random)) ++v;
    const natural y = (u + t * v) / s;
    const bool negative = random.below(2) == 1;
    if (negative && y == 0) continue;
    return negative ? natural(-y) : y;
  }
}

}  // namespace

bool draw_exponential_coin(ratio exponent, crypto::random_source& random) {
  if (exponent.denominator == 0) throw std::invalid_argument("an exponent has no denominator");
  return draw_exponent(exponent.numerator, exponent.denominator, random);
}

std::int64_t draw_discrete_laplace(ratio scale, crypto::random_source& random) {
  check(scale, "a scale is not a positive fraction with parts up to 2^32");
  return to_int64(draw_laplace(scale.numerator, scale.denominator, random));
}

// Algorithm 3: a draw of the Laplace distribution with scale t = floor(σ) + 1 stands with
// probability exp(-(|y| - σ²/t)² / 2σ²); with σ² = n/d that exponent is
// (|y|·t·d - n)² / (2·n·d·t²).
std::int64_t draw_discrete_gaussian(ratio variance, crypto::random_source& random) {
  check(variance, "a variance is not a positive fraction with parts up to 2^32");
  const natural n = variance.numerator, d = variance.denominator;
  const natural t = boost::multiprecision::sqrt(natural(n / d)) + 1;
  for (;;) {
    const natural y = draw_laplace(t, 1, random);
    const natural distance = boost::multiprecision::abs(y) * t * d - n;
    if (draw_exponent(distance * distance, 2 * n * d * t * t, random)) return to_int64(y);
  }
}

}  // namespace agon::dp

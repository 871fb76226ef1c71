#include "ratings/binomial.hpp"

#include <array>
#include <cmath>

namespace agon::ratings {
namespace {

// ln k! less Stirling's formula for it.
double stirling_rest(double k) {
  static constexpr std::array<double, 10> small{
      0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.0207906721037650,
      0.0166446911898211, 0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
      0.0092554621827127, 0.0083305634333631};
  if (k < 10) return small[static_cast<std::size_t>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

// n p < 10.
std::uint64_t by_inversion(seeded_random& random, std::uint64_t n, double p) {
  const double odds = p / (1 - p);
  const double trials = static_cast<double>(n);
  const double none = std::exp(trials * std::log1p(-p));
  while (true) {
    double chance = none;
    double left = random.unit();
    for (std::uint64_t k = 0; k <= n && k < 200; ++k) {
      if (left < chance) return k;
      left -= chance;
      chance *= odds * (trials - static_cast<double>(k)) / static_cast<double>(k + 1);
    }
  }
}

// n p ≥ 10, p ≤ ½.
std::uint64_t by_rejection(seeded_random& random, std::uint64_t trials, double p) {
  const auto n = static_cast<double>(trials);
  const double deviation = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double c = n * p + 0.5;
  const double v_r = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * deviation;
  const double r = p / (1 - p);
  const double m = std::floor((n + 1) * p);
  while (true) {
    const double u = random.unit() - 0.5;
    double v = random.unit();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + c);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= v_r) return static_cast<std::uint64_t>(k);
    v = std::log(v * alpha / (a / (us * us) + b));
    const double bound = (m + 0.5) * std::log((m + 1) / (r * (n - m + 1))) +
                         (n + 1) * std::log((n - m + 1) / (n - k + 1)) +
                         (k + 0.5) * std::log(r * (n - k + 1) / (k + 1)) + stirling_rest(m) +
                         stirling_rest(n - m) - stirling_rest(k) - stirling_rest(n - k);
    if (v <= bound) return static_cast<std::uint64_t>(k);
  }
}

}  // namespace

std::uint64_t binomial(seeded_random& random, std::uint64_t n, double p) {
  if (n == 0 || !(p > 0)) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  return static_cast<double>(n) * p < 10 ? by_inversion(random, n, p) : by_rejection(random, n, p);
}

}  // namespace agon::ratings

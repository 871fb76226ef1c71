#include "privacy/dp/budget.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <stdexcept>

namespace agon::dp {
namespace {

using natural = boost::multiprecision::cpp_int;

constexpr std::int64_t billion = 1'000'000'000;

natural divided_up(const natural& a, const natural& b) {
  return (a + b - 1) / b;
}

rho to_rho(const natural& billionths) {
  if (billionths > natural(1000) * billion)
    throw std::invalid_argument("so little noise protects nobody");
  return {static_cast<std::int64_t>(billionths)};
}

void check_ratio(ratio r) {
  if (r.numerator == 0 || r.denominator == 0)
    throw std::invalid_argument("a fraction is not positive");
}

// log δ for this ε and order α > 1.
double log_delta(double r, double epsilon, double alpha) {
  return (alpha - 1) * (alpha * r - epsilon) + alpha * std::log1p(-1 / alpha) - std::log(alpha - 1);
}

// The least over α: the function falls and then rises.
double least_log_delta(double r, double epsilon) {
  double low = 1 + 1e-9, high = (epsilon + 1) / (2 * r) + 2;
  for (int i = 0; i < 200; ++i) {
    const double a = low + (high - low) / 3, b = high - (high - low) / 3;
    if (log_delta(r, epsilon, a) < log_delta(r, epsilon, b))
      high = b;
    else
      low = a;
  }
  return log_delta(r, epsilon, (low + high) / 2);
}

}  // namespace

rho rho_of_gaussian(std::uint64_t sensitivity, ratio variance) {
  check_ratio(variance);
  if (sensitivity == 0) throw std::invalid_argument("a sensitivity is not positive");
  const natural s = sensitivity;
  return to_rho(
      divided_up(s * s * variance.denominator * billion, natural(2) * variance.numerator));
}

rho rho_of_pure(ratio epsilon) {
  check_ratio(epsilon);
  const natural n = epsilon.numerator, d = epsilon.denominator;
  return to_rho(divided_up(n * n * billion, 2 * d * d));
}

ratio variance_for(std::uint64_t sensitivity, rho budget) {
  constexpr std::uint64_t thousand = 1000;
  if (budget.billionths <= 0 || sensitivity == 0)
    throw std::invalid_argument("a budget or a sensitivity is not positive");
  const natural s = sensitivity;
  const natural thousandths =
      divided_up(s * s * billion * thousand, natural(2) * budget.billionths);
  if (thousandths > natural(1) << 32) throw std::invalid_argument("the budget is too small");
  return {static_cast<std::uint64_t>(thousandths), thousand};
}

double epsilon_of(rho spent, double delta) {
  if (!(delta > 0 && delta < 1)) throw std::invalid_argument("delta is between 0 and 1");
  if (spent.billionths <= 0) return 0;
  const double r = static_cast<double>(spent.billionths) / static_cast<double>(billion);
  double low = 0, high = r + 2 * std::sqrt(r * std::log(1 / delta));
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    if (least_log_delta(r, middle) <= std::log(delta))
      high = middle;
    else
      low = middle;
  }
  return high;
}

}  // namespace agon::dp

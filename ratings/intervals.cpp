#include "ratings/intervals.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <numbers>

namespace agon::ratings {

double normal_quantile_two_sided(double probability) {
  // P(|Z| > z) = erfc(z/√2) falls from 1 at 0 and is 0 in doubles at 40.
  double low = 0;
  double high = 40;
  while (true) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    (std::erfc(middle / std::numbers::sqrt2) > 1 - probability ? low : high) = middle;
  }
}

double simultaneous_quantile(double probability, std::size_t systems) {
  if (systems < 2) return 0;
  const boost::math::chi_squared chi_squared(static_cast<double>(systems - 1));
  return std::sqrt(boost::math::quantile(chi_squared, probability));
}

std::vector<rank_range> rank_ranges(std::span<const interval> intervals) {
  std::vector<double> lowers, uppers;
  for (const interval& i : intervals) {
    lowers.push_back(i.lower);
    uppers.push_back(i.upper);
  }
  std::sort(lowers.begin(), lowers.end());
  std::sort(uppers.begin(), uppers.end());
  std::vector<rank_range> out;
  for (const interval& i : intervals) {
    const auto above = lowers.end() - std::upper_bound(lowers.begin(), lowers.end(), i.upper);
    const auto not_below = uppers.end() - std::lower_bound(uppers.begin(), uppers.end(), i.lower);
    out.push_back({static_cast<std::uint32_t>(above + 1), static_cast<std::uint32_t>(not_below)});
  }
  return out;
}

}  // namespace agon::ratings

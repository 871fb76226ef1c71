#include "ratings/sampling/pair_gain.hpp"

#include <cmath>

namespace agon::ratings::sampling {
namespace {

double information_of_vote(const board_factor& f, const system_pair& p) {
  const double z = std::fabs(f.theta[p.a] - f.theta[p.b]);
  const double e = std::exp(-z);
  return e / ((1 + e) * (1 + e));
}

}  // namespace

std::vector<double> weight_wishes(const open_pairs& open) {
  std::vector<double> partners(open.weight.size(), 0.0);
  for (const system_pair& p : open.pairs) {
    partners[p.a] += open.weight[p.b];
    partners[p.b] += open.weight[p.a];
  }
  double all = 0;
  for (std::size_t i = 0; i < partners.size(); ++i) all += partners[i] > 0 ? open.weight[i] : 0;
  std::vector<double> out;
  for (const system_pair& p : open.pairs) {
    const double both = open.weight[p.a] / all * open.weight[p.b];
    out.push_back(both / partners[p.a] + both / partners[p.b]);
  }
  return out;
}

std::vector<double> uncertainty_wishes(const open_pairs& open, const board_factor& factor) {
  std::vector<double> out;
  for (const system_pair& p : open.pairs) {
    // Eq. 9 is infinite for a pair without votes; counted from one it is only the largest.
    const auto n = static_cast<double>(factor.pair_votes[p.a * factor.systems + p.b]) + 1;
    const double s = information_of_vote(factor, p);
    const bool wanted = open.wanting[p.a] || open.wanting[p.b];
    // √(s/n) − √(s/(n+1)) without cancellation.
    out.push_back(
        wanted ? std::sqrt(s) / (std::sqrt(n * (n + 1)) * (std::sqrt(n + 1) + std::sqrt(n))) : 0.0);
  }
  return out;
}

std::vector<double> variance_wishes(const open_pairs& open, const board_factor& factor) {
  std::vector<double> out;
  const std::size_t m = factor.systems;
  for (const system_pair& p : open.pairs) {
    const double* a = factor.covariance.data() + p.a * m;
    const double* b = factor.covariance.data() + p.b * m;
    double drop = 0;
    for (std::size_t i = 0; i < m; ++i) {
      const double v = a[i] - b[i];
      drop += open.wanting[i] ? v * v : 0;
    }
    const double h = information_of_vote(factor, p);
    const double along = (a[p.a] - b[p.a]) - (a[p.b] - b[p.b]);
    out.push_back(h * drop / (1 + h * along));
  }
  return out;
}

}  // namespace agon::ratings::sampling

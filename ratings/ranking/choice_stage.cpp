#include "ratings/ranking/choice_stage.hpp"

#include <algorithm>
#include <cmath>

namespace agon::ratings::ranking {
namespace {

using index = Eigen::Index;
constexpr std::size_t nobody = ~std::size_t{0};

// Σ over subsets of `order` elements, without those at i and j, of the product of x.
double symmetric_sum(std::span<const double> x, std::uint32_t order, std::size_t i,
                     std::size_t j = nobody) {
  std::vector<double> e(order + 1, 0.0);
  e[0] = 1;
  for (std::size_t m = 0; m < x.size(); ++m) {
    if (m == i || m == j) continue;
    for (std::uint32_t k = order; k > 0; --k) e[k] += x[m] * e[k - 1];
  }
  return e[order];
}

// Adds the choices of `size` alternatives to sums over f(S), each weighted by δ.
void add_size(std::uint32_t size, double delta, std::span<const double> theta, double top,
              index tie_row, choice_moments& sums, double& total) {
  const auto n = static_cast<index>(theta.size());
  const double share = 1.0 / size;
  std::vector<double> x(theta.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::exp((theta[i] - top) * share);
  double all = 0;
  for (index i = 0; i < n; ++i) {
    const auto a = static_cast<std::size_t>(i);
    const double with = delta * x[a] * (size == 1 ? 1 : symmetric_sum(x, size - 1, a));
    all += with * share;  // each set is met once for each of its members
    sums.mean[i] += with * share;
    sums.covariance(i, i) += with * share * share;
    if (tie_row >= 0) sums.covariance(i, tie_row) += with * share;
    for (index j = 0; size > 1 && j < i; ++j) {
      const auto b = static_cast<std::size_t>(j);
      const double both = delta * x[a] * x[b] * (size == 2 ? 1 : symmetric_sum(x, size - 2, a, b));
      sums.covariance(i, j) += both * share * share;
      sums.covariance(j, i) += both * share * share;
    }
  }
  if (tie_row >= 0) {
    sums.mean[tie_row] += all;
    sums.covariance(tie_row, tie_row) += all;
    sums.covariance.row(tie_row).head(n) = sums.covariance.col(tie_row).head(n).transpose();
  }
  total += all;
}

}  // namespace

choice_moments moments_of_choice(std::span<const double> theta,
                                 std::span<const std::uint32_t> sizes,
                                 std::span<const double> log_delta) {
  const auto n = static_cast<index>(theta.size());
  const index width = n + static_cast<index>(sizes.size());
  choice_moments out{0, Eigen::VectorXd::Zero(width), Eigen::MatrixXd::Zero(width, width)};
  const double top = *std::max_element(theta.begin(), theta.end());
  // δ may be large: the largest is divided out.
  double scale = 0;
  for (std::size_t t = 0; t < sizes.size(); ++t)
    if (sizes[t] <= theta.size()) scale = std::max(scale, log_delta[t]);
  double total = 0;
  add_size(1, std::exp(-scale), theta, top, -1, out, total);
  for (std::size_t t = 0; t < sizes.size(); ++t)
    if (sizes[t] <= theta.size())
      add_size(sizes[t], std::exp(log_delta[t] - scale), theta, top, n + static_cast<index>(t), out,
               total);
  out.log_sum = top + scale + std::log(total);
  out.mean /= total;
  out.covariance /= total;
  out.covariance -= out.mean * out.mean.transpose();
  return out;
}

}  // namespace agon::ratings::ranking

#include "ratings/ranking/choice_stage.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

namespace agon::ratings::ranking {
namespace {

// The same by going through all subsets.
choice_moments enumerated(const std::vector<double>& theta, const std::vector<std::uint32_t>& sizes,
                          const std::vector<double>& log_delta) {
  const auto n = theta.size();
  const auto width = static_cast<Eigen::Index>(n + sizes.size());
  choice_moments out{0, Eigen::VectorXd::Zero(width), Eigen::MatrixXd::Zero(width, width)};
  double total = 0;
  for (unsigned set = 1; set < (1U << n); ++set) {
    const auto size = static_cast<std::uint32_t>(std::popcount(set));
    double log_delta_here = size == 1 ? 0 : -INFINITY;
    Eigen::VectorXd features = Eigen::VectorXd::Zero(width);
    for (std::size_t t = 0; t < sizes.size(); ++t)
      if (sizes[t] == size) {
        log_delta_here = log_delta[t];
        features[static_cast<Eigen::Index>(n + t)] = 1;
      }
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      if ((set >> i & 1U) != 0) {
        sum += theta[i];
        features[static_cast<Eigen::Index>(i)] = 1.0 / size;
      }
    const double f = std::exp(log_delta_here + sum / size);
    total += f;
    out.mean += f * features;
    out.covariance += f * features * features.transpose();
  }
  out.log_sum = std::log(total);
  out.mean /= total;
  out.covariance = (out.covariance / total - out.mean * out.mean.transpose()).eval();
  return out;
}

TEST(choice_stage, moments_are_those_of_all_subsets) {
  const std::vector<double> theta{0.3, -1.2, 2.0, 0.7, -0.1};
  for (const std::vector<std::uint32_t>& sizes :
       {std::vector<std::uint32_t>{}, {2}, {2, 3}, {3, 5}, {2, 4, 9}}) {
    std::vector<double> log_delta;
    for (std::size_t t = 0; t < sizes.size(); ++t)
      log_delta.push_back(0.4 - static_cast<double>(t));
    const choice_moments x = moments_of_choice(theta, sizes, log_delta);
    const choice_moments y = enumerated(theta, sizes, log_delta);
    EXPECT_NEAR(x.log_sum, y.log_sum, 1e-12);
    EXPECT_LT((x.mean - y.mean).norm(), 1e-12);
    EXPECT_LT((x.covariance - y.covariance).norm(), 1e-12);
  }
}

TEST(choice_stage, far_strengths_and_large_delta_do_not_overflow) {
  const std::vector<double> theta{900, -900, 0};
  const std::vector<std::uint32_t> sizes{2};
  const std::vector<double> log_delta{800};
  const choice_moments m = moments_of_choice(theta, sizes, log_delta);
  EXPECT_TRUE(std::isfinite(m.log_sum));
  EXPECT_TRUE(m.mean.allFinite());
  EXPECT_NEAR(m.mean[3], 1, 1e-9);
}

}  // namespace
}  // namespace agon::ratings::ranking

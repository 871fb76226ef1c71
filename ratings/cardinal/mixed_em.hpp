// EM for the mixed model on standardised scores with weighted participants. Inside the
// library only.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

namespace agon::ratings::cardinal {

struct standard_score {
  std::uint32_t system = 0;
  double y = 0;
};

struct score_data {
  std::size_t systems = 0;
  std::vector<standard_score> scores;
  std::vector<std::size_t> start;  // by participant, one more at the end

  [[nodiscard]] std::size_t participants() const { return start.size() - 1; }
  [[nodiscard]] std::span<const standard_score> of(std::size_t p) const {
    return std::span(scores).subspan(start[p], start[p + 1] - start[p]);
  }
};

struct mixed_parameters {
  double level = 0;                                      // μ
  std::vector<double> worth;                             // u, by system; sum 0 over `seen`
  std::vector<bool> seen;                                // has a score of positive weight
  Eigen::Matrix2d spread = Eigen::Matrix2d::Identity();  // of (a, b)
  double noise = 1;                                      // σ²
};

// What is expected of one participant given their scores.
struct expected_use {
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();  // of (a, b − 1)
  Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
  double log_likelihood = 0;
};
[[nodiscard]] expected_use expect_use(std::span<const standard_score> scores,
                                      const mixed_parameters& at, bool with_scale);

struct em_run {
  double log_likelihood = 0;
  int iterations = 0;
  bool converged = false;
};
// Improves `at` until the log likelihood gains less than `tolerance` per score. `weight` by
// participant, not negative, not all zero.
em_run run_em(const score_data& data, std::span<const double> weight, bool with_scale,
              int most_iterations, double tolerance, mixed_parameters& at);

}  // namespace agon::ratings::cardinal

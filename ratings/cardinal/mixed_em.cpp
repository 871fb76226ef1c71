#include "ratings/cardinal/mixed_em.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace agon::ratings::cardinal {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;

// Variances, where the scores' own is 1, are not let below this: a participant may repeat
// themselves exactly, and a variance of zero would be a likelihood without bound.
constexpr double least_variance = 1e-8;

// Sums over the participants that one iteration needs.
struct expectations {
  double count = 0;         // of scores
  double participants = 0;  // with scores
  double level = 0;         // Σ y − a − b u
  double noise = 0;         // Σ E(y − μ − a − b u)²
  Matrix2d spread = Matrix2d::Zero();
  std::vector<double> pull, hold;  // by system: Σ E b(y − μ − a), Σ E b²
  double log_likelihood = 0;
};

expectations expect(const score_data& data, std::span<const double> weight, bool with_scale,
                    const mixed_parameters& at) {
  expectations out;
  out.pull.assign(data.systems, 0.0);
  out.hold.assign(data.systems, 0.0);
  for (std::size_t p = 0; p < data.participants(); ++p) {
    const auto scores = data.of(p);
    const double w = weight[p];
    if (w <= 0 || scores.empty()) continue;
    const expected_use use = expect_use(scores, at, with_scale);
    out.log_likelihood += w * use.log_likelihood;
    out.participants += w;
    out.count += w * static_cast<double>(scores.size());
    out.spread += w * (use.covariance + use.mean * use.mean.transpose());
    const double b = 1 + use.mean[1];
    const double b_squared = b * b + use.covariance(1, 1);
    for (const standard_score& s : scores) {
      const double u = at.worth[s.system];
      const double left = s.y - at.level;
      const double rest = left - use.mean[0] - b * u;
      out.level += w * (rest + at.level);
      out.noise += w * (rest * rest + use.covariance(0, 0) + 2 * u * use.covariance(0, 1) +
                        u * u * use.covariance(1, 1));
      out.pull[s.system] += w * (b * (left - use.mean[0]) - use.covariance(0, 1));
      out.hold[s.system] += w * b_squared;
    }
  }
  return out;
}

// A shift of all u is taken up by μ and by how (a, b) go together: nothing else changes.
void centre(mixed_parameters& at) {
  double sum = 0, count = 0;
  for (std::size_t s = 0; s < at.worth.size(); ++s) {
    if (!at.seen[s]) continue;
    sum += at.worth[s];
    count += 1;
  }
  const double mean = sum / count;
  for (std::size_t s = 0; s < at.worth.size(); ++s)
    at.worth[s] = at.seen[s] ? at.worth[s] - mean : 0;
  at.level += mean;
  Matrix2d shift = Matrix2d::Identity();
  shift(0, 1) = mean;
  at.spread = (shift * at.spread * shift.transpose()).eval();
}

void maximise(const expectations& e, bool with_scale, mixed_parameters& at) {
  at.noise = std::max(e.noise / e.count, least_variance);
  at.spread = e.spread / e.participants;
  at.spread(0, 0) += least_variance;
  if (with_scale) {
    at.spread(1, 1) += least_variance;
  } else {
    at.spread(0, 1) = at.spread(1, 0) = at.spread(1, 1) = 0;
  }
  for (std::size_t s = 0; s < at.worth.size(); ++s) {
    at.seen[s] = e.hold[s] > 0;
    at.worth[s] = at.seen[s] ? e.pull[s] / e.hold[s] : 0;
  }
  centre(at);
}

}  // namespace

expected_use expect_use(std::span<const standard_score> scores, const mixed_parameters& at,
                        bool with_scale) {
  double n = 0, su = 0, suu = 0, sr = 0, sur = 0, srr = 0;
  for (const standard_score& s : scores) {
    const double u = at.worth[s.system];
    const double r = s.y - at.level - u;
    n += 1;
    su += u;
    suu += u * u;
    sr += r;
    sur += u * r;
    srr += r * r;
  }
  expected_use out;
  const double noise = at.noise;
  double fit = 0, log_determinant = 0;
  if (with_scale) {
    Matrix2d data;
    data << n, su, su, suu;
    const Matrix2d precision = at.spread.inverse() + data / noise;
    out.covariance = precision.inverse();
    const Vector2d pull = Vector2d(sr, sur) / noise;
    out.mean = out.covariance * pull;
    fit = pull.dot(out.mean);
    log_determinant = std::log((Matrix2d::Identity() + at.spread * data / noise).determinant());
  } else {
    out.covariance(0, 0) = 1 / (1 / at.spread(0, 0) + n / noise);
    out.mean[0] = out.covariance(0, 0) * sr / noise;
    fit = out.mean[0] * sr / noise;
    log_determinant = std::log1p(at.spread(0, 0) * n / noise);
  }
  out.log_likelihood =
      -(n * std::log(2 * std::numbers::pi * noise) + log_determinant + srr / noise - fit) / 2;
  return out;
}

em_run run_em(const score_data& data, std::span<const double> weight, bool with_scale,
              int most_iterations, double tolerance, mixed_parameters& at) {
  em_run out;
  out.log_likelihood = -std::numeric_limits<double>::infinity();
  while (true) {
    const expectations e = expect(data, weight, with_scale, at);
    out.converged = e.log_likelihood - out.log_likelihood <= tolerance * e.count;
    out.log_likelihood = e.log_likelihood;
    if (out.converged || out.iterations == most_iterations) return out;
    maximise(e, with_scale, at);
    ++out.iterations;
  }
}

}  // namespace agon::ratings::cardinal

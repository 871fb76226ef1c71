#include <Eigen/Core>
#include <limits>

#include "ratings/cholesky.hpp"
#include "ratings/random.hpp"
#include "ratings/sampling/pair_gain.hpp"

namespace agon::ratings::sampling {
namespace {

using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using index = Eigen::Index;

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

// Rows are systems' strengths drawn from N(θ, Σ).
row_major posterior_draws(const board_factor& factor, int draws, std::uint64_t seed) {
  const auto m = static_cast<index>(factor.systems);
  const Eigen::MatrixXd covariance =
      Eigen::Map<const Eigen::MatrixXd>(factor.covariance.data(), m, m);
  const Eigen::Map<const Eigen::VectorXd> theta(factor.theta.data(), m);
  const Eigen::MatrixXd root = cholesky(covariance).lower();
  seeded_random random(seed);
  Eigen::MatrixXd noise(m, draws);
  for (index d = 0; d < draws; ++d)
    for (index i = 0; i < m; ++i) noise(i, d) = random.normal();
  return (product(root, noise).colwise() + theta).transpose();
}

// How often each of `among` is the best of them.
std::vector<double> share_of_best(const row_major& draws, const std::vector<std::size_t>& among,
                                  std::size_t systems) {
  std::vector<double> out(systems, 0.0);
  for (index d = 0; d < draws.rows(); ++d) {
    std::size_t best = nobody;
    for (const std::size_t i : among)
      if (best == nobody || draws(d, static_cast<index>(i)) > draws(d, static_cast<index>(best)))
        best = i;
    out[best] += 1 / static_cast<double>(draws.rows());
  }
  return out;
}

}  // namespace

// The first is the best of one draw, the second the best of another among the first's
// partners. The shares of many draws are taken for the probabilities, so that what is
// recorded is exactly what was drawn with.
std::vector<double> dueling_wishes(const open_pairs& open, const board_factor& factor, int draws,
                                   std::uint64_t seed) {
  const std::size_t m = factor.systems;
  std::vector<std::vector<std::size_t>> partners(m);
  for (const system_pair& p : open.pairs) {
    partners[p.a].push_back(p.b);
    partners[p.b].push_back(p.a);
  }
  std::vector<std::size_t> candidates;
  for (std::size_t i = 0; i < m; ++i)
    if (!partners[i].empty()) candidates.push_back(i);
  const row_major strengths = posterior_draws(factor, draws, seed);
  const std::vector<double> first = share_of_best(strengths, candidates, m);
  std::vector<std::vector<double>> second(m);
  for (const std::size_t i : candidates)
    if (first[i] > 0) second[i] = share_of_best(strengths, partners[i], m);
  std::vector<double> out;
  for (const system_pair& p : open.pairs)
    out.push_back((first[p.a] > 0 ? first[p.a] * second[p.a][p.b] : 0) +
                  (first[p.b] > 0 ? first[p.b] * second[p.b][p.a] : 0));
  return out;
}

}  // namespace agon::ratings::sampling

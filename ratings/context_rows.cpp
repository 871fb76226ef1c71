#include "ratings/context_rows.hpp"

#include <algorithm>
#include <cmath>

#include "ratings/pair_index.hpp"
#include "ratings/parallel.hpp"

namespace agon::ratings {
namespace {

// Votes are read in strips that stay in the cache, and summed in blocks of pairs whose
// number does not depend on that of the threads, so that neither do the last bits.
constexpr Eigen::Index votes_in_strip = 256;
constexpr std::size_t block_count = 64;

using strip_array = Eigen::Array<double, Eigen::Dynamic, 1, 0, votes_in_strip, 1>;

bool is_counted(outcome o, both_bad_policy policy) {
  return o != outcome::both_bad || policy == both_bad_policy::tie;
}

}  // namespace

struct context_rows::block_sums {
  Eigen::MatrixXd information;
  Eigen::MatrixXd squared;
  bool with_squares = false;
};

context_rows::context_rows(const vote_log& votes, const contextual_settings& settings,
                           std::span<const float> weights,
                           std::span<const std::uint32_t> place_of_system, std::size_t rated) {
  constexpr std::uint32_t left_out = ~std::uint32_t{0};
  const std::size_t named = votes.features().size();
  const auto place = [&](system_index s) { return place_of_system[s]; };
  const auto is_in = [&](std::size_t i) {
    return place(votes.first(i)) < rated && place(votes.second(i)) < rated &&
           is_counted(votes.result(i), settings.both_bad) && (weights.empty() || weights[i] > 0);
  };
  // First pass: the pair of each vote, and the moments of each feature as it was shown.
  pair_index index;
  std::vector<std::uint32_t> pair_of(votes.size(), left_out);
  std::vector<std::size_t> start(1, 0);
  std::vector<double> sum(named), squares(named);
  double rows = 0;
  const std::span<const float> values = votes.feature_rows();
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (!is_in(i)) continue;
    const std::uint32_t a = place(votes.first(i));
    const std::uint32_t b = place(votes.second(i));
    const std::uint32_t pair = index.add(std::min(a, b), std::max(a, b));
    if (pair + std::size_t{2} > start.size()) start.resize(pair + std::size_t{2});
    ++start[pair + std::size_t{1}];
    pair_of[i] = pair;
    rows += 1;
    for (std::size_t f = 0; f < named; ++f) {
      const auto x = static_cast<double>(values[i * named + f]);
      sum[f] += x;
      squares[f] += x * x;
    }
  }
  std::vector<double> unit(named);
  for (std::size_t f = 0; f < named; ++f) {
    const double mean = rows > 0 ? sum[f] / rows : 0;
    const double variance = rows > 0 ? squares[f] / rows - mean * mean : 0;
    const bool varies = variance > 1e-12 * (squares[f] / std::max(1.0, rows));
    deviations_.push_back(varies ? std::sqrt(variance) : 0);
    unit[f] = varies ? 1 / deviations_[f] : 0;
  }
  for (std::size_t p = 1; p < start.size(); ++p) start[p] += start[p - 1];
  for (std::size_t p = 0; p + 1 < start.size(); ++p)
    pairs_.push_back({index.keys()[p].low, index.keys()[p].high, start[p], start[p + 1]});
  // Second pass: each vote to its place.
  const auto all = static_cast<std::size_t>(rows);
  won_.resize(all);
  weight_.resize(weights.empty() ? 0 : all);
  columns_.assign(named + (settings.side_bias ? 1 : 0), std::vector<float>(all));
  for (std::size_t i = 0; i < votes.size(); ++i) {
    if (pair_of[i] == left_out) continue;
    const std::size_t to = start[pair_of[i]]++;
    const float sign = place(votes.first(i)) < place(votes.second(i)) ? 1.0F : -1.0F;
    const outcome o = votes.result(i);
    const float y = o == outcome::a ? 1.0F : o == outcome::b ? 0.0F : 0.5F;
    won_[to] = sign > 0 ? y : 1 - y;
    if (!weights.empty()) weight_[to] = weights[i];
    for (std::size_t f = 0; f < named; ++f)
      columns_[f][to] =
          sign * static_cast<float>(static_cast<double>(values[i * named + f]) * unit[f]);
    if (settings.side_bias) columns_[named][to] = sign;
  }
  for (const auto& column : columns_) {
    double most = 0;
    for (const float x : column) most = std::max(most, static_cast<double>(std::fabs(x)));
    largest_.push_back(most);
  }
}

void context_rows::add_run(const pair_run& run, std::size_t pair, const Eigen::VectorXd& theta,
                           const Eigen::VectorXd& beta, context_sums& out,
                           block_sums& block) const {
  const auto row = static_cast<Eigen::Index>(pair);
  const auto features = static_cast<Eigen::Index>(columns_.size());
  const double ahead = theta[run.a] - theta[run.b];
  const auto floats = [](const std::vector<float>& column, std::size_t at, Eigen::Index n) {
    return Eigen::Map<const Eigen::ArrayXf>(column.data() + at, n).cast<double>();
  };
  Eigen::Matrix<double, votes_in_strip, Eigen::Dynamic> x(votes_in_strip, features);
  for (std::size_t at = run.first; at < run.end; at += votes_in_strip) {
    const auto n = std::min<Eigen::Index>(votes_in_strip, static_cast<Eigen::Index>(run.end - at));
    strip_array z = strip_array::Constant(n, ahead);
    for (Eigen::Index f = 0; f < features; ++f) {
      x.col(f).head(n) = floats(columns_[static_cast<std::size_t>(f)], at, n).matrix();
      z += beta[f] * x.col(f).head(n).array();
    }
    const strip_array p = 1 / (1 + (-z).exp());
    strip_array r = floats(won_, at, n) - p;
    strip_array w = p * (1 - p);
    if (!weight_.empty()) {
      const strip_array weight = floats(weight_, at, n);
      r *= weight;
      w *= weight;
    }
    const auto xs = x.topRows(n);
    out.residual(row, 0) += r.sum();
    out.information(row, 0) += w.sum();
    if (features > 0) {
      out.residual.row(row).tail(features) += r.matrix().transpose() * xs;
      for (Eigen::Index f = 0; f < features; ++f) {
        const strip_array wx = w * xs.col(f).array();
        out.information(row, f + 1) += wx.sum();
        for (Eigen::Index g = 0; g <= f; ++g)
          block.information(f, g) += (wx * xs.col(g).array()).sum();
      }
    }
    if (!block.with_squares) continue;
    const strip_array square = r.square();
    out.squared(row, 0) += square.sum();
    for (Eigen::Index f = 0; f < features; ++f) {
      const strip_array sx = square * xs.col(f).array();
      out.squared(row, f + 1) += sx.sum();
      for (Eigen::Index g = 0; g <= f; ++g) block.squared(f, g) += (sx * xs.col(g).array()).sum();
    }
  }
}

context_sums context_rows::sums_at(const Eigen::VectorXd& theta, const Eigen::VectorXd& beta,
                                   bool with_squares, unsigned threads) const {
  const auto pairs = static_cast<Eigen::Index>(pairs_.size());
  const auto features = static_cast<Eigen::Index>(columns_.size());
  context_sums out;
  out.residual = Eigen::MatrixXd::Zero(pairs, features + 1);
  out.information = out.residual;
  if (with_squares) out.squared = out.residual;
  const Eigen::MatrixXd none = Eigen::MatrixXd::Zero(features, features);
  std::vector<block_sums> block(block_count, {none, none, with_squares});
  in_parallel(block_count, threads, [&](std::size_t k) {
    // Blocks of about equal numbers of votes.
    const auto first_pair = [&](std::size_t b) {
      const std::size_t votes = won_.size() * b / block_count;
      return std::partition_point(pairs_.begin(), pairs_.end(),
                                  [&](const pair_run& r) { return r.first < votes; }) -
             pairs_.begin();
    };
    const auto end =
        k + 1 == block_count ? static_cast<std::ptrdiff_t>(pairs_.size()) : first_pair(k + 1);
    for (auto p = first_pair(k); p < end; ++p)
      add_run(pairs_[static_cast<std::size_t>(p)], static_cast<std::size_t>(p), theta, beta, out,
              block[k]);
  });
  out.information_by_features = none;
  out.squared_by_features = none;
  for (const block_sums& b : block) {
    out.information_by_features += b.information;
    out.squared_by_features += b.squared;
  }
  return out;
}

}  // namespace agon::ratings

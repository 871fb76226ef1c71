// Votes as a contextual fit reads them: gathered by pair, in columns. Inside the library
// only.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

#include "ratings/contextual.hpp"

namespace agon::ratings {

struct context_sums {
  // One row per pair of a < b: Σv, then Σv x of each feature, where v of a vote is …
  Eigen::MatrixXd residual;                 // w (y − p)
  Eigen::MatrixXd information;              // w p (1 − p)
  Eigen::MatrixXd squared;                  // w² (y − p)², if asked for
  Eigen::MatrixXd information_by_features;  // Σ w p (1 − p) x xᵀ over all votes
  Eigen::MatrixXd squared_by_features;
};

class context_rows {
 public:
  // The votes that count among the rated systems, the side bias being the last feature
  // where it is asked for. A vote seen from b is turned: y → 1 − y, x → −x.
  context_rows(const vote_log& votes, const contextual_settings& settings,
               std::span<const float> weights, std::span<const std::uint32_t> place_of_system,
               std::size_t rated);

  struct pair_run {
    std::uint32_t a;
    std::uint32_t b;
    std::size_t first;
    std::size_t end;
  };
  [[nodiscard]] const std::vector<pair_run>& pairs() const { return pairs_; }
  [[nodiscard]] std::size_t features() const { return columns_.size(); }
  // By feature of the log (not the side): its standard deviation, 0 where it never varies.
  [[nodiscard]] const std::vector<double>& deviations() const { return deviations_; }
  [[nodiscard]] const std::vector<double>& largest() const { return largest_; }

  [[nodiscard]] context_sums sums_at(const Eigen::VectorXd& theta, const Eigen::VectorXd& beta,
                                     bool with_squares, unsigned threads) const;

 private:
  struct block_sums;
  void add_run(const pair_run& run, std::size_t pair, const Eigen::VectorXd& theta,
               const Eigen::VectorXd& beta, context_sums& out, block_sums& block) const;

  std::vector<pair_run> pairs_;
  std::vector<std::vector<float>> columns_;  // of each feature, in units of its deviation
  std::vector<float> won_;                   // y: 1, 0 or ½
  std::vector<float> weight_;                // empty: all 1
  std::vector<double> deviations_;
  std::vector<double> largest_;  // |x| of each column
};

}  // namespace agon::ratings

// The fit of resampled votes, near the fit of all. Inside the library only.
#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "ratings/pair_terms.hpp"
#include "ratings/pairwise.hpp"

namespace agon::ratings {

// Immutable once made; used by several threads at once.
class resampled_fit {
 public:
  // `fit` outlives this.
  resampled_fit(const pairwise_fit& fit, const pairwise_settings& settings);

  // A cell's outcome that some vote had. A resample is one weight for each of these.
  struct entry {
    std::uint32_t cell;
    std::uint32_t slot;
    double weight;  // of the votes at hand
    std::array<double, 3> gradient;
  };
  [[nodiscard]] const std::vector<entry>& entries() const { return entries_; }

  // One Newton step from the full fit, with its factor. `theta` has room for each system.
  void step(std::span<const double> weights, std::span<double> theta) const;
  // Steps until they end; false, with theta of the first, if they do not.
  [[nodiscard]] bool converge(std::span<const double> weights, std::span<double> theta) const;

 private:
  struct point {
    Eigen::VectorXd theta;
    double level;
    double phi;
  };
  [[nodiscard]] Eigen::VectorXd gradient_at(std::span<const double> weights, const point& p) const;

  const pairwise_fit& fit_;
  pair_model model_;
  Eigen::Index systems_;
  Eigen::Index size_;
  point full_;
  std::vector<entry> entries_;
};

}  // namespace agon::ratings

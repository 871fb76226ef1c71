// Newton's method for a pairwise model on systems known to be comparable. Inside the
// library only.
#pragma once

#include <Eigen/Core>
#include <limits>
#include <span>

#include "ratings/bradley_terry.hpp"
#include "ratings/pair_cell.hpp"
#include "ratings/pair_terms.hpp"

namespace agon::ratings {

struct pairwise_problem {
  pair_model model = pair_model::bradley_terry;
  std::size_t systems = 0;
  std::span<const pair_cell> cells;
  bool fit_ties = false;  // φ is a parameter, the last one; else it lies at its bound
};

// The model of one cell: that of the problem but for comparisons with the ground.
[[nodiscard]] constexpr pair_model model_of(pair_model model, const pair_cell& c) {
  return c.b == the_ground ? pair_model::ground_only : model;
}
// φ of a world without ties.
[[nodiscard]] constexpr double phi_without_ties(pair_model m) {
  return m == pair_model::rao_kupper || m == pair_model::bradley_terry
             ? 0
             : -std::numeric_limits<double>::infinity();
}

struct pairwise_solution {
  Eigen::VectorXd theta;  // sum 0 where the model is shift invariant
  double phi = 0;
  bool fit_ties = false;     // false also where φ ran to its bound
  Eigen::MatrixXd response;  // systems × parameters: C H⁻¹
  Eigen::MatrixXd others;  // rows of H⁻¹ for φ, if fitted, and for the mean of theta, if not 0
  Eigen::VectorXd model_variances;   // diagonal of C H⁻¹ C
  Eigen::VectorXd robust_variances;  // diagonal of the sandwich in the same gauge
  double phi_variance = 0;           // sandwich
  double level_variance = 0;         // sandwich, of the mean of theta; 0 if shift invariant
  double log_likelihood = 0;
  // In the units of theta; score_error infinite where the fit failed.
  fit_certificate certificate;
};

// O(systems³ + systems · cells).
[[nodiscard]] pairwise_solution solve_pairwise(const pairwise_problem& problem);

}  // namespace agon::ratings

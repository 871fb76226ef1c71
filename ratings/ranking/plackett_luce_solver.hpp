// The numerical core of Plackett–Luce, on systems known to be comparable. Inside the
// library only.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "ratings/bradley_terry.hpp"

namespace agon::ratings::ranking {

// The choices of one distinct ranking, with dense indices of systems.
struct choice {
  std::vector<std::uint32_t> alternatives;  // two or more; the chosen first
  std::uint32_t chosen = 1;                 // how many of them
};
struct choice_sequence {
  std::vector<choice> choices;
  double count = 0;
};

struct choice_data {
  std::size_t systems = 0;
  std::vector<choice_sequence> sequences;
  std::vector<std::uint32_t> tie_sizes;  // ascending; those that occur, without 1
  double pseudo = 0;
};

struct choice_solution {
  Eigen::VectorXd theta;      // sum 0
  Eigen::VectorXd log_delta;  // by tie size
  Eigen::MatrixXd inverse;    // of the information, in the gauge of sum zero; θ, then ln δ
  Eigen::VectorXd variances;  // diagonal of the sandwich, likewise
  double log_likelihood = 0;
  fit_certificate certificate;  // in units of θ; score_error infinite where there is none
};

[[nodiscard]] choice_solution solve_plackett_luce(const choice_data& data);

}  // namespace agon::ratings::ranking

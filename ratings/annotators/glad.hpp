// GLAD (Whitehill et al. 2009, NeurIPS): some participants are abler, some items harder.
//
//   P(answer of w on i is right) = σ(α_w β_i),  a wrong one is any other category alike
//
// with α_w ~ N(1, 1) and ln β_i ~ N(1, 1) as priors and all categories equally likely
// beforehand: the settings of the authors' code. α below 0 is a participant who is against
// the truth.
//
// EM whose maximisation moves each α_w by a step that cannot overshoot (Böhning & Lindsay
// 1988) and each β_i by a gradient step halved until it gains, so the objective never falls.
#pragma once

#include <vector>

#include "ratings/annotators/consensus.hpp"

namespace agon::ratings::annotators {

struct glad_fit {
  consensus result;             // accuracy: mean over a participant's answers of σ(α_w β_i)
  std::vector<double> ability;  // α by participant; 1 without answers
  std::vector<double> ease;     // β by item, positive: 0 is a coin toss for everybody
  convergence fit;
};

// Time per iteration O(answers + items · categories). Throws std::invalid_argument for
// settings out of range. Deterministic.
[[nodiscard]] glad_fit glad(const answer_table& answers, const iteration_settings& settings = {},
                            gold_labels gold = {});

}  // namespace agon::ratings::annotators

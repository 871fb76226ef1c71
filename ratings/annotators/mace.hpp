// MACE (Hovy et al. 2013, NAACL): a participant either knows the truth and says it, or
// spams after a taste of their own.
//
//   P(l | t) = θ_w [l = t] + (1 − θ_w) ξ_w(l)
//
// all categories equally likely beforehand. Maximised by EM under priors given as
// pseudo-answers: 0.5 that were known and 0.5 that were spam, and 0.1 of spam in each
// category. The first start is the shares of the answers, the others are seeded at random;
// the best is kept.
#pragma once

#include <vector>

#include "ratings/annotators/consensus.hpp"

namespace agon::ratings::annotators {

struct mace_settings {
  iteration_settings iteration;
  int starts = 10;  // 1 … 10,000
  std::uint64_t seed = 1;
};

struct mace_fit {
  consensus result;  // accuracy: θ_w + (1 − θ_w) · mean over truths of ξ_w(truth) = θ + (1−θ)/K
  std::vector<double> competence;  // θ by participant
  std::vector<double> taste;       // ξ: participants × categories, rows summing to 1
  convergence fit;                 // of the best start
};

// Time O(starts · iterations · (answers + items · categories)). Throws
// std::invalid_argument for settings out of range. The same seed gives the same result.
[[nodiscard]] mace_fit mace(const answer_table& answers, const mace_settings& settings = {},
                            gold_labels gold = {});

}  // namespace agon::ratings::annotators

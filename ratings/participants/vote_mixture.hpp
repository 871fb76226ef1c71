// The likelihood of one vote under the crowd model, with derivatives. Inside the library
// only.
#pragma once

#include <Eigen/Core>

#include "ratings/outcome.hpp"

namespace agon::ratings::participants {

// What one vote depends on, in this order: z = θ_a − θ_b, the log strength of a tie, the
// skill γ, the bias q for the first slot.
struct vote_parameters {
  double z = 0;
  double tie = 0;
  double skill = 0;
  double side = 0;
};
enum : Eigen::Index { at_z, at_tie, at_skill, at_side };

struct vote_terms {
  double log_probability = 0;
  Eigen::Vector4d gradient;
  // Of the log likelihood if it were known whether the vote came from judgment or from
  // habit, expected over that; positive semidefinite.
  Eigen::Matrix4d complete_information;
  Eigen::Matrix4d observed_information;  // minus the second derivatives
};

// P(o) = s D(o; z) + (1 − s) D(o; q),  s = σ(γ),  D = softmax over a, b, tie of
// (x/2, −x/2, tie); without ties over a and b alone. `o` is a, b or tie.
[[nodiscard]] vote_terms terms_of_vote(outcome o, const vote_parameters& at, bool with_ties);
[[nodiscard]] double log_probability_of_vote(outcome o, const vote_parameters& at, bool with_ties);

}  // namespace agon::ratings::participants

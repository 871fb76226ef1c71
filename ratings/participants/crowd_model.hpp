// A board that knows its judges: how able each participant is, which side they favour, how
// readily they call a tie.
//
//   P(o | a, b, w) = σ(γ_w) D(o; θ_a − θ_b, ν_w) + (1 − σ(γ_w)) D(o; q_w, ν_w)
//   D(a) : D(b) : D(tie; x, ν) = e^{x/2} : e^{−x/2} : ν,   ν_w = ν e^{κ_w}
//
// γ skill, q bias for the first slot, κ tie propensity: the crowd model of NoisyBT
// (Chen et al. 2013, CrowdBT; Bugakova et al. 2019) with Davidson's ties; without ties it is
// P(y) = σ(γ)σ(yz) + (1 − σ(γ))σ(yq). Priors keep what few votes cannot tell near the
// middle: γ ~ N(2, 1) (88 votes in 100 are judged), q ~ N(0, 1), κ ~ N(0, 1), θ ~ N(0, 5²).
//
// Maximised by alternating steps on the scores and on each participant, with the
// information as if it were known which votes were judged (Lange 1995), halved until they
// gain: the objective never falls. It is not concave; the start is σ(γ) = 0.88 and no bias.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ratings/bradley_terry.hpp"
#include "ratings/participants/judged_vote.hpp"

namespace agon::ratings::participants {

struct crowd_settings {
  both_bad_policy both_bad = both_bad_policy::drop;  // or tie
  double skill_mean = 2;                             // in [−10, 10]
  double skill_sd = 1;                               // of the priors; in [1e-3, 1e3]
  double side_sd = 1;
  double tie_sd = 1;
  double strength_sd = 5;
  int most_iterations = 1000;
  double confidence = 0.95;
  double mean = 1000;
  std::optional<score_anchor> anchor;
};

struct judge {
  std::uint64_t votes = 0;    // that count; with none the rest is the prior's middle
  double skill = 0;           // γ
  double judged_share = 0;    // σ(γ): of the votes, how many come from judgment
  double side = 0;            // q: > 0 favours the first slot when not judging
  double tie_propensity = 0;  // κ: > 0 calls more ties than others
  double skill_error = 0;     // standard errors, given the scores
  double side_error = 0;
  double tie_error = 0;
};

struct crowd_fit {
  std::vector<bradley_terry_rating> ratings;  // by system index
  std::vector<system_index> rated;
  std::vector<double> theta;               // of `rated`, sum 0
  std::vector<judge> judges;               // by participant
  std::optional<double> log_tie_strength;  // ln ν; absent without ties
  double objective = 0;                    // log likelihood plus log prior
  double gradient_norm = 0;                // of the scores, at the end
  int iterations = 0;
  bool anchored = false;
  std::string problem;  // why nothing is rated although votes compare systems; else empty
};

// Rates the largest comparable set, as Bradley–Terry does; others are told why not.
// Standard errors are those of the observed information with the participants' parameters
// fitted too. Throws std::invalid_argument for settings or votes out of range. Never NaN.
// O(iterations · (votes + M³) + participants · M²), deterministic.
[[nodiscard]] crowd_fit fit_crowd(const roster& systems, std::span<const judged_vote> votes,
                                  const crowd_settings& settings = {});

}  // namespace agon::ratings::participants

// Groups of participants with tastes of their own, found from their votes alone: a mixture
// of K Bradley–Terry boards, each participant belonging to one of them.
//
//   P(votes of w) = Σ_k share_k Π_votes σ(±(θ_ka − θ_kb)),   a tie half a win each
//
// with θ_k ~ N(0, prior_sd²), so that a small group has a board too. EM from seeded random
// starts, the best is kept. How many groups: the least
//   BIC = −2 log likelihood + (K (M − 1) + K − 1) ln(participants with votes).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ratings/participants/judged_vote.hpp"
#include "ratings/status.hpp"

namespace agon::ratings::participants {

struct group_settings {
  both_bad_policy both_bad = both_bad_policy::drop;  // or tie
  int starts = 10;                                   // 1 … 10,000; one is enough for K = 1
  std::uint64_t seed = 1;
  int most_iterations = 500;
  double tolerance = 1e-7;  // of the objective, per vote
  double prior_sd = 2;      // in [1e-3, 1e3]
};

struct latent_group {
  double share = 0;                    // of participants
  std::vector<double> theta;           // of `rated`, sum 0
  std::vector<double> standard_error;  // of theta, as if membership were known
};

struct group_fit {
  std::vector<rating_status> status;  // by system: `rated`, or why not
  std::vector<system_index> rated;
  std::vector<latent_group> groups;  // the largest share first; empty if nothing is rated
  std::vector<double> membership;    // participants × groups; zeros without counted votes
  double log_likelihood = 0;
  double objective = 0;  // with the prior; never falls from one iteration to the next
  double bic = 0;
  int iterations = 0;  // of the best start
  bool converged = false;
};

// Throws std::invalid_argument for settings or votes out of range, and unless
// 1 ≤ groups ≤ 64. The same seed gives the same fit. Never NaN.
// O(starts · iterations · groups · (votes + M³)).
[[nodiscard]] group_fit fit_latent_groups(const roster& systems, std::span<const judged_vote> votes,
                                          int groups, const group_settings& settings = {});

struct group_choice {
  std::vector<group_fit> fits;  // of 1, 2, … groups
  std::size_t best = 0;         // index of the least BIC
};

// Fits 1 … most_groups; `most_groups` as above.
[[nodiscard]] group_choice choose_latent_groups(const roster& systems,
                                                std::span<const judged_vote> votes, int most_groups,
                                                const group_settings& settings = {});

}  // namespace agon::ratings::participants

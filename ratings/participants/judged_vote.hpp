// Votes that remember who gave them and in which slots the systems stood.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ratings/connectivity.hpp"
#include "ratings/outcome.hpp"
#include "ratings/roster.hpp"

namespace agon::ratings::participants {

struct judged_vote {
  std::uint32_t participant = 0;
  system_index a = 0;  // in the first slot
  system_index b = 0;
  outcome result = outcome::tie;
};

// Inside the library only.

// The votes that count under the policy (`drop` or `tie`), both_bad turned into a tie,
// grouped by participant in a fixed order. Throws std::invalid_argument for another policy,
// a system that is not below `systems`, a system against itself, an unknown outcome.
struct grouped_votes {
  std::vector<judged_vote> votes;
  std::vector<std::size_t> start;  // by participant, one more at the end

  [[nodiscard]] std::size_t participants() const { return start.size() - 1; }
  [[nodiscard]] std::span<const judged_vote> of(std::size_t participant) const {
    return std::span(votes).subspan(start[participant],
                                    start[participant + 1] - start[participant]);
  }
};
[[nodiscard]] grouped_votes group_votes(std::size_t systems, std::span<const judged_vote> votes,
                                        both_bad_policy both_bad);

// One comparison for each pair that has a vote, in order of the pair.
[[nodiscard]] std::vector<comparison> pair_counts(std::span<const judged_vote> votes);

// Keeps the votes between rated systems and gives these dense indices.
void restrict_to(grouped_votes& votes, const connectivity& comparable);

}  // namespace agon::ratings::participants

// What each policy wishes, before boosts and the floor. Inside the library only.
#pragma once

#include <span>
#include <vector>

#include "ratings/sampling/pair_policy.hpp"

namespace agon::ratings::sampling {

// Pairs that are open, with the systems' settings filled in.
struct open_pairs {
  std::span<const system_pair> pairs;
  std::vector<double> weight;  // by system
  std::vector<bool> wanting;   // by system: its target is not reached
};

// Not negative, by pair, to be normalised; all zero if the policy has no wish.
[[nodiscard]] std::vector<double> weight_wishes(const open_pairs& open);
[[nodiscard]] std::vector<double> uncertainty_wishes(const open_pairs& open,
                                                     const board_factor& factor);
[[nodiscard]] std::vector<double> variance_wishes(const open_pairs& open,
                                                  const board_factor& factor);
[[nodiscard]] std::vector<double> dueling_wishes(const open_pairs& open, const board_factor& factor,
                                                 int draws, std::uint64_t seed);

}  // namespace agon::ratings::sampling

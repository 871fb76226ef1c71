// Which two systems meet. Policy `weights`: the first with probability proportional to
// its weight, the second likewise among the rest; slots by a fair coin.
#pragma once

#include <span>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "services/core/error.hpp"

namespace agon::arena {

struct candidate {
  int system = 0;
  double weight = 1;
};

struct drawn_pair {
  int slot_a = 0;
  int slot_b = 0;
  // Probability of this pair in either order; the slot probability is half of it.
  double probability = 0;
};

// errc::unsupported if fewer than two candidates have a positive weight.
[[nodiscard]] result<drawn_pair> draw_pair(std::span<const candidate> candidates,
                                           crypto::random_source& random);

// Probability that draw_pair draws these two, in either order; 0 if one is not admissible.
[[nodiscard]] double pair_probability(std::span<const candidate> candidates, int x, int y);

// One more system for a slot whose system failed, by weight, not in `taken`.
// errc::unsupported if none is left.
[[nodiscard]] result<int> draw_replacement(std::span<const candidate> candidates,
                                           std::span<const int> taken,
                                           crypto::random_source& random);

}  // namespace agon::arena

// Which systems the votes can compare. Inside the library only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ratings/status.hpp"

namespace agon::ratings {

// The counted votes of one pair a < b. both_bad has been dropped or added to the ties.
struct comparison {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  double wins = 0;    // of a
  double losses = 0;  // of a
  double ties = 0;
};

struct connectivity {
  std::vector<rating_status> status;  // by system; `rated` for those below
  std::vector<std::uint32_t> rated;   // ascending; empty, or two and more
};

// Finds the largest strongly connected component of the graph in which each win leads
// from winner to loser and each tie both ways (Tarjan 1972). Among components of equal
// size the one with more votes inside is taken, then the one with the lowest index.
// Every comparison has a vote. O(systems + comparisons).
[[nodiscard]] connectivity find_comparable(std::size_t systems, std::span<const comparison> votes);

}  // namespace agon::ratings

// What a board knows about every system, also about one that has no vote yet: all that the
// choice of the next battle needs.
#pragma once

#include <cstdint>
#include <vector>

#include "ratings/outcome.hpp"
#include "ratings/tally.hpp"

namespace agon::ratings::sampling {

// A value type of plain numbers: made by whoever refits, read by whoever draws.
struct board_factor {
  std::size_t systems = 0;
  std::vector<double> theta;              // by system
  std::vector<double> covariance;         // row-major systems × systems, positive definite
  std::vector<std::uint64_t> pair_votes;  // row-major, symmetric: votes that count
};

struct factor_settings {
  both_bad_policy both_bad = both_bad_policy::drop;  // or tie
  // θ ~ N(0, prior_sd²) beforehand: a system without votes is as uncertain as this. One
  // unit is 174 points, about the spread of systems on a public board. In [0.01, 100].
  double prior_sd = 1;
};

// Bradley–Terry's posterior mode and its inverse information under that prior, over all
// systems of the tally. Unlike a board's scores it always exists, so it serves to choose
// battles and never to publish. Throws std::invalid_argument for settings out of range.
// O(M³), deterministic; 300 systems take some milliseconds.
[[nodiscard]] board_factor factor_of(const tally& votes, const factor_settings& settings = {});

}  // namespace agon::ratings::sampling

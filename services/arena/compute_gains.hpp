// From an arena's tallies to what its sampling policy wishes (ratings/sampling).
#pragma once

#include <span>

#include "services/arena/sampling.hpp"
#include "services/arena/tally_source.hpp"

namespace agon::arena {

// The gains of all pairs of the arena's present systems, a weight of 0 or not; null if the
// arena has fewer than two. Votes of systems that left still count for those they met. Pure
// and deterministic; some milliseconds for 300 systems, more under `dueling`.
[[nodiscard]] gains_ptr compute_gains(const arena& a, std::span<const pair_tally> tallies);

}  // namespace agon::arena

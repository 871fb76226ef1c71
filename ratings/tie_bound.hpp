// Whether votes bound the tie parameter of a model from above. Inside the library only.
#pragma once

#include <span>

#include "ratings/pair_cell.hpp"

namespace agon::ratings {

// The likelihood of a model with ties has a maximum on a strongly connected set of systems
// unless θ and φ can go to infinity together: θ_w − θ_l ≥ 1 for each win, |θ_a − θ_b| ≤ 1
// for each tie. They cannot if some circle has more wins than ties, which one pair with
// wins of both gives. The cells compare systems 0 … systems−1; comparisons with the ground,
// which never rises, count too. O(cells), at worst O(systems · cells).
[[nodiscard]] bool ties_are_bounded(std::size_t systems, std::span<const pair_cell> cells);

}  // namespace agon::ratings

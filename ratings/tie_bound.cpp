#include "ratings/tie_bound.hpp"

#include <algorithm>
#include <vector>

namespace agon::ratings {
namespace {

// θ_above ≥ θ_below + gap
struct constraint {
  std::uint32_t above;
  std::uint32_t below;
  int gap;
};

std::vector<constraint> constraints_of(std::uint32_t ground, std::span<const pair_cell> cells) {
  std::vector<constraint> out;
  for (const pair_cell& c : cells) {
    const std::uint32_t b = c.b == the_ground ? ground : c.b;
    const auto won = [&](std::uint32_t winner, std::uint32_t loser) {
      if (loser != ground) out.push_back({winner, loser, 1});
      out.push_back({winner, ground, 0});
    };
    if (c.weight[0] > 0) won(c.a, b);
    if (c.weight[1] > 0) won(b, c.a);
    if (c.weight[2] > 0) {
      out.push_back({c.a, b, -1});
      out.push_back({b, c.a, -1});
    }
    if (c.weight[3] > 0) {
      out.push_back({ground, c.a, 0});
      if (b != ground) out.push_back({ground, b, 0});
    }
  }
  return out;
}

}  // namespace

bool ties_are_bounded(std::size_t systems, std::span<const pair_cell> cells) {
  for (const pair_cell& c : cells)
    if (c.weight[0] > 0 && c.weight[1] > 0) return true;
  // Bellman–Ford: potentials settle unless a circle of positive length lifts them forever.
  const auto constraints = constraints_of(static_cast<std::uint32_t>(systems), cells);
  std::vector<long> theta(systems + 1);
  for (std::size_t round = 0; round <= systems + 1; ++round) {
    bool moved = false;
    for (const constraint& c : constraints) {
      if (theta[c.above] >= theta[c.below] + c.gap) continue;
      theta[c.above] = theta[c.below] + c.gap;
      moved = true;
    }
    if (!moved) return false;
  }
  return true;
}

}  // namespace agon::ratings

// The likelihood of one comparison under each pairwise model, with its derivatives.
// Inside the library only.
//
//   Bradley–Terry        P(a) = σ(z),  a tie half of each                       z = θ_a − θ_b
//   Davidson             a : b : tie = e^{z/2} : e^{−z/2} : ν                   φ = ln ν
//   Rao–Kupper           P(a) = σ(z−η), P(b) = σ(−z−η), tie the rest            φ = η > 0
//   grounded Rao–Kupper  π = e^θ, t = e^η + 1.000001; P(a) = π_a/(π_a + t π_b + 1),
//                        P(both_bad) = 1/(1 + π_a + π_b), tie the rest          φ = η
//   … against the ground π_b → 0: P(a) = π_a/(π_a + 1), P(both_bad) = 1/(π_a + 1)
//   … where no vote was both_bad: the same without the ones, which are then negligible
#pragma once

#include <array>
#include <cstdint>

#include "ratings/outcome.hpp"

namespace agon::ratings {

enum class pair_model : std::uint8_t {
  bradley_terry,
  davidson,
  rao_kupper,
  grounded,
  ground_only,
  groundless,
};

// t of grounded Rao–Kupper with η → −∞; P2L's constant.
inline constexpr double least_tie_factor = 1.000001;

// Coordinates are (θ_a, θ_b, φ). Entries of an outcome that the model or the parameters
// make impossible are 0 and must not be used.
struct pair_terms {
  std::array<double, outcome_count> log_p{};
  std::array<std::array<double, 3>, outcome_count> gradient{};
  // Second derivatives of −log_p: aa, ab, bb, aφ, bφ, φφ.
  std::array<std::array<double, 6>, outcome_count> information{};
};

// φ = −∞ (Davidson, grounded) or 0 (Rao–Kupper) stands for a world without ties.
[[nodiscard]] pair_terms terms_of(pair_model model, double theta_a, double theta_b, double phi);

// True where adding a constant to all θ changes nothing.
[[nodiscard]] constexpr bool shift_invariant(pair_model m) {
  return m != pair_model::grounded && m != pair_model::ground_only;
}

}  // namespace agon::ratings

// How much privacy is spent: zero-concentrated differential privacy (Bun, Steinke 2016).
// Amounts of ρ are whole numbers of billionths, always rounded up, so that sums in a
// ledger are exact.
#pragma once

#include <compare>
#include <cstdint>

#include "privacy/dp/noise.hpp"

namespace agon::dp {

struct rho {
  std::int64_t billionths = 0;

  // Mechanisms on the same people add up.
  friend rho operator+(rho a, rho b) { return {a.billionths + b.billionths}; }
  friend auto operator<=>(const rho&, const rho&) = default;
};

// Of Gaussian noise with this variance on counts that one person moves by at most
// `sensitivity` in L2: sensitivity² / (2 variance). std::invalid_argument if either is not
// positive, or the result above 1000.
[[nodiscard]] rho rho_of_gaussian(std::uint64_t sensitivity, ratio variance);
// Of a mechanism that is ε-differentially private, as Laplace noise of scale
// sensitivity / ε is: ε² / 2.
[[nodiscard]] rho rho_of_pure(ratio epsilon);

// The least variance (in thousandths) whose cost for this sensitivity is within the budget.
[[nodiscard]] ratio variance_for(std::uint64_t sensitivity, rho budget);

// The ε of (ε, δ)-differential privacy that ρ-zCDP gives: the bound of Canonne, Kamath and
// Steinke (2020, proposition 7), minimised over α; never above ρ + 2·sqrt(ρ·ln(1/δ)).
// 0 < δ < 1.
[[nodiscard]] double epsilon_of(rho spent, double delta);

}  // namespace agon::dp

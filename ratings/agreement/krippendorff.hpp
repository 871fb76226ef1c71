// Krippendorff's α:  α = 1 − D_o / D_e, for any number of participants, with missing
// answers, on any scale.
//
//   D_o = (1/n) Σ_items 1/(m_i − 1) Σ_{answers x ≠ y of i} δ²(x, y)
//   D_e = 1/(n (n−1)) Σ_{c,k} n_c n_k δ²(c, k)
//
// over the n answers on items with m_i ≥ 2 of them (Krippendorff 2011, Computing
// Krippendorff's Alpha-Reliability; 2019, Content Analysis, ch. 12).
#pragma once

#include <cstdint>
#include <vector>

#include "ratings/agreement/coefficient.hpp"
#include "ratings/answers.hpp"

namespace agon::ratings::agreement {

enum class level : std::uint8_t {
  nominal,   // δ² = 1 if they differ
  ordinal,   // δ = n_c/2 + the answers between + n_k/2: the difference of mid-ranks
  interval,  // δ = x − y
  ratio,     // δ = (x − y)/(x + y), 0 for 0 and 0
  custom,    // δ² given
};

struct scale {
  level kind = level::nominal;
  // The number that each category stands for; empty: 0, 1, 2, … Finite; for `ratio` not
  // negative. For `ordinal` only their order matters, and equal numbers are one rank.
  std::vector<double> values;
  // For `custom`: row-major categories × categories; symmetric, zero on the diagonal,
  // finite and not negative.
  std::vector<double> squared_distances;
};

// Refused: a scale that does not fit the categories, a participant who answers one item
// twice. O(answers · most answers of an item + categories²); nominal, ordinal and interval
// need no categories².
[[nodiscard]] checked<coefficient> krippendorff_alpha(const answer_table& answers,
                                                      const scale& measure = {});

// O(rounds) times that. Throws std::invalid_argument for settings out of range.
[[nodiscard]] checked<interval_estimate> krippendorff_alpha_interval(
    const answer_table& answers, const scale& measure, const bootstrap_settings& settings = {});

}  // namespace agon::ratings::agreement

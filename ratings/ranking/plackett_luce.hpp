// Plackett–Luce with ties and partial rankings: a ranking is a sequence of choices of the
// best among those that are left.
//
//   P(S chosen from A) = f(S) / Σ f(S'),  f(S) = δ_|S| (Π_{i∈S} e^θ_i)^{1/|S|}
//
// (Plackett 1975; Luce 1959; Turner, van Etten, Firth & Kosmidis 2020, Comput. Stat.
// 35:1027.) For two systems it is Bradley–Terry, with ties Davidson's model, ν = δ_2.
// Sizes of ties that never occur have δ = 0. Newton's method as for Bradley–Terry; sandwich
// intervals over rankings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ratings/bradley_terry.hpp"
#include "ratings/ranking/rankings.hpp"

namespace agon::ratings::ranking {

struct plackett_luce_settings {
  // Wins and losses of each system against an imagined one, as a prior: with more than 0
  // every system that was ranked can be rated, whatever the graph, and all scores are drawn
  // together. 0, the default, is maximum likelihood and rates the largest set that the
  // rankings can compare. Turner et al. use 0.5. In [0, 1e6].
  double pseudo = 0;
  double confidence = 0.95;  // as in bradley_terry_settings, like all below
  double mean = 1000;
  std::optional<score_anchor> anchor;
  double small_sample_error = 50;

  bool operator==(const plackett_luce_settings&) const = default;
};

struct tie_strength {
  std::uint32_t size = 0;  // how many tie
  double log_delta = 0;
  double standard_error = 0;
};

struct plackett_luce_fit {
  std::vector<bradley_terry_rating> ratings;  // by system index
  std::vector<system_index> rated;            // ascending
  std::vector<double> theta;                  // of `rated`, sum 0
  std::vector<double> covariance;             // row-major, of theta, if the model holds
  std::vector<tie_strength> ties;             // by size; the sizes that occur
  double log_likelihood = 0;                  // of the rankings inside the rated set
  bool anchored = false;
  bool regularised = false;  // pseudo > 0
  fit_certificate certificate;
  // Why nothing could be rated although rankings compare systems, in words; else empty.
  std::string problem;
};

// Every system that cannot be rated is told why. Never a NaN or an infinity. Throws
// std::invalid_argument for settings out of range. Deterministic.
// O(iterations · (M³ + choices · n³)), n the largest number of systems in a ranking.
[[nodiscard]] plackett_luce_fit fit_plackett_luce(const ranking_tally& rankings,
                                                  const plackett_luce_settings& settings = {});

}  // namespace agon::ratings::ranking

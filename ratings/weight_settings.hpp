// Which weights a board gives its votes, as an arena file names them and the board states them.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ratings/vote_log.hpp"

namespace agon::ratings {

// What is absent does not apply.
struct weight_settings {
  std::optional<double> inverse_propensity;  // the clip, ≥ 1; usually 10
  std::optional<double> inverse_pair_count;  // the least count, ≥ 1; usually 50
  std::optional<double> participant_cap;     // the most that one participant's votes weigh, ≥ 1
  std::optional<double> prompt_quantile;     // of the votes per prompt, in [0, 1]; usually 0.9999
  // From which similarity on, in (0, 1], two prompts are one; absent: those with the same letters
  // and digits. Only beside prompt_quantile.
  std::optional<double> prompt_similarity;

  [[nodiscard]] bool any() const {
    return inverse_propensity || inverse_pair_count || participant_cap || prompt_quantile;
  }
  bool operator==(const weight_settings&) const = default;
};

// As a board states them.
struct stated_weights {
  weight_settings settings;
  double effective_votes = 0;  // (Σw)² / Σw²: as many votes of one weight would tell as much
};

// The field that is out of its range, if any.
[[nodiscard]] std::optional<std::string_view> out_of_range(const weight_settings& s);

// One weight per vote, of mean 1 before the participants' cap: first the propensity and the pair
// count, then the prompts, by the numbers that the log has for them, then the cap. The log's
// order of votes decides the last bits. Throws std::invalid_argument for settings out of range.
[[nodiscard]] std::vector<float> weights_of(const vote_log& votes, const weight_settings& settings);

// (Σw)² / Σw²; 0 without weight.
[[nodiscard]] double effective_votes(std::span<const float> weights);

}  // namespace agon::ratings

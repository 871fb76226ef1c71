// What every coefficient of agreement answers: a value, or why there is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace agon::ratings::agreement {

enum class undefined_reason : std::uint8_t {
  none,          // there is a value
  no_pairs,      // no item has answers of two participants
  no_variation,  // chance alone would agree fully: all answers that count are alike
  few_rounds,    // (intervals) the coefficient was undefined in too many bootstrap rounds
};

// "none", "no_pairs", …: the names above.
[[nodiscard]] std::string_view to_text(undefined_reason r);

// 1 is perfect agreement, 0 what chance gives, below 0 worse than chance. Perfect agreement
// without variation is not 1: nothing shows that the participants could have disagreed.
struct coefficient {
  std::optional<double> value;
  undefined_reason reason = undefined_reason::none;
  // α: disagreement observed and expected. κ: (weighted) disagreement likewise, 1 − P_o and
  // 1 − P_e. value = 1 − observed / expected.
  double observed = 0;
  double expected = 0;
  std::uint64_t items = 0;    // with answers of two participants or more: those that count
  std::uint64_t answers = 0;  // on these items
};

struct bootstrap_settings {
  double confidence = 0.95;     // in (0, 1)
  std::uint32_t rounds = 1000;  // 1 … 1,000,000
  std::uint64_t seed = 1;
};

// Percentile interval over resampled items: with the items in n places, each round draws
// n of them with replacement. Rounds in which the coefficient is undefined are left out and
// counted; where fewer than half of the rounds are left there is no interval.
struct interval_estimate {
  coefficient estimate;         // of all items
  std::optional<double> lower;  // absent with `reason`
  std::optional<double> upper;
  undefined_reason reason = undefined_reason::none;
  std::uint32_t undefined_rounds = 0;
};

}  // namespace agon::ratings::agreement

// A simulated crowd with known truth.
#pragma once

#include <vector>

#include "ratings/answers.hpp"
#include "ratings/random.hpp"

namespace agon::ratings::testing {

struct crowd {
  std::vector<answer> answers;
  std::vector<std::uint32_t> truth;

  [[nodiscard]] answer_table table(std::uint32_t categories) const {
    return answer_table::of(answers, categories, static_cast<std::uint32_t>(truth.size())).value();
  }
};

// Each participant answers each item with probability `density`, right with their own
// probability in `skill`, else one of the other categories alike; a negative skill is that
// of one who always says category 0.
inline crowd make_crowd(std::uint64_t seed, std::uint32_t items, std::uint32_t categories,
                        const std::vector<double>& skill, double density = 1) {
  seeded_random random(seed);
  crowd out;
  for (std::uint32_t i = 0; i < items; ++i) {
    const auto truth = static_cast<std::uint32_t>(random.below(categories));
    out.truth.push_back(truth);
    for (std::uint32_t p = 0; p < skill.size(); ++p) {
      if (random.unit() >= density) continue;
      const auto other =
          static_cast<std::uint32_t>((truth + 1 + random.below(categories - 1)) % categories);
      const bool right = random.unit() < skill[p];
      out.answers.push_back({i, p, skill[p] < 0 ? 0 : right ? truth : other});
    }
  }
  return out;
}

}  // namespace agon::ratings::testing

#include "services/arena/sampling.hpp"

#include <algorithm>

namespace agon::arena {
namespace {

std::vector<candidate> admissible(std::span<const candidate> all) {
  std::vector<candidate> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out),
               [](const candidate& c) { return c.weight > 0; });
  return out;
}

double total(std::span<const candidate> candidates) {
  double sum = 0;
  for (const candidate& c : candidates) sum += c.weight;
  return sum;
}

candidate draw(std::span<const candidate> candidates, crypto::random_source& random) {
  double left = random.unit() * total(candidates);
  for (const candidate& c : candidates) {
    left -= c.weight;
    if (left < 0) return c;
  }
  return candidates.back();  // rounding at the upper end
}

}  // namespace

result<drawn_pair> draw_pair(std::span<const candidate> candidates, crypto::random_source& random) {
  std::vector<candidate> open = admissible(candidates);
  if (open.size() < 2)
    return fail(errc::unsupported, "Fewer than two systems of this arena can take the prompt.");
  const candidate first = draw(open, random);
  std::erase_if(open, [&](const candidate& c) { return c.system == first.system; });
  const candidate second = draw(open, random);
  const bool swap = random.below(2) == 1;
  return drawn_pair{swap ? second.system : first.system, swap ? first.system : second.system,
                    pair_probability(candidates, first.system, second.system)};
}

double pair_probability(std::span<const candidate> candidates, int x, int y) {
  const std::vector<candidate> open = admissible(candidates);
  const auto weight_of = [&](int system) {
    const auto it = std::find_if(open.begin(), open.end(),
                                 [&](const candidate& c) { return c.system == system; });
    return it == open.end() ? 0.0 : it->weight;
  };
  const double all = total(open);
  const double wx = weight_of(x);
  const double wy = weight_of(y);
  if (wx <= 0 || wy <= 0 || x == y) return 0;
  return std::min(1.0, wx / all * wy / (all - wx) + wy / all * wx / (all - wy));
}

result<int> draw_replacement(std::span<const candidate> candidates, std::span<const int> taken,
                             crypto::random_source& random) {
  std::vector<candidate> open = admissible(candidates);
  std::erase_if(open, [&](const candidate& c) {
    return std::find(taken.begin(), taken.end(), c.system) != taken.end();
  });
  if (open.empty())
    return fail(errc::unsupported, "No other system of this arena can take the prompt.");
  return draw(open, random).system;
}

}  // namespace agon::arena

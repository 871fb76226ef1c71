// Votes that each policy needs until a new system's interval is narrow enough; seeded, so
// that the table is the same everywhere.
#include <cstdio>

#include "tests/unit/ratings/sampling/new_system.hpp"

int main() {
  using namespace agon::ratings;
  constexpr std::uint64_t worlds = 20;
  for (const std::size_t systems : {12U, 30U}) {
    testing::arena_world world;
    world.systems = systems;
    world.votes_before = 500 * systems;
    std::printf(
        "%zu systems, the last one new, others with about 1,000 votes each; votes until "
        "its interval is ±%.0f points, mean of %llu worlds\n",
        systems, world.half_width, static_cast<unsigned long long>(worlds));
    double uniform = 0;
    for (const auto policy : {sampling::pair_policy::uniform, sampling::pair_policy::uncertainty,
                              sampling::pair_policy::variance, sampling::pair_policy::dueling}) {
      sampling::policy_settings settings;
      settings.policy = policy;
      settings.draws = 300;
      const double needed = testing::mean_votes_needed(world, settings, worlds);
      if (policy == sampling::pair_policy::uniform) uniform = needed;
      const std::string name(sampling::to_text(policy));
      std::printf("  %-12s %7.0f   %.2f of uniform\n", name.c_str(), needed, needed / uniform);
    }
  }
}

#include "services/arena/sampling_job.hpp"

#include "services/arena/compute_gains.hpp"

namespace agon::arena {

awaitable<std::size_t> sampling_job::refresh() {
  std::size_t computed = 0;
  for (const arena_ptr& a : arenas_.all()) {
    auto tallies = co_await tallies_.tallies(a->definition.id);
    if (!tallies) continue;
    std::int64_t votes = 0;
    for (const pair_tally& t : *tallies) votes += t.wins_a + t.wins_b + t.ties + t.both_bad;
    const std::pair now{a->definition.version, votes};
    const auto it = seen_.find(a->definition.id);
    if (it != seen_.end() && it->second == now) continue;
    gains_.publish(a->definition.id, compute_gains(a->definition, *tallies));
    seen_[a->definition.id] = now;
    ++computed;
  }
  co_return computed;
}

}  // namespace agon::arena

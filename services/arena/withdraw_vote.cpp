#include "services/arena/withdraw_vote.hpp"

#include <algorithm>

namespace agon::arena {

time_point withdrawable_until(const arena& a, const ballot& b, time_point voted_at) {
  return std::max(voted_at + std::chrono::hours(a.release.cool_off_hours), b.expires_at);
}

awaitable<result<receipt>> withdraw_vote::run(battle_id id, participant_id participant) {
  auto found = co_await battles_.find(id);
  if (!found) co_return found.error();
  const arena_ptr arena = arenas_.find(found->arena);
  if (found->participant != participant || !arena)
    co_return fail(errc::not_found, "There is no such battle.");
  auto judged = co_await judged_.find(ballot_of(*found));
  if (!judged) co_return judged.error();
  if (!*judged) co_return fail(errc::conflict, "There is no vote that could be taken back.");
  receipt r = std::move(**judged);
  if (r.withdrawn_at) co_return r;
  const time_point now = clock_.now();
  if (now >= withdrawable_until(arena->definition, r.b, r.recorded_at))
    co_return fail(errc::conflict,
                   "The time to take this vote back is over: it may be part of a release.");
  auto since = co_await withdrawals_.withdraw(id, participant, now);
  if (!since) co_return since.error();
  if (!*since) co_return fail(errc::conflict, "There is no vote that could be taken back.");
  r.withdrawn_at = **since;
  co_return r;
}

}  // namespace agon::arena

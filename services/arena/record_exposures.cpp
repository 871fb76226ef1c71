#include "services/arena/record_exposures.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "services/arena/attention_budget.hpp"

namespace agon::arena {
namespace {

constexpr std::size_t most_events = 5000;     // per battle; a tick a second for over an hour
constexpr double clock_tolerance = 0.5;       // seconds
constexpr double measuring_tolerance = 0.05;  // players stop a frame early

bool is_played(const output& o) {
  return o.media && o.media->type.starts_with("audio/");
}

double length_of(const std::vector<output>& outputs, int slot) {
  for (const output& o : outputs)
    if (o.slot == slot && o.media) return o.media->seconds;
  return 0;
}

double paid_for(const past_attention::other_battle& other, int arena, bool in_turn) {
  const auto& heard = other.heard_seconds;
  if (heard.empty()) return 0;
  // How another arena's outputs are taken in is not known here: at least beside each other.
  return in_turn && other.arena == arena ? std::accumulate(heard.begin(), heard.end(), 0.0)
                                         : *std::max_element(heard.begin(), heard.end());
}

void take_count(battle& b, const exposure_record& r) {
  for (std::size_t i = 0; i < b.slots.size() && i < r.heard_seconds.size(); ++i)
    b.slots[i].heard_seconds = r.heard_seconds[i];
  b.gate_met_at = r.gate_met_at;
}

}  // namespace

void count_exposures(battle b, time_point now, attention way, std::span<const double> claimed,
                     const past_attention& past, exposure_record& r) {
  r.heard_seconds = past.heard_seconds;
  r.gate_met_at = past.gate_met_at;
  // What is heard once the systems are known is kept, but says nothing about the vote.
  if (past.voted || !b.ready_at) return;
  const bool in_turn = way == attention::in_turn;
  std::vector<attention_paid> others;
  for (const past_attention::other_battle& o : past.others)
    others.push_back({o.ready_at, paid_for(o, b.arena, in_turn)});
  r.heard_seconds =
      credited(claimed, past.heard_seconds, most_attention(*b.ready_at, now, others), in_turn);
  take_count(b, r);
  if (!r.gate_met_at && gate_is_met(b, now, way)) r.gate_met_at = now;
}

bool gate_is_met(const battle& b, time_point now, attention way) {
  if (!b.ready_at) return false;
  double required = 0;
  for (const battle_slot& s : b.slots) {
    if (s.heard_seconds + measuring_tolerance < s.required_seconds) return false;
    required = way == attention::in_turn ? required + s.required_seconds
                                         : std::max(required, s.required_seconds);
  }
  const double passed = std::chrono::duration<double>(now - *b.ready_at).count();
  return passed + clock_tolerance >= required;
}

awaitable<result<battle>> record_exposures::run(battle_id id, participant_id participant,
                                                std::vector<exposure_event> events) {
  auto found = co_await battles_.find(id);
  if (!found) co_return found.error();
  battle b = std::move(*found);
  const time_point now = clock_.now();
  if (b.participant != participant) co_return fail(errc::not_found, "There is no such battle.");
  const battle_state state = b.state_at(now);
  if (state == battle_state::expired)
    co_return fail(errc::battle_expired, "The time to judge this battle is over.");
  if (state == battle_state::failed) co_return fail(errc::battle_failed, b.failure);
  if (state != battle_state::ready)
    co_return fail(errc::battle_not_ready, "The outputs are still being made.");
  const auto slots = static_cast<int>(b.slots.size());
  if (std::any_of(events.begin(), events.end(),
                  [slots](const exposure_event& e) { return e.slot >= slots; }))
    co_return fail(errc::invalid_input, "An event is about a side that this battle does not have.");

  auto kept = co_await battles_.exposures(id);
  if (!kept) co_return kept.error();
  auto outputs = co_await battles_.shown_outputs(id);
  if (!outputs) co_return outputs.error();
  std::vector<exposure_event> all = std::move(*kept);
  std::set<int> known;
  for (const exposure_event& e : all) known.insert(e.sequence);
  std::erase_if(events, [&](exposure_event& e) {
    e.received_at = now;
    return !known.insert(e.sequence).second;
  });
  if (all.size() + events.size() > most_events)
    co_return fail(errc::too_many_requests, "This battle has had too many exposure events.");
  all.insert(all.end(), events.begin(), events.end());

  std::vector<double> claimed;
  exposure_record record{id, b.arena, std::move(events), {}, b.gate_met_at};
  const bool played = std::any_of(outputs->begin(), outputs->end(), is_played);
  const attention way = played ? attention::in_turn : attention::at_once;
  for (std::size_t i = 0; i < b.slots.size(); ++i) {
    const int slot = static_cast<int>(i);
    claimed.push_back(played ? heard_seconds(all, slot, length_of(*outputs, slot))
                             : seen_seconds(all, slot));
  }
  auto stored = co_await battles_.add_exposures(
      std::move(record), participant,
      [b, now, way, claimed = std::move(claimed)](exposure_record& r, const past_attention& past) {
        count_exposures(b, now, way, claimed, past, r);
      });
  if (!stored) co_return stored.error();
  take_count(b, *stored);
  co_return b;
}

}  // namespace agon::arena

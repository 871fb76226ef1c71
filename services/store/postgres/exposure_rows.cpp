#include "services/store/postgres/exposure_rows.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

constexpr statement find_all{
    "exposure_find",
    "select sequence, slot, kind, position, client_at, received_at from agon.exposure "
    "where battle_id = $1::uuid order by sequence"};

// Exposures of one participant are counted one after the other.
constexpr statement lock_participant{"exposure_lock",
                                     "select pg_advisory_xact_lock(7, hashtext($1))"};

constexpr statement find_own{
    "exposure_find_battle",
    "select heard_seconds, gate_met_at, created_at, exists (select from agon.judgment j"
    " where j.battle_id = b.id and j.participant_id = b.participant_id and j.winner is not null) "
    "from agon.battle b where id = $1::uuid"};

// All of them: whatever number were enough, as many idle battles would hide those that count.
constexpr statement find_others{
    "exposure_find_others",
    "select b.arena_id, b.ready_at, b.heard_seconds from agon.battle_request r "
    "join agon.battle b on b.id = r.battle_id "
    "where r.participant_id = $1::uuid and r.battle_id <> $2::uuid"
    " and r.created_at > $3::timestamptz"
    " and b.ready_at is not null and 0 < any (b.heard_seconds)"};

constexpr statement add_events{
    "exposure_add",
    "with kept as (insert into agon.exposure"
    " (arena_id, battle_id, sequence, slot, kind, position, client_at, received_at)"
    " select $2::int, $1::uuid, * from unnest($3::int[], $4::smallint[], $5::text[], $6::float8[],"
    " $7::timestamptz[], $8::timestamptz[]) on conflict do nothing) "
    "update agon.battle set gate_met_at = coalesce(gate_met_at, $10::timestamptz),"
    " heard_seconds = (select coalesce(array_agg(greatest(h.before, h.now, 0) order by h.slot), "
    "'{}')"
    "  from unnest(heard_seconds, $9::float8[]) with ordinality as h (before, now, slot)) "
    "where id = $1::uuid"};

constexpr std::array<std::string_view, 8> kind_names{"play",  "pause",   "seek",   "tick",
                                                     "ended", "visible", "scroll", "hidden"};

arena::exposure_kind kind_of(std::string_view name) {
  const auto it = std::find(kind_names.begin(), kind_names.end(), name);
  if (it == kind_names.end()) throw std::invalid_argument("unknown kind of exposure");
  return static_cast<arena::exposure_kind>(it - kind_names.begin());
}

}  // namespace

std::vector<arena::exposure_event> find_exposures(session& db, battle_id id) {
  std::vector<arena::exposure_event> events;
  for (const auto& row : db.exec(find_all, to_sql(id))) {
    arena::exposure_event e;
    e.sequence = int_of(row[0]);
    e.slot = int_of(row[1]);
    e.kind = kind_of(text_of(row[2]));
    e.position = double_of(row[3]);
    e.client_at = time_of(row[4]);
    e.received_at = time_of(row[5]);
    events.push_back(e);
  }
  return events;
}

std::optional<arena::past_attention> find_attention(session& db, battle_id battle,
                                                    participant_id participant) {
  db.exec(lock_participant, to_sql(participant));
  const auto own = db.exec(find_own, to_sql(battle));
  if (own.empty()) return std::nullopt;
  arena::past_attention past;
  past.heard_seconds = parse_double_array(text_of(own[0][0]));
  if (!own[0][1].is_null()) past.gate_met_at = time_of(own[0][1]);
  past.voted = bool_of(own[0][3]);
  const time_point since = time_of(own[0][2]) - arena::attention_window;
  for (const auto& row : db.exec(find_others, to_sql(participant), to_sql(battle), to_sql(since)))
    past.others.push_back({int_of(row[0]), time_of(row[1]), parse_double_array(text_of(row[2]))});
  return past;
}

bool insert_exposures(session& db, const arena::exposure_record& r) {
  std::vector<int> sequences, slots;
  std::vector<double> positions;
  array_literal kinds, client_times, server_times;
  for (const arena::exposure_event& e : r.events) {
    sequences.push_back(e.sequence);
    slots.push_back(e.slot);
    positions.push_back(e.position);
    kinds.add(kind_names.at(static_cast<std::size_t>(e.kind)));
    client_times.add(to_sql(e.client_at));
    server_times.add(to_sql(e.received_at));
  }
  const std::optional<std::string> gate =
      r.gate_met_at ? std::optional(to_sql(*r.gate_met_at)) : std::nullopt;
  return db.exec(add_events, to_sql(r.battle), r.arena, to_array(sequences), to_array(slots),
                 kinds.text(), to_array(positions), client_times.text(), server_times.text(),
                 to_array(r.heard_seconds), or_null(gate))
             .affected_rows() == 1;
}

}  // namespace agon::store

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

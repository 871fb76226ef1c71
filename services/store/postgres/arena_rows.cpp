#include "services/store/postgres/arena_rows.hpp"

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

constexpr statement lock_apply{"arena_lock",
                               "select pg_advisory_xact_lock(hashtext('agon.apply_arena'))"};

constexpr statement find_current{
    "arena_find_current",
    "select a.id, v.version, v.source from agon.arena a "
    "join agon.arena_version v on v.arena_id = a.id and v.version = a.current_version "
    "where a.slug = $1"};

constexpr statement add_arena{
    "arena_add", "insert into agon.arena (slug, current_version) values ($1, 1) returning id"};

// Questions that were asked before get the number that they had.
constexpr statement choose_protocol_version{
    "arena_choose_protocol_version",
    "select coalesce(min(protocol_version) filter (where protocol = $2),"
    " max(protocol_version) + 1, 1) from agon.arena_version where arena_id = $1::int"};

constexpr statement add_version{"arena_add_version",
                                "insert into agon.arena_version (arena_id, version, "
                                "protocol_version, source, protocol, boards) "
                                "values ($1::int, $2::int, $3::int, $4, $5, $6)"};

constexpr statement set_current{
    "arena_set_current", "update agon.arena set current_version = $2::int where id = $1::int"};

constexpr statement add_consent{"arena_add_consent",
                                "insert into agon.consent_text (arena_id, sha256, title, body) "
                                "values ($1::int, $2::bytea, $3, $4) on conflict do nothing"};

constexpr statement retire_systems{
    "system_retire",
    "update agon.system set active = false "
    "where arena_id = $1::int and active and slug <> all($2::text[])"};

// Ids count up within the arena, under the lock taken first.
constexpr statement put_system{
    "system_put",
    "insert into agon.system (arena_id, id, slug, card, active) "
    "select $1::int, coalesce(max(id), 0) + 1, $2, $3, true from agon.system"
    " where arena_id = $1::int "
    "on conflict (arena_id, slug) do update set card = excluded.card, active = true"};

void put_systems(session& db, int arena, const std::vector<arena_rows::system>& systems) {
  array_literal slugs;
  for (const auto& s : systems) slugs.add(s.slug);
  db.exec(retire_systems, arena, slugs.text());
  for (const auto& s : systems) db.exec(put_system, arena, s.slug, s.card);
}

}  // namespace

arena_rows::arena_rows(const arena::arena& a)
    : slug(a.slug),
      source(a.source),
      protocol(feedback::to_json(a.protocol.questions)),
      boards(ratings::to_json(a.boards)),
      consent_sha256(a.consent.sha256),
      consent_title(a.consent.title),
      consent_text(a.consent.text) {
  for (const arena::registered_system& s : a.systems)
    systems.push_back({s.slug, arena::to_json(s.card)});
}

arena::applied apply_arena(session& db, const arena_rows& rows) {
  db.exec(lock_apply);
  const auto current = db.exec(find_current, rows.slug);
  int arena = 0;
  int version = 1;
  if (current.empty()) {
    arena = int_of(db.exec(add_arena, rows.slug)[0][0]);
  } else {
    arena = int_of(current[0][0]);
    version = int_of(current[0][1]);
    if (text_of(current[0][2]) == rows.source) return {version, false};
    ++version;
  }
  const int protocol_version = int_of(db.exec(choose_protocol_version, arena, rows.protocol)[0][0]);
  db.exec(add_version, arena, version, protocol_version, rows.source, rows.protocol, rows.boards);
  db.exec(set_current, arena, version);
  db.exec(add_consent, arena, hex_to_bytea(rows.consent_sha256), rows.consent_title,
          rows.consent_text);
  put_systems(db, arena, rows.systems);
  return {version, true};
}

}  // namespace agon::store

#include "services/store/postgres/retention_store.hpp"

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/erased_rows.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using participants::retained;
using participants::retention_store;

constexpr statement take_turn{"retention_lock",
                              "select pg_try_advisory_xact_lock(hashtext('agon.job.retention'))"};

constexpr statement find_progress{"retention_find",
                                  "select coalesce((select done_until from agon.retention where "
                                  "arena_id = $1::int and kind = $2),"
                                  " '00000000-0000-0000-0000-000000000000')"};

constexpr statement put_progress_row{
    "retention_put",
    "insert into agon.retention (arena_id, kind, done_until) values ($1::int, $2, $3::uuid) "
    "on conflict (arena_id, kind) do update"
    " set done_until = greatest(agon.retention.done_until, excluded.done_until)"};

// Ids carry their time, so that those of a time are next to each other.
constexpr statement next_old_battles{
    "retention_battles",
    "select id from agon.battle where arena_id = $1::int and id > $2::uuid"
    " and id < agon.first_uuid_of($3::timestamptz) order by id limit $4::int"};

constexpr statement delete_old_exposures{
    "retention_exposures",
    "delete from agon.exposure where battle_id = any($1::uuid[])"
    " and battle_id between $2::uuid and $3::uuid"};

constexpr statement unjudged_of{
    "retention_unjudged",
    "select b.id from agon.battle b where b.id = any($1::uuid[])"
    " and b.id between $2::uuid and $3::uuid and b.expires_at < now()"
    " and not exists (select from agon.judgment j where j.battle_id = b.id"
    " and j.arena_id = b.arena_id) order by b.id"};

constexpr statement next_old_participants{
    "retention_participants",
    "select id from person.participant where id > $1::uuid"
    " and id < agon.first_uuid_of($2::timestamptz) order by id limit $3::int"};

// Consents and links follow.
constexpr statement delete_idle{
    "retention_idle",
    "delete from person.participant p where p.id = any($1::uuid[])"
    " and not exists (select from agon.battle b where b.participant_id = p.id)"
    " and not exists (select from person.consent c where c.participant_id = p.id"
    " and c.given_at >= $2::timestamptz)"};

constexpr statement count_old_exposures{
    "retention_count_exposures",
    "select count(*) from agon.exposure where arena_id = $1::int and battle_id > $2::uuid"
    " and battle_id < agon.first_uuid_of($3::timestamptz)"};

constexpr statement count_unjudged{
    "retention_count_unjudged",
    "select count(*) from agon.battle b where b.arena_id = $1::int and b.id > $2::uuid"
    " and b.id < agon.first_uuid_of($3::timestamptz) and b.expires_at < now()"
    " and not exists (select from agon.judgment j where j.battle_id = b.id"
    " and j.arena_id = b.arena_id)"};

constexpr statement count_idle{
    "retention_count_idle",
    "select count(*) from person.participant p where p.id > $1::uuid"
    " and p.id < agon.first_uuid_of($2::timestamptz)"
    " and not exists (select from agon.battle b where b.participant_id = p.id)"
    " and not exists (select from person.consent c where c.participant_id = p.id"
    " and c.given_at >= $2::timestamptz)"};

constexpr std::string_view retention_actor = "retention";
constexpr std::string_view retention_action = "retain";

std::string progress_of(session& db, retained what, int arena) {
  return std::string(text_of(db.exec(find_progress, arena, std::string(name_of(what)))[0][0]));
}

std::int64_t delete_unjudged(session& db, const std::string& ids, const std::string& first,
                             const std::string& last) {
  const auto rows = db.exec(unjudged_of, ids, first, last);
  if (rows.empty()) return 0;
  array_literal doomed;
  for (const auto& row : rows) doomed.add(text_of(row[0]));
  return delete_battles(db, doomed.text(), std::string(text_of(rows[0][0])),
                        std::string(text_of(rows[rows.size() - 1][0])), retention_actor,
                        retention_action)
      .battles;
}

std::int64_t delete_old(session& db, retained what, const std::string& ids,
                        const std::string& first, const std::string& last,
                        const std::string& before) {
  if (what == retained::unjudged) return delete_unjudged(db, ids, first, last);
  const auto done = what == retained::exposures ? db.exec(delete_old_exposures, ids, first, last)
                                                : db.exec(delete_idle, ids, before);
  const auto rows = static_cast<std::int64_t>(done.affected_rows());
  note_audit(db, retention_actor, retention_action,
             what == retained::exposures ? "exposure" : "participant", rows);
  return rows;
}

// Whatever a batch looked at is done with: what is older than the rule and stays now stays.
std::optional<retention_store::batch> one_batch(session& db, retained what, int arena,
                                                time_point older_than, int size) {
  const std::string before = to_sql(older_than);
  if (!bool_of(db.exec(take_turn)[0][0])) return std::nullopt;
  const std::string done = progress_of(db, what, arena);
  const auto rows = what == retained::idle ? db.exec(next_old_participants, done, before, size)
                                           : db.exec(next_old_battles, arena, done, before, size);
  retention_store::batch b;
  b.more = static_cast<int>(rows.size()) == size;
  std::string looked_until = to_string(first_uuid_of(older_than));
  if (!rows.empty()) {
    array_literal ids;
    for (const auto& row : rows) ids.add(text_of(row[0]));
    const std::string first(text_of(rows[0][0]));
    const std::string last(text_of(rows[rows.size() - 1][0]));
    b.rows = delete_old(db, what, ids.text(), first, last, before);
    if (b.more) looked_until = last;
  }
  db.exec(put_progress_row, arena, std::string(name_of(what)), looked_until);
  return b;
}

class postgres_retention_store final : public retention_store {
 public:
  postgres_retention_store(pool& calls, int batch) : calls_(calls), batch_(batch) {}

  awaitable<result<std::optional<batch>>> step(retained what, int arena,
                                               time_point before) override {
    return calls_.run({.name = "retention_step", .retry = true}, [=, size = batch_](session& db) {
      return db.transact([&] { return one_batch(db, what, arena, before, size); });
    });
  }

  awaitable<result<std::int64_t>> due(retained what, int arena, time_point before) override {
    return calls_.run(
        {.name = "retention_due", .retry = true, .deadline = std::chrono::minutes(10)},
        [=](session& db) {
          const std::string done = progress_of(db, what, arena);
          const std::string until = to_sql(before);
          const auto rows =
              what == retained::exposures  ? db.exec(count_old_exposures, arena, done, until)
              : what == retained::unjudged ? db.exec(count_unjudged, arena, done, until)
                                           : db.exec(count_idle, done, until);
          return integer_of(rows[0][0]);
        });
  }

 private:
  pool& calls_;
  int batch_;
};

}  // namespace

std::unique_ptr<retention_store> make_retention_store(pool& calls, int batch) {
  return std::make_unique<postgres_retention_store>(calls, batch);
}

}  // namespace agon::store

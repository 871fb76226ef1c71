#include "services/store/postgres/rights_store.hpp"

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/erased_rows.hpp"
#include "services/store/postgres/held_rows.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using participants::actor;
using participants::erased_rows;
using participants::held_battle;
using participants::holdings;

constexpr statement find_by_link{
    "rights_by_link",
    "select participant_id from person.capability where secret_sha256 = $1::bytea"};

constexpr statement put_capability{
    "rights_put_link",
    "insert into person.capability (participant_id, secret_sha256, made_at) "
    "select id, $2::bytea, $3::timestamptz from person.participant where id = $1::uuid "
    "on conflict (participant_id) do update set secret_sha256 = excluded.secret_sha256,"
    " made_at = excluded.made_at"};

constexpr statement drop_capability{
    "rights_drop_link", "delete from person.capability where participant_id = $1::uuid"};

// The new consent is later than the one that it narrows, whatever the clocks say.
constexpr statement narrow_consents{
    "rights_decline",
    "insert into person.consent (arena_id, participant_id, text_sha256, purposes, given_at) "
    "select arena_id, participant_id, text_sha256,"
    " array(select p from unnest(purposes) p where p <> all($2::text[]) order by p),"
    " greatest($3::timestamptz, given_at + interval '1 microsecond') "
    "from (select distinct on (arena_id) * from person.consent where participant_id = $1::uuid"
    " order by arena_id, given_at desc) newest where purposes && $2::text[]"};

constexpr statement is_known{
    "rights_known",
    "select exists (select from person.participant where id = $1::uuid)"
    " or exists (select from agon.battle where participant_id = $1::uuid)"
    " or exists (select from person.erasure where participant_id = $1::uuid)"};

constexpr statement note_erasure{"erasure_note",
                                 "insert into person.erasure (participant_id, asked_by) "
                                 "values ($1::uuid, $2) on conflict do nothing"};

constexpr statement asked_by{"erasure_asked_by",
                             "select asked_by from person.erasure where participant_id = $1::uuid"};

constexpr statement delete_consents{"erase_consents",
                                    "delete from person.consent where participant_id = $1::uuid"};
constexpr statement delete_participant{"erase_participant",
                                       "delete from person.participant where id = $1::uuid"};
constexpr statement delete_requests{
    "erase_requests", "delete from agon.battle_request where participant_id = $1::uuid"};
constexpr statement delete_quarantine{
    "erase_quarantine", "delete from agon.quarantine where participant_id = $1::uuid"};

constexpr statement next_battles{
    "erase_next_battles",
    "select id from agon.battle where participant_id = $1::uuid order by id limit $2::int"};

constexpr statement remember_battles{"erase_remember_battles",
                                     "insert into person.erased_battle (participant_id, battle_id) "
                                     "select participant_id, unnest($2::uuid[]) from person.erasure"
                                     " where participant_id = $1::uuid on conflict do nothing"};

constexpr statement battles_are_gone{"erasure_deleted",
                                     "update person.erasure set deleted_at = now() "
                                     "where participant_id = $1::uuid and deleted_at is null"};

constexpr statement wait_again{
    "erasure_wait_again",
    "update person.erasure set deleted_at = now() where participant_id = $1::uuid"};

constexpr statement list_unfinished{
    "erasure_unfinished",
    "select participant_id from person.erasure where deleted_at is null "
    "order by asked_at limit $1::int"};

constexpr statement list_to_end{
    "erasure_to_end",
    "select participant_id from person.erasure where deleted_at < $1::timestamptz "
    "order by deleted_at limit $2::int"};

constexpr statement remembered_battles{
    "erasure_battles",
    "select battle_id from person.erased_battle where participant_id = $1::uuid order by 1"};

constexpr statement forget_erasure{"erasure_forget",
                                   "delete from person.erasure where participant_id = $1::uuid"};

constexpr statement list_files{
    "files_to_remove", "select name from person.file_to_remove order by name limit $1::int"};
constexpr statement forget_files{"files_removed",
                                 "delete from person.file_to_remove where name = any($1::text[])"};

// Deletes who somebody was; what they were tied to follows.
void delete_person(session& db, participant_id p, std::string_view by) {
  const std::string id = to_sql(p);
  const auto count = [](const pqxx::result& done) {
    return static_cast<std::int64_t>(done.affected_rows());
  };
  note_audit(db, by, "erase", "consent", count(db.exec(delete_consents, id)));
  note_audit(db, by, "erase", "participant", count(db.exec(delete_participant, id)));
  db.exec(delete_requests, id);
  db.exec(delete_quarantine, id);
}

erased_rows delete_listed(session& db, const pqxx::result& rows, std::string_view by) {
  if (rows.empty()) return {};
  array_literal ids;
  for (const auto& row : rows) ids.add(text_of(row[0]));
  return delete_battles(db, ids.text(), std::string(text_of(rows[0][0])),
                        std::string(text_of(rows[rows.size() - 1][0])), by, "erase");
}

erased_rows erase_next(session& db, participant_id p, int most) {
  const std::string id = to_sql(p);
  const auto who = db.exec(asked_by, id);
  if (who.empty()) return {};
  const std::string by(text_of(who[0][0]));
  const auto rows = db.exec(next_battles, id, most);
  array_literal ids;
  for (const auto& row : rows) ids.add(text_of(row[0]));
  db.exec(remember_battles, id, ids.text());
  const erased_rows gone = delete_listed(db, rows, by);
  if (static_cast<int>(rows.size()) < most) db.exec(battles_are_gone, id);
  return gone;
}

erased_rows finish_erasure(session& db, participant_id p) {
  constexpr int all = 1'000'000;
  const std::string id = to_sql(p);
  const auto who = db.exec(asked_by, id);
  if (who.empty()) return {};
  const std::string by(text_of(who[0][0]));
  delete_person(db, p, by);
  const erased_rows gone = delete_listed(db, db.exec(remembered_battles, id), by);
  // A battle that was begun in the moment of the erasure may still be in the making.
  const auto late = db.exec(next_battles, id, all);
  if (late.empty()) {
    db.exec(forget_erasure, id);
    return gone;
  }
  erased_rows more = erase_next(db, p, all);
  more.add(gone);
  db.exec(wait_again, id);
  return more;
}

class postgres_rights_store final : public participants::rights_store {
 public:
  explicit postgres_rights_store(pool& calls) : calls_(calls) {}

  awaitable<result<std::optional<holdings>>> held(participant_id p) override {
    return calls_.run({.name = "held", .retry = true}, [p](session& db) {
      return db.transact([&] { return find_holdings(db, p); });
    });
  }

  awaitable<result<std::vector<held_battle>>> battles(participant_id p,
                                                      std::optional<battle_id> after,
                                                      int count) override {
    return calls_.run({.name = "held_battles", .retry = true}, [p, after, count](session& db) {
      return db.transact([&] { return find_held_battles(db, p, after, count); });
    });
  }

  awaitable<result<std::vector<participants::held_consent>>> consents(participant_id p) override {
    return calls_.run({.name = "all_consents", .retry = true},
                      [p](session& db) { return find_all_consents(db, p); });
  }

  awaitable<result<std::optional<participant_id>>> by_link(std::string sha256) override {
    return calls_.run({.name = "by_link", .retry = true},
                      [sha256 = std::move(sha256)](session& db) -> std::optional<participant_id> {
                        const auto rows = db.exec(find_by_link, to_bytea(sha256));
                        if (rows.empty()) return std::nullopt;
                        return participant_id{uuid_of(rows[0][0])};
                      });
  }

  awaitable<result<bool>> put_link(participant_id p, std::string sha256, time_point now) override {
    return calls_.run({.name = "put_link", .retry = true}, [p, sha256 = std::move(sha256),
                                                            now](session& db) {
      return db.transact([&] {
        const bool put =
            db.exec(put_capability, to_sql(p), to_bytea(sha256), to_sql(now)).affected_rows() == 1;
        note_audit(db, "participant", "link", "capability", put ? 1 : 0);
        return put;
      });
    });
  }

  awaitable<result<bool>> drop_link(participant_id p) override {
    return calls_.run({.name = "drop_link", .retry = true}, [p](session& db) {
      return db.transact([&] {
        const bool dropped = db.exec(drop_capability, to_sql(p)).affected_rows() == 1;
        note_audit(db, "participant", "unlink", "capability", dropped ? 1 : 0);
        return dropped;
      });
    });
  }

  awaitable<result<int>> decline(participant_id p, std::vector<std::string> purposes,
                                 time_point now) override {
    return calls_.run({.name = "decline", .retry = true}, [p, purposes = std::move(purposes),
                                                           now](session& db) {
      return db.transact([&] {
        const auto changed = static_cast<int>(
            db.exec(narrow_consents, to_sql(p), to_array(purposes), to_sql(now)).affected_rows());
        note_audit(db, "participant", "withdraw", "consent", changed);
        return changed;
      });
    });
  }

  awaitable<result<bool>> begin_erasure(participant_id p, actor by) override {
    return calls_.run({.name = "begin_erasure", .retry = true}, [p, by](session& db) {
      return db.transact([&] {
        if (!bool_of(db.exec(is_known, to_sql(p))[0][0])) return false;
        db.exec(note_erasure, to_sql(p), std::string(name_of(by)));
        delete_person(db, p, name_of(by));
        return true;
      });
    });
  }

  awaitable<result<erased_rows>> erase_some(participant_id p, int most) override {
    return calls_.run({.name = "erase_some", .retry = true}, [p, most](session& db) {
      return db.transact([&] { return erase_next(db, p, most); });
    });
  }

  awaitable<result<due_erasures>> due(time_point gone_before, int most) override {
    return calls_.run({.name = "due_erasures", .retry = true}, [gone_before, most](session& db) {
      due_erasures out;
      for (const auto& row : db.exec(list_unfinished, most))
        out.unfinished.push_back(participant_id{uuid_of(row[0])});
      for (const auto& row : db.exec(list_to_end, to_sql(gone_before), most))
        out.to_end.push_back(participant_id{uuid_of(row[0])});
      return out;
    });
  }

  awaitable<result<erased_rows>> end_erasure(participant_id p) override {
    return calls_.run({.name = "end_erasure", .retry = true}, [p](session& db) {
      return db.transact([&] { return finish_erasure(db, p); });
    });
  }

  awaitable<result<std::vector<std::string>>> files_to_remove(int most) override {
    return calls_.run({.name = "files_to_remove", .retry = true}, [most](session& db) {
      std::vector<std::string> names;
      for (const auto& row : db.exec(list_files, most)) names.emplace_back(text_of(row[0]));
      return names;
    });
  }

  awaitable<result<void>> files_removed(std::vector<std::string> names) override {
    return calls_.run(
        {.name = "files_removed", .retry = true},
        [names = std::move(names)](session& db) { db.exec(forget_files, to_array(names)); });
  }

  awaitable<result<void>> note(actor by, std::string action, std::string what,
                               std::int64_t rows) override {
    return calls_.run({.name = "audit"},
                      [by, action = std::move(action), what = std::move(what), rows](session& db) {
                        note_audit(db, name_of(by), action, what, rows);
                      });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<participants::rights_store> make_rights_store(pool& calls) {
  return std::make_unique<postgres_rights_store>(calls);
}

}  // namespace agon::store

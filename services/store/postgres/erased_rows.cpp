#include "services/store/postgres/erased_rows.hpp"

#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

// The bounds let PostgreSQL leave out the partitions of other months.
#define AGON_OF_THESE "battle_id = any($1::uuid[]) and battle_id between $2::uuid and $3::uuid"

// The votes are counted by the statement that deletes them, so that none can be missed: where
// some have gone, the rating job counts the arena afresh.
constexpr statement delete_judgments{
    "erase_judgments", "with gone as (delete from agon.judgment where " AGON_OF_THESE
                       " returning arena_id, winner is not null as vote),"
                       " lost as (insert into agon.erasure (arena_id, votes)"
                       " select arena_id, count(*) from gone where vote group by arena_id) "
                       "select count(*), count(*) filter (where vote) from gone"};

constexpr statement delete_outputs{
    "erase_outputs",
    "with gone as (delete from agon.output where " AGON_OF_THESE
    " returning media_name), files as (insert into person.file_to_remove (name)"
    " select media_name from gone where media_name is not null on conflict do nothing) "
    "select count(*), count(media_name) from gone"};

constexpr statement delete_exposures{"erase_exposures",
                                     "delete from agon.exposure where " AGON_OF_THESE};

constexpr statement delete_withdrawals{"erase_withdrawals",
                                       "delete from agon.withdrawal where " AGON_OF_THESE};

constexpr statement delete_battle_rows{
    "erase_battles",
    "delete from agon.battle where id = any($1::uuid[]) and id between $2::uuid and $3::uuid"};

#undef AGON_OF_THESE

constexpr statement put_audit{"audit_put",
                              "insert into agon.audit (actor, action, what, rows) "
                              "values ($1, $2, $3, $4::bigint)"};

}  // namespace

void note_audit(session& db, std::string_view actor, std::string_view action, std::string_view what,
                std::int64_t rows) {
  if (rows > 0)
    db.exec(put_audit, std::string(actor), std::string(action), std::string(what), rows);
}

participants::erased_rows delete_battles(session& db, const std::string& ids,
                                         const std::string& first, const std::string& last,
                                         std::string_view actor, std::string_view action) {
  participants::erased_rows gone;
  const auto judgments = db.exec(delete_judgments, ids, first, last);
  gone.judgments = integer_of(judgments[0][0]);
  gone.votes = integer_of(judgments[0][1]);
  const auto outputs = db.exec(delete_outputs, ids, first, last);
  gone.outputs = integer_of(outputs[0][0]);
  const std::int64_t files = integer_of(outputs[0][1]);
  gone.exposures =
      static_cast<std::int64_t>(db.exec(delete_exposures, ids, first, last).affected_rows());
  db.exec(delete_withdrawals, ids, first, last);
  gone.battles =
      static_cast<std::int64_t>(db.exec(delete_battle_rows, ids, first, last).affected_rows());
  note_audit(db, actor, action, "battle", gone.battles);
  note_audit(db, actor, action, "vote", gone.votes);
  note_audit(db, actor, action, "other_judgment", gone.judgments - gone.votes);
  note_audit(db, actor, action, "output", gone.outputs);
  note_audit(db, actor, action, "media_file", files);
  note_audit(db, actor, action, "exposure", gone.exposures);
  return gone;
}

}  // namespace agon::store

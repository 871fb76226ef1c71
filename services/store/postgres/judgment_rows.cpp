#include "services/store/postgres/judgment_rows.hpp"

#include <algorithm>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

constexpr statement insert_batch{
    "judgment_insert",
    "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
    " protocol_version, body, nonce, idempotency_key, answered_at) "
    "select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::text[],"
    " $6::smallint[], $7::int[], $8::text[], $9::bytea[], $10::text[], $11::timestamptz[]) "
    "on conflict do nothing"};

// The bounds let PostgreSQL leave out the partitions of other months.
constexpr statement find_conflicts{
    "judgment_find_conflicts",
    "select asked.item, j.question, j.winner, j.idempotency_key, j.nonce, j.answered_at "
    "from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[])"
    " as asked (item, battle, participant, question) "
    "join agon.judgment j on j.battle_id = asked.battle"
    " and j.participant_id = asked.participant and j.question = asked.question "
    "where j.battle_id between $5::uuid and $6::uuid"};

}  // namespace

const statement& find_conflicts_statement() {
  return find_conflicts;
}

std::size_t count_rows(judgment_items items) {
  std::size_t rows = 0;
  for (const judgment_item* i : items) rows += i->submission.judgments.size();
  return rows;
}

std::size_t insert_judgments(session& db, judgment_items items) {
  array_literal arenas, battles, participants, questions, kinds, winners, versions, bodies, nonces,
      keys, times;
  for (const judgment_item* item : items) {
    const arena::submission& s = item->submission;
    const std::string arena = std::to_string(s.arena);
    const std::string battle = to_sql(s.battle);
    const std::string participant = to_sql(s.participant);
    const std::string version = std::to_string(s.protocol_version);
    const std::string time = to_sql(s.answered_at);
    for (std::size_t i = 0; i < s.judgments.size(); ++i) {
      const feedback::judgment& j = s.judgments[i];
      arenas.add(arena);
      battles.add(battle);
      participants.add(participant);
      questions.add(j.question);
      kinds.add(j.kind == feedback::question_kind::comparison ? "comparison" : "comment");
      if (j.winner) {
        winners.add(std::to_string(static_cast<int>(*j.winner)));
      } else {
        winners.add_null();
      }
      versions.add(version);
      bodies.add(j.body);
      nonces.add(to_bytea(item->nonces[i]));
      keys.add(s.idempotency_key);
      times.add(time);
    }
  }
  return db
      .exec(insert_batch, arenas.text(), battles.text(), participants.text(), questions.text(),
            kinds.text(), winners.text(), versions.text(), bodies.text(), nonces.text(),
            keys.text(), times.text())
      .affected_rows();
}

std::vector<existing_judgment> find_existing(session& db, judgment_items items) {
  array_literal indices, battles, participants, questions;
  battle_id first = items.front()->submission.battle;
  battle_id last = first;
  for (std::size_t n = 0; n < items.size(); ++n) {
    const arena::submission& s = items[n]->submission;
    first = std::min(first, s.battle);
    last = std::max(last, s.battle);
    for (const feedback::judgment& j : s.judgments) {
      indices.add(std::to_string(n));
      battles.add(to_sql(s.battle));
      participants.add(to_sql(s.participant));
      questions.add(j.question);
    }
  }
  std::vector<existing_judgment> found;
  for (const auto& row :
       db.exec(find_conflicts, indices.text(), battles.text(), participants.text(),
               questions.text(), to_sql(first), to_sql(last))) {
    existing_judgment e;
    e.item = static_cast<std::size_t>(int_of(row[0]));
    e.question = text_of(row[1]);
    if (!row[2].is_null()) e.winner = static_cast<ratings::outcome>(int_of(row[2]));
    e.idempotency_key = text_of(row[3]);
    e.nonce = bytes_of(row[4]);
    e.answered_at = time_of(row[5]);
    found.push_back(std::move(e));
  }
  return found;
}

}  // namespace agon::store

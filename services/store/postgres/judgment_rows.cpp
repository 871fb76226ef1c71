#include "services/store/postgres/judgment_rows.hpp"

#include <algorithm>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/binary_array.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

// The arrays are as long as one another. Side by side in the list they are read row by row;
// in the FROM clause each would first be copied into a table of its own.
constexpr statement insert_batch{
    "judgment_insert",
    "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
    " protocol_version, body, nonce, idempotency_key, answered_at) "
    "select unnest($1::int[]), unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::text[]),"
    " unnest($5::text[]), unnest($6::smallint[]), unnest($7::int[]), unnest($8::text[]),"
    " unnest($9::bytea[]), unnest($10::text[]), unnest($11::timestamptz[]) "
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
  binary_array arenas(element::int4), battles(element::uuid), participants(element::uuid),
      questions(element::text), kinds(element::text), winners(element::int2),
      versions(element::int4), bodies(element::text), nonces(element::bytea), keys(element::text),
      times(element::timestamptz);
  for (const judgment_item* item : items) {
    const arena::submission& s = item->submission;
    for (std::size_t i = 0; i < s.judgments.size(); ++i) {
      const feedback::judgment& j = s.judgments[i];
      arenas.add(s.arena);
      battles.add(s.battle.value);
      participants.add(s.participant.value);
      questions.add(j.question);
      kinds.add(feedback::name_of(j.kind));
      if (j.winner) {
        winners.add(static_cast<std::int16_t>(*j.winner));
      } else {
        winners.add_null();
      }
      versions.add(s.protocol_version);
      bodies.add(j.body);
      nonces.add(item->nonces[i]);
      keys.add(s.idempotency_key);
      times.add(s.answered_at);
    }
  }
  return db
      .exec(insert_batch, to_parameter(arenas), to_parameter(battles), to_parameter(participants),
            to_parameter(questions), to_parameter(kinds), to_parameter(winners),
            to_parameter(versions), to_parameter(bodies), to_parameter(nonces), to_parameter(keys),
            to_parameter(times))
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

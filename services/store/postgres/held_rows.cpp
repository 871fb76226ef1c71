#include "services/store/postgres/held_rows.hpp"

#include <unordered_map>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

using participants::held_battle;
using participants::holdings;

constexpr statement find_person{
    "rights_person",
    "select p.source, p.created_at, c.made_at from person.participant p "
    "left join person.capability c on c.participant_id = p.id where p.id = $1::uuid"};

constexpr statement count_battles{
    "rights_battles",
    "select count(*), min(created_at) from agon.battle where participant_id = $1::uuid"};

// By way of the battles: judgments and outputs have no index on people.
constexpr statement count_judgments{
    "rights_judgments",
    "select count(*) filter (where j.winner is not null),"
    " count(*) filter (where j.winner is null),"
    " count(*) filter (where j.winner is not null and w.battle_id is not null) "
    "from agon.battle b join agon.judgment j on j.battle_id = b.id and j.arena_id = b.arena_id "
    "left join agon.withdrawal w on w.battle_id = j.battle_id and w.arena_id = j.arena_id"
    " and w.participant_id = j.participant_id "
    "where b.participant_id = $1::uuid and j.participant_id = $1::uuid"};

constexpr statement count_outputs{
    "rights_outputs",
    "select count(*), count(o.media_name) from agon.battle b "
    "join agon.output o on o.battle_id = b.id and o.arena_id = b.arena_id "
    "where b.participant_id = $1::uuid"};

constexpr statement count_exposures{
    "rights_exposures",
    "select count(*) from agon.battle b "
    "join agon.exposure e on e.battle_id = b.id and e.arena_id = b.arena_id "
    "where b.participant_id = $1::uuid"};

constexpr statement count_sealed{
    "rights_sealed",
    "select a.slug, r.partition, count(*) from agon.battle b "
    "join agon.judgment j on j.battle_id = b.id and j.arena_id = b.arena_id "
    "join agon.arena a on a.id = b.arena_id "
    "join agon.release r on r.arena_id = j.arena_id and r.state = 'sealed'"
    " and j.txid >= r.from_txid and j.txid < r.to_txid "
    "where b.participant_id = $1::uuid and j.participant_id = $1::uuid and j.winner is not null"
    " and 'publish_votes' = any(b.purposes) group by a.slug, r.partition "
    "order by a.slug, r.partition"};

constexpr statement list_consents{
    "rights_consents",
    "select a.slug, c.text_sha256, c.purposes, c.given_at from person.consent c "
    "join agon.arena a on a.id = c.arena_id "
    "where c.participant_id = $1::uuid order by c.given_at, a.slug"};

constexpr statement list_newest_consents{
    "rights_consents_newest",
    "select distinct on (a.slug) a.slug, c.text_sha256, c.purposes, c.given_at "
    "from person.consent c join agon.arena a on a.id = c.arena_id "
    "where c.participant_id = $1::uuid order by a.slug, c.given_at desc"};

constexpr statement page_battles{
    "rights_page_battles",
    "select a.slug, b.id, b.state, b.prompt, b.prompt_source, b.language, b.request,"
    " b.consent_sha256, b.purposes, b.heard_seconds, b.created_at, b.gate_met_at,"
    " w.withdrawn_at from agon.battle b join agon.arena a on a.id = b.arena_id "
    "left join agon.withdrawal w on w.battle_id = b.id and w.arena_id = b.arena_id"
    " and w.participant_id = b.participant_id "
    "where b.participant_id = $1::uuid and b.id > $2::uuid order by b.id limit $3::int"};

// The bounds let PostgreSQL leave out the partitions of other months.
constexpr statement page_outputs{
    "rights_page_outputs",
    "select o.battle_id, o.slot, o.turn, o.attempt, s.slug, o.status, o.media_name, o.media_type,"
    " o.seconds, o.text, o.created_at from agon.output o "
    "left join agon.system s on s.arena_id = o.arena_id and s.id = o.system_id "
    "where o.battle_id = any($1::uuid[]) and o.battle_id between $2::uuid and $3::uuid "
    "order by o.battle_id, o.slot, o.turn, o.attempt"};

constexpr statement page_exposures{
    "rights_page_exposures",
    "select battle_id, sequence, slot, kind, position, client_at, received_at from agon.exposure "
    "where battle_id = any($1::uuid[]) and battle_id between $2::uuid and $3::uuid "
    "order by battle_id, sequence"};

constexpr statement page_judgments{
    "rights_page_judgments",
    "select battle_id, question, body, answered_at, winner is not null from agon.judgment "
    "where battle_id = any($1::uuid[]) and battle_id between $2::uuid and $3::uuid"
    " and participant_id = $4::uuid order by battle_id, question"};

participants::held_consent held_consent_of(const pqxx::row& row) {
  return {std::string(text_of(row[0])), hex_of(row[1]), parse_array(text_of(row[2])),
          time_of(row[3])};
}

std::optional<std::string> optional_text_of(const pqxx::field& f) {
  if (f.is_null()) return std::nullopt;
  return std::string(text_of(f));
}

held_battle held_battle_of(const pqxx::row& row) {
  held_battle b;
  b.arena = text_of(row[0]);
  b.id = battle_id{uuid_of(row[1])};
  b.state = text_of(row[2]);
  b.prompt = text_of(row[3]);
  b.prompt_source = text_of(row[4]);
  b.language = text_of(row[5]);
  b.request = text_of(row[6]);
  b.consent_sha256 = hex_of(row[7]);
  b.purposes = parse_array(text_of(row[8]));
  b.heard_seconds = parse_double_array(text_of(row[9]));
  b.created_at = time_of(row[10]);
  b.gate_met_at = optional_time_of(row[11]);
  b.withdrawn_at = optional_time_of(row[12]);
  return b;
}

participants::held_output held_output_of(const pqxx::row& row) {
  participants::held_output o;
  o.slot = int_of(row[1]);
  o.turn = int_of(row[2]);
  o.attempt = int_of(row[3]);
  if (!row[4].is_null()) o.system = text_of(row[4]);
  o.status = text_of(row[5]);
  o.media_name = optional_text_of(row[6]);
  o.media_type = optional_text_of(row[7]);
  if (!row[8].is_null()) o.seconds = double_of(row[8]);
  o.text = optional_text_of(row[9]);
  o.created_at = time_of(row[10]);
  return o;
}

participants::held_exposure held_exposure_of(const pqxx::row& row) {
  return {int_of(row[1]),    int_of(row[2]),  std::string(text_of(row[3])),
          double_of(row[4]), time_of(row[5]), time_of(row[6])};
}

}  // namespace

std::optional<holdings> find_holdings(session& db, participant_id p) {
  const std::string id = to_sql(p);
  const auto person = db.exec(find_person, id);
  const auto battles = db.exec(count_battles, id);
  holdings h;
  h.battles = integer_of(battles[0][0]);
  if (person.empty() && h.battles == 0) return std::nullopt;
  if (person.empty()) {
    h.source = "unknown";
    h.since = time_of(battles[0][1]);
  } else {
    h.source = text_of(person[0][0]);
    h.since = time_of(person[0][1]);
    h.link_made_at = optional_time_of(person[0][2]);
  }
  const auto judgments = db.exec(count_judgments, id);
  h.votes = integer_of(judgments[0][0]);
  h.other_judgments = integer_of(judgments[0][1]);
  h.votes_taken_back = integer_of(judgments[0][2]);
  const auto outputs = db.exec(count_outputs, id);
  h.outputs = integer_of(outputs[0][0]);
  h.files = integer_of(outputs[0][1]);
  h.exposures = integer_of(db.exec(count_exposures, id)[0][0]);
  for (const auto& row : db.exec(list_newest_consents, id))
    h.consents.push_back(held_consent_of(row));
  for (const auto& row : db.exec(count_sealed, id))
    h.sealed.push_back(
        {std::string(text_of(row[0])), std::string(text_of(row[1])), integer_of(row[2])});
  return h;
}

std::vector<held_battle> find_held_battles(session& db, participant_id p,
                                           std::optional<battle_id> after, int count) {
  std::vector<held_battle> battles;
  std::unordered_map<std::string, std::size_t> places;
  array_literal ids;
  for (const auto& row :
       db.exec(page_battles, to_sql(p), to_sql(after.value_or(battle_id{})), count)) {
    battles.push_back(held_battle_of(row));
    places.emplace(text_of(row[1]), battles.size() - 1);
    ids.add(text_of(row[1]));
  }
  if (battles.empty()) return battles;
  const std::string all = ids.text();
  const std::string first = to_sql(battles.front().id);
  const std::string last = to_sql(battles.back().id);
  const auto battle_at = [&](const pqxx::row& row) -> held_battle& {
    return battles[places.at(std::string(text_of(row[0])))];
  };
  for (const auto& row : db.exec(page_outputs, all, first, last))
    battle_at(row).outputs.push_back(held_output_of(row));
  for (const auto& row : db.exec(page_exposures, all, first, last))
    battle_at(row).exposures.push_back(held_exposure_of(row));
  for (const auto& row : db.exec(page_judgments, all, first, last, to_sql(p)))
    battle_at(row).judgments.push_back({std::string(text_of(row[1])), std::string(text_of(row[2])),
                                        time_of(row[3]), bool_of(row[4])});
  return battles;
}

std::vector<participants::held_consent> find_all_consents(session& db, participant_id p) {
  std::vector<participants::held_consent> all;
  for (const auto& row : db.exec(list_consents, to_sql(p))) all.push_back(held_consent_of(row));
  return all;
}

}  // namespace agon::store

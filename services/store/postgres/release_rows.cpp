#include "services/store/postgres/release_rows.hpp"

#include <fmt/format.h>

#include <unordered_map>

#include "ratings/outcome.hpp"
#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

using releases::released_battle;

constexpr int release_fetch_size = 1000;

// Numbers only are put into the text. Consent is what the participant agreed to
// at the vote and has not declined since: what was declined once stays out, also when it is
// agreed to again, so that a later build never holds more than an earlier one. Who was erased
// has no consent.
std::string with_votes(const releases::partition& p) {
  return fmt::format(
      "with vote as (select b.id, b.participant_id, b.prompt, b.language, b.slot_system,"
      " b.heard_seconds, b.generation_seconds, b.sampling_probability, j.answered_at, j.winner,"
      " j.protocol_version as asked,"
      " 'publish_votes' = any(b.purposes) and c.votes"
      " and coalesce(c.votes_declined_at < b.created_at, true) as publish,"
      " 'publish_text' = any(b.purposes) and c.text"
      " and coalesce(c.text_declined_at < b.created_at, true) as publish_text "
      "from agon.judgment j join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
      "join agon.consent_in_force c"
      " on c.participant_id = b.participant_id and c.arena_id = b.arena_id "
      "where j.arena_id = {0} and j.winner is not null and j.participant_id = b.participant_id"
      " and agon.txid_number(j.txid) >= {1} and agon.txid_number(j.txid) < {2}"
      " and 'be_counted' = any(b.purposes) and c.counted and not b.self_named"
      " and not exists (select from agon.withdrawal w where w.battle_id = j.battle_id"
      " and w.participant_id = j.participant_id and w.arena_id = j.arena_id)) ",
      p.arena, p.from_txid, p.to_txid);
}

std::string votes_sql(const releases::partition& p) {
  return "declare agon_released no scroll cursor for " + with_votes(p) +
         "select id, to_char(answered_at at time zone 'UTC', 'YYYY-MM-DD'), asked,"
         " case when publish and publish_text then prompt else '' end, language, slot_system,"
         " heard_seconds, generation_seconds, winner, sampling_probability, participant_id, "
         "publish,"
         " publish and publish_text from vote order by id";
}

constexpr statement find_released_outputs{
    "release_outputs",
    "select battle_id, slot, attempt, system_id, status, media_sha256, seconds,"
    " generation_seconds, loudness_lufs from agon.output "
    "where battle_id = any($1::uuid[]) and battle_id between $2::uuid and $3::uuid "
    "order by battle_id, slot, turn, attempt"};

constexpr statement find_comments{
    "release_comments",
    "select j.battle_id, j.question, j.body,"
    " to_char(j.answered_at at time zone 'UTC', 'YYYY-MM-DD') "
    "from agon.judgment j join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
    "where j.battle_id = any($1::uuid[]) and j.battle_id between $2::uuid and $3::uuid"
    " and j.kind <> 'comparison' and j.participant_id = b.participant_id"
    " and agon.txid_number(j.txid) < $4::bigint "
    "order by j.battle_id, j.question"};

released_battle battle_of(const pqxx::row& row) {
  released_battle b;
  b.battle = text_of(row[0]);
  b.day = text_of(row[1]);
  b.protocol_version = int_of(row[2]);
  b.prompt = text_of(row[3]);
  b.language = text_of(row[4]);
  b.systems = parse_int_array(text_of(row[5]));
  b.heard_seconds = parse_double_array(text_of(row[6]));
  b.generation_seconds = parse_double_array(text_of(row[7]));
  b.winner = ratings::to_text(static_cast<ratings::outcome>(int_of(row[8])));
  b.sampling_probability = double_of(row[9]);
  b.participant = text_of(row[10]);
  b.publish = bool_of(row[11]);
  b.publish_text = bool_of(row[12]);
  return b;
}

void add_outputs(session& db, std::vector<released_battle>& battles,
                 const std::unordered_map<std::string, std::size_t>& places,
                 const std::string& ids) {
  for (const auto& row :
       db.exec(find_released_outputs, ids, battles.front().battle, battles.back().battle)) {
    releases::released_output o;
    o.slot = int_of(row[1]);
    o.attempt = int_of(row[2]);
    o.system = int_of(row[3]);
    o.status = text_of(row[4]);
    o.media_sha256 = hex_of(row[5]);
    if (!row[6].is_null()) o.seconds = double_of(row[6]);
    o.generation_seconds = double_of(row[7]);
    if (!row[8].is_null()) o.loudness_lufs = double_of(row[8]);
    battles[places.at(std::string(text_of(row[0])))].outputs.push_back(std::move(o));
  }
}

void add_comments(session& db, std::vector<released_battle>& battles,
                  const std::unordered_map<std::string, std::size_t>& places,
                  const std::string& ids, std::uint64_t to_txid) {
  for (const auto& row : db.exec(find_comments, ids, battles.front().battle, battles.back().battle,
                                 std::to_string(to_txid)))
    battles[places.at(std::string(text_of(row[0])))].comments.push_back(
        {std::string(text_of(row[1])), std::string(text_of(row[2])), std::string(text_of(row[3]))});
}

}  // namespace

namespace {

// The planner expects a handful of votes where there are all of them, and would look for each
// one's consent among everybody's. A cursor keeps the plan that it was opened with.
constexpr const char* without_nested_loops = "set local enable_nestloop = off";
constexpr const char* with_nested_loops = "set local enable_nestloop = on";

}  // namespace

void read_released(session& db, const releases::partition& p,
                   const std::function<void(const released_battle&)>& each) {
  db.exec_text("release_plan", without_nested_loops);
  db.exec_text("release_open_votes", votes_sql(p));
  db.exec_text("release_plan", with_nested_loops);
  const std::string fetch = fmt::format("fetch {} from agon_released", release_fetch_size);
  while (true) {
    const auto rows = db.exec_text("release_fetch_votes", fetch);
    if (rows.empty()) return;
    std::vector<released_battle> battles;
    std::unordered_map<std::string, std::size_t> places;
    array_literal published, texts;
    for (const auto& row : rows) {
      battles.push_back(battle_of(row));
      const released_battle& b = battles.back();
      places.emplace(b.battle, battles.size() - 1);
      if (b.publish) published.add(b.battle);
      if (b.publish_text) texts.add(b.battle);
    }
    add_outputs(db, battles, places, published.text());
    add_comments(db, battles, places, texts.text(), p.to_txid);
    for (const released_battle& b : battles) each(b);
  }
}

releases::release_census count_people(session& db, const releases::partition& p) {
  const auto rows =
      db.exec_text("release_census",
                   with_votes(p) +
                       "select count(distinct participant_id) filter (where publish),"
                       " count(distinct participant_id) filter (where publish and publish_text),"
                       " count(*) filter (where publish)"
                       " from vote");
  return {integer_of(rows[0][0]), integer_of(rows[0][1]), integer_of(rows[0][2])};
}

}  // namespace agon::store

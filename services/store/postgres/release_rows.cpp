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

// The cursor's text; numbers only are put into it.
std::string votes_sql(const releases::partition& p) {
  return fmt::format(
      "declare agon_released no scroll cursor for "
      "select b.id, to_char(j.answered_at, 'YYYY-MM-DD'), a.slug, j.protocol_version, b.prompt,"
      " b.language, b.slot_system, b.heard_seconds, b.generation_seconds, j.winner,"
      " b.sampling_probability, b.purposes "
      "from agon.judgment j join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
      "join agon.arena a on a.id = j.arena_id "
      "where j.arena_id = {} and j.winner is not null and j.participant_id = b.participant_id"
      " and agon.txid_number(j.txid) >= {} and agon.txid_number(j.txid) < {}"
      " and 'publish_votes' = any(b.purposes) "
      "order by b.id",
      p.arena, p.from_txid, p.to_txid);
}

constexpr statement find_released_outputs{
    "release_outputs",
    "select battle_id, slot, attempt, system_id, status, media_sha256, seconds,"
    " generation_seconds, loudness_lufs from agon.output "
    "where battle_id = any($1::uuid[]) and battle_id between $2::uuid and $3::uuid "
    "order by battle_id, slot, turn, attempt"};

constexpr statement find_comments{
    "release_comments",
    "select j.battle_id, j.question, j.body, to_char(j.answered_at, 'YYYY-MM-DD') "
    "from agon.judgment j join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
    "where j.battle_id = any($1::uuid[]) and j.battle_id between $2::uuid and $3::uuid"
    " and j.kind = 'comment' and j.participant_id = b.participant_id"
    " and agon.txid_number(j.txid) < $4::bigint "
    "order by j.battle_id, j.question"};

released_battle battle_of(const pqxx::row& row) {
  released_battle b;
  b.battle = text_of(row[0]);
  b.day = text_of(row[1]);
  b.arena_slug = text_of(row[2]);
  b.protocol_version = int_of(row[3]);
  b.prompt = text_of(row[4]);
  b.language = text_of(row[5]);
  b.systems = parse_int_array(text_of(row[6]));
  b.heard_seconds = parse_double_array(text_of(row[7]));
  b.generation_seconds = parse_double_array(text_of(row[8]));
  b.winner = ratings::to_text(static_cast<ratings::outcome>(int_of(row[9])));
  b.sampling_probability = double_of(row[10]);
  b.purposes = parse_array(text_of(row[11]));
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

void read_released(session& db, const releases::partition& p,
                   const std::function<void(const released_battle&)>& each) {
  db.exec_text("release_open_votes", votes_sql(p));
  const std::string fetch = fmt::format("fetch {} from agon_released", release_fetch_size);
  while (true) {
    const auto rows = db.exec_text("release_fetch_votes", fetch);
    if (rows.empty()) return;
    std::vector<released_battle> battles;
    std::unordered_map<std::string, std::size_t> places;
    array_literal ids;
    for (const auto& row : rows) {
      battles.push_back(battle_of(row));
      places.emplace(battles.back().battle, battles.size() - 1);
      ids.add(battles.back().battle);
    }
    add_outputs(db, battles, places, ids.text());
    add_comments(db, battles, places, ids.text(), p.to_txid);
    for (const released_battle& b : battles) each(b);
  }
}

}  // namespace agon::store

#include "services/store/postgres/release_rows.hpp"

#include <map>

#include "ratings/outcome.hpp"

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

using releases::partition;
using releases::released_battle;
using releases::released_comment;
using releases::released_output;

constexpr int battles_per_fetch = 1000;

// Votes of the partition's transactions whose participants agreed to publication.
std::string cursor_of(const partition& p) {
  return "declare released no scroll cursor for "
         "select b.id, to_char(j.answered_at at time zone 'UTC', 'YYYY-MM-DD'), a.slug,"
         " j.protocol_version, b.prompt, b.language, b.slot_system, b.heard_seconds,"
         " b.generation_seconds, j.winner, b.sampling_probability, b.purposes "
         "from agon.judgment j "
         "join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
         "join agon.arena a on a.id = j.arena_id "
         "where j.arena_id = " +
         std::to_string(p.arena) +
         " and agon.txid_number(j.txid) >= " + std::to_string(p.from_txid) +
         " and agon.txid_number(j.txid) < " + std::to_string(p.to_txid) +
         " and j.winner is not null and 'be_counted' = any(b.purposes)"
         " and 'publish_votes' = any(b.purposes) "
         "order by b.id";
}

constexpr statement find_outputs{
    "release_outputs",
    "select battle_id, slot, attempt, system_id, status, media_sha256, seconds,"
    " generation_seconds, loudness_lufs from agon.output "
    "where battle_id = any($1::uuid[]) and battle_id between $2::uuid and $3::uuid "
    "order by battle_id, slot, attempt"};

// A comment belongs to the partition of its battle's vote if it came before its end;
// later ones are not released, as their battle's partition may be sealed.
constexpr statement find_comments{
    "release_comments",
    "select battle_id, question, body, to_char(answered_at at time zone 'UTC', 'YYYY-MM-DD') "
    "from agon.judgment where battle_id = any($1::uuid[]) and battle_id between $2::uuid and "
    "$3::uuid and kind = 'comment' and agon.txid_number(txid) < $4::bigint "
    "order by battle_id, question"};

std::string winner_name(int winner) {
  return std::string(ratings::to_text(static_cast<ratings::outcome>(winner)));
}

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
  b.winner = winner_name(int_of(row[9]));
  b.sampling_probability = double_of(row[10]);
  b.purposes = parse_array(text_of(row[11]));
  return b;
}

released_output output_of(const pqxx::row& row) {
  released_output o;
  o.slot = int_of(row[1]);
  o.attempt = int_of(row[2]);
  o.system = int_of(row[3]);
  o.status = text_of(row[4]);
  o.media_sha256 = hex_of(row[5]);
  if (!row[6].is_null()) o.seconds = double_of(row[6]);
  o.generation_seconds = double_of(row[7]);
  if (!row[8].is_null()) o.loudness_lufs = double_of(row[8]);
  return o;
}

// Adds outputs and comments to the battles of one fetch, which are in order of id.
void complete(session& db, std::vector<released_battle>& battles, const partition& p) {
  std::map<std::string, released_battle*> by_id;
  std::vector<std::string> ids;
  for (released_battle& b : battles) {
    by_id[b.battle] = &b;
    ids.push_back(b.battle);
  }
  const std::string all = to_array(ids);
  for (const auto& row : db.exec(find_outputs, all, ids.front(), ids.back()))
    by_id.at(std::string(text_of(row[0])))->outputs.push_back(output_of(row));
  for (const auto& row :
       db.exec(find_comments, all, ids.front(), ids.back(), static_cast<std::int64_t>(p.to_txid)))
    by_id.at(std::string(text_of(row[0])))
        ->comments.push_back(released_comment{std::string(text_of(row[1])),
                                              std::string(text_of(row[2])),
                                              std::string(text_of(row[3]))});
}

}  // namespace

void read_released(session& db, const partition& p,
                   const std::function<void(const released_battle&)>& each) {
  db.exec_text("release_battles", cursor_of(p));
  for (;;) {
    std::vector<released_battle> battles;
    for (const auto& row : db.exec_text(
             "release_fetch", "fetch " + std::to_string(battles_per_fetch) + " from released"))
      battles.push_back(battle_of(row));
    if (battles.empty()) return;
    complete(db, battles, p);
    for (const released_battle& b : battles) each(b);
  }
}

}  // namespace agon::store

#include "services/store/postgres/rating_store.hpp"

#include <fmt/format.h>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/blocking_session.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/tally_rows.hpp"

namespace agon::store {
namespace {

using boards::publication;
using boards::rating_progress;
using boards::stored_board;
using boards::tally_row;

constexpr statement list_rated_arenas{
    "rating_arenas",
    "with kept_out as materialized (select arena_id,"
    " md5(string_agg(participant_id::text, ',' order by participant_id)) as fingerprint"
    " from agon.quarantine where lifted_at is null group by arena_id) "
    "select a.id, a.slug, v.boards, s.id, s.slug, coalesce(q.fingerprint, '') from agon.arena a "
    "join agon.arena_version v on v.arena_id = a.id and v.version = a.current_version "
    "left join kept_out q on q.arena_id = a.id "
    "left join agon.system s on s.arena_id = a.id order by a.id, s.id"};

constexpr statement find_state{
    "rating_state_find",
    "select agon.txid_number(watermark), elo, votes, counted_as, published_as "
    "from agon.rating_state where arena_id = $1::int and segment = ''"};

constexpr statement list_segments{
    "tally_segments",
    "with recursive s as ((select min(segment) as segment from agon.tally where arena_id = $1::int)"
    " union all select (select min(segment) from agon.tally where arena_id = $1::int"
    " and segment > s.segment) from s where s.segment is not null) "
    "select segment from s where segment is not null"};

constexpr statement find_horizon{
    "rating_horizon", "select agon.txid_number(pg_snapshot_xmin(pg_current_snapshot()))"};

constexpr statement count_new{
    "rating_new_votes",
    "select count(*) from (select from agon.judgment j join agon.battle b on b.id = j.battle_id"
    " and b.arena_id = j.arena_id where j.arena_id = $1::int and j.winner is not null"
    " and agon.txid_number(j.txid) >= $2::bigint and agon.txid_number(j.txid) < $3::bigint"
    " and 'be_counted' = any(b.purposes) and not b.self_named limit $4::bigint) n"};

constexpr statement find_withdrawn{
    "rating_withdrawn",
    "select exists (select from agon.withdrawal w join agon.judgment j on j.battle_id = w.battle_id"
    " and j.participant_id = w.participant_id and j.arena_id = w.arena_id "
    "where w.arena_id = $1::int and agon.txid_number(w.txid) >= $2::bigint"
    " and agon.txid_number(w.txid) < $3::bigint and agon.txid_number(j.txid) < $2::bigint)"
    // Of erased votes the rows are gone: that there were some is all that is known.
    " or exists (select from agon.erasure e where e.arena_id = $1::int"
    " and agon.txid_number(e.txid) >= $2::bigint and agon.txid_number(e.txid) < $3::bigint)"};

constexpr statement advance_state{
    "rating_state_advance",
    "update agon.rating_state set watermark = $3::text::xid8, elo = $4, votes = $5::bigint,"
    " counted_as = $6, published_as = $7 "
    "where arena_id = $1::int and segment = '' and watermark = $2::text::xid8"};

constexpr statement begin_state{
    "rating_state_begin",
    "insert into agon.rating_state (arena_id, watermark, elo, votes, counted_as, published_as) "
    "values ($1::int, $2::text::xid8, $3, $4::bigint, $5, $6) on conflict do nothing"};

constexpr statement forget_tallies{"tally_forget",
                                   "delete from agon.tally where arena_id = $1::int"};

constexpr statement put_tallies{
    "tally_put",
    "insert into agon.tally (arena_id, segment, system_a, system_b, wins_a, wins_b, ties, both_bad)"
    " select $1::int, $2, * from unnest($3::int[], $4::int[], $5::bigint[], $6::bigint[],"
    " $7::bigint[], $8::bigint[]) "
    "on conflict (arena_id, segment, system_a, system_b) do update set wins_a = excluded.wins_a,"
    " wins_b = excluded.wins_b, ties = excluded.ties, both_bad = excluded.both_bad"};

// The hour never goes back, even if a clock does: the newest hour has the newest version.
// A board whose bytes stay the same stays as it is. One of a segment without votes is kept only
// where it replaces one with votes.
constexpr statement put_board{
    "board_put",
    "with earlier as (select version, hour from agon.board_current"
    " where arena_id = $1::int and method = $2 and segment = $3),"
    " put as (insert into agon.board (arena_id, method, segment, hour, version, computed_at, votes,"
    " inputs_sha256, body) "
    "select $1::int, $2, $3, greatest(date_trunc('hour', $4::timestamptz), earlier.hour),"
    " coalesce(earlier.version, 0) + 1, $4::timestamptz, $5::bigint, $6::bytea, $7"
    " from (select) one left join earlier on true"
    " where not exists (select from agon.board b join earlier e on b.hour = e.hour"
    " where b.arena_id = $1::int and b.method = $2 and b.segment = $3 and b.body = $7)"
    " and ($5::bigint > 0 or $3 = '' or earlier.version is not null) "
    "on conflict (arena_id, method, segment, hour) do update set version = excluded.version,"
    " computed_at = excluded.computed_at, votes = excluded.votes,"
    " inputs_sha256 = excluded.inputs_sha256, body = excluded.body returning version, hour) "
    "insert into agon.board_current (arena_id, method, segment, version, hour, computed_at, votes) "
    "select $1::int, $2, $3, version, hour, $4::timestamptz, $5::bigint from put "
    "on conflict (arena_id, method, segment) do update set version = excluded.version,"
    " hour = excluded.hour, computed_at = excluded.computed_at, votes = excluded.votes "
    "returning version"};

constexpr statement tell_servers{
    "board_notify",
    "select pg_notify('agon_board', json_build_object('arena', $1::int, 'method', $2::text,"
    " 'version', $3::bigint, 'votes', $4::bigint, 'segment', $5::text)::text)"};

// A month, bounded by the time in the battles' ids.
// Outputs of battles that can still be voted on are left out: a count that moved when a
// battle began would name its systems before the vote.
constexpr statement put_speed{
    "speed_put",
    "with measured as (select system_id, count(*) filter (where status = 'shown') as outputs,"
    " count(*) filter (where status = 'failed') as failures,"
    " percentile_cont(0.5) within group (order by generation_seconds)"
    " filter (where status = 'shown') as median,"
    " percentile_cont(0.9) within group (order by generation_seconds)"
    " filter (where status = 'shown') as p90,"
    " percentile_cont(0.5) within group (order by generation_seconds / nullif(seconds, 0))"
    " filter (where status = 'shown' and seconds > 0) as factor "
    "from agon.output o where arena_id = $1::int"
    " and battle_id >= agon.first_uuid_of(now() - interval '30 days')"
    " and exists (select from agon.battle b where b.id = o.battle_id and b.arena_id = o.arena_id"
    " and (b.expires_at < now() or exists (select from agon.judgment j"
    " where j.battle_id = b.id and j.arena_id = b.arena_id and j.winner is not null)))"
    " group by system_id) "
    "insert into agon.system_speed (arena_id, system_id, outputs, failures, seconds_median,"
    " seconds_p90, real_time_factor, measured_at) "
    "select $1::int, system_id, outputs, failures, median, p90, factor, now() from measured"
    " where outputs > 0 "
    "on conflict (arena_id, system_id) do update set outputs = excluded.outputs,"
    " failures = excluded.failures, seconds_median = excluded.seconds_median,"
    " seconds_p90 = excluded.seconds_p90, real_time_factor = excluded.real_time_factor,"
    " measured_at = excluded.measured_at"};

constexpr statement forget_speed{"speed_forget",
                                 "delete from agon.system_speed where arena_id = $1::int and"
                                 " measured_at < now() - interval '1 day'"};

// Rows fetched at a time.
constexpr int vote_fetch_size = 10'000;

// Thrown inside the transaction to roll it back.
struct overtaken {};

void put_progress(session& db, std::uint64_t expected, const rating_progress& p) {
  const std::string watermark = std::to_string(p.watermark);
  bool kept = db.exec(advance_state, p.arena, std::to_string(expected), watermark, p.elo, p.votes,
                      p.counted_as, p.published_as)
                  .affected_rows() == 1;
  if (!kept && expected == 0)
    kept = db.exec(begin_state, p.arena, watermark, p.elo, p.votes, p.counted_as, p.published_as)
               .affected_rows() == 1;
  if (!kept) throw overtaken{};
}

void put_segment(session& db, int arena, const std::string& segment,
                 const std::vector<tally_row>& rows) {
  array_literal a, b, wins_a, wins_b, ties, both_bad;
  for (const tally_row& row : rows) {
    a.add(std::to_string(row.system_a));
    b.add(std::to_string(row.system_b));
    wins_a.add(std::to_string(row.wins_a));
    wins_b.add(std::to_string(row.wins_b));
    ties.add(std::to_string(row.ties));
    both_bad.add(std::to_string(row.both_bad));
  }
  db.exec(put_tallies, arena, segment, a.text(), b.text(), wins_a.text(), wins_b.text(),
          ties.text(), both_bad.text());
}

// False if its bytes are those of the newest one.
bool put_one_board(session& db, const stored_board& b) {
  const auto rows = db.exec(put_board, b.arena, b.method, b.segment, to_sql(b.computed_at), b.votes,
                            hex_to_bytea(b.inputs_sha256), b.body);
  if (rows.empty()) return false;
  db.exec(tell_servers, b.arena, b.method, integer_of(rows[0][0]), b.votes, b.segment);
  return true;
}

boards::counted_vote vote_of(int arena, const pqxx::row& row) {
  boards::counted_vote v;
  v.arena = arena;
  v.system_a = int_of(row[0]);
  v.system_b = int_of(row[1]);
  v.winner = static_cast<ratings::outcome>(int_of(row[2]));
  v.language = text_of(row[3]);
  v.day = text_of(row[4]);
  v.week = text_of(row[5]);
  v.criterion = text_of(row[6]);
  v.quarantined = bool_of(row[7]);
  if (!row[9].is_null()) {
    v.style_set = text_of(row[8]);
    v.style = parse_double_array(text_of(row[9]));
    v.generation_seconds = parse_double_array(text_of(row[10]));
  }
  v.probability = double_of(row[11]);
  v.participant = text_of(row[12]);
  v.prompt = text_of(row[13]);
  v.request = text_of(row[14]);
  v.prompt_source = text_of(row[15]);
  return v;
}

class postgres_rating_store final : public boards::rating_store {
 public:
  explicit postgres_rating_store(connection_settings settings) : session_(std::move(settings)) {}

  bool elected() override { return session_.hold("rate"); }

  std::vector<boards::rated_arena> arenas() override {
    return session_.use([](session& db) {
      std::vector<boards::rated_arena> all;
      for (const auto& row : db.exec(list_rated_arenas)) {
        const int id = int_of(row[0]);
        if (all.empty() || all.back().arena != id)
          all.push_back({id,
                         std::string(text_of(row[1])),
                         {},
                         std::string(text_of(row[2])),
                         std::string(text_of(row[5]))});
        if (!row[3].is_null()) all.back().systems.emplace_back(int_of(row[3]), text_of(row[4]));
      }
      return all;
    });
  }

  rating_progress progress(int arena) override {
    return session_.use([arena](session& db) {
      rating_progress p;
      p.arena = arena;
      const auto state = db.exec(find_state, arena);
      if (state.empty()) return p;
      p.watermark = static_cast<std::uint64_t>(integer_of(state[0][0]));
      p.elo = text_of(state[0][1]);
      p.votes = integer_of(state[0][2]);
      p.counted_as = text_of(state[0][3]);
      p.published_as = text_of(state[0][4]);
      return p;
    });
  }

  std::vector<tally_row> tallies(int arena, const std::string& segment) override {
    return session_.use([&](session& db) { return find_tallies(db, arena, segment); });
  }

  std::vector<std::string> segments(int arena) override {
    return session_.use([arena](session& db) {
      std::vector<std::string> all;
      for (const auto& row : db.exec(list_segments, arena)) all.emplace_back(text_of(row[0]));
      return all;
    });
  }

  std::uint64_t horizon() override {
    return session_.use([](session& db) {
      return static_cast<std::uint64_t>(integer_of(db.exec(find_horizon)[0][0]));
    });
  }

  void read_votes(int arena, std::uint64_t from, std::uint64_t to,
                  const boards::vote_columns& columns,
                  const std::function<void(const boards::counted_vote&)>& each) override {
    session_.use([&](session& db) {
      db.transact([&] {
        db.exec_text("rating_open_votes", "declare agon_votes no scroll cursor for " +
                                              rating_votes_sql(arena, from, to, columns));
        const std::string fetch = fmt::format("fetch {} from agon_votes", vote_fetch_size);
        while (true) {
          const auto rows = db.exec_text("rating_fetch_votes", fetch);
          for (const auto& row : rows) each(vote_of(arena, row));
          if (rows.size() < vote_fetch_size) return;
        }
      });
    });
  }

  std::int64_t new_votes(int arena, std::uint64_t from, std::uint64_t to,
                         std::int64_t most) override {
    return session_.use([&](session& db) {
      return integer_of(
          db.exec(count_new, arena, std::to_string(from), std::to_string(to), most)[0][0]);
    });
  }

  bool votes_withdrawn(int arena, std::uint64_t from, std::uint64_t to) override {
    return session_.use([&](session& db) {
      return bool_of(
          db.exec(find_withdrawn, arena, std::to_string(from), std::to_string(to))[0][0]);
    });
  }

  std::optional<int> publish(const publication& p) override {
    return session_.use([&](session& db) -> std::optional<int> {
      try {
        return db.transact([&] {
          const int arena = p.progress.arena;
          put_progress(db, p.expected_watermark, p.progress);
          if (p.afresh) db.exec(forget_tallies, arena);
          for (const auto& [segment, rows] : p.tallies) put_segment(db, arena, segment, rows);
          int published = 0;
          for (const stored_board& b : p.boards)
            if (put_one_board(db, b)) ++published;
          return published;
        });
      } catch (const overtaken&) {
        return std::nullopt;
      }
    });
  }

  void measure_speed(int arena) override {
    session_.use([arena](session& db) {
      db.exec(put_speed, arena);
      db.exec(forget_speed, arena);
    });
  }

 private:
  blocking_session session_;
};

}  // namespace

// Planned for the numbers at hand: with few new votes an index scan of their battles,
// with many a join of the whole tables.
std::string rating_votes_sql(int arena, std::uint64_t from, std::uint64_t to,
                             const boards::vote_columns& columns) {
  const bool criteria = columns.criteria;
  // Other comparisons keep their winner in the body; after the reveal nobody is blind.
  const std::string winner =
      criteria ? "coalesce(j.winner, array_position(array['a', 'b', 'tie', 'both_bad'],"
                 " j.body::jsonb->'value'->>'winner') - 1)"
               : "j.winner";
  const std::string criterion =
      criteria ? "case when j.winner is null then j.body::jsonb->>'criterion' else '' end" : "''";
  const std::string counted = criteria ? "(j.winner is not null or (j.kind = 'comparison' and"
                                         " not (j.body::jsonb->>'after_reveal')::boolean))"
                                       : "j.winner is not null";
  const std::string further =
      std::string(columns.context ? ", b.style_set, b.slot_style, b.generation_seconds"
                                  : ", '', null, null") +
      (columns.probability ? ", b.sampling_probability" : ", 0") +
      (columns.participant ? ", j.participant_id" : ", ''") +
      (columns.prompt ? ", b.prompt" : ", ''") + (columns.request ? ", b.request" : ", ''") +
      ", b.prompt_source";
  return fmt::format(
      "select b.slot_system[1], b.slot_system[2], {}, b.language,"
      " to_char(j.answered_at at time zone 'UTC', 'YYYY-MM-DD'),"
      " to_char(j.answered_at at time zone 'UTC', 'IYYY-\"W\"IW'), {},"
      " exists (select from agon.quarantine q where q.arena_id = j.arena_id"
      " and q.participant_id = j.participant_id and q.lifted_at is null){} "
      "from agon.judgment j join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
      "where j.arena_id = {} and {}"
      " and agon.txid_number(j.txid) >= {} and agon.txid_number(j.txid) < {}"
      " and 'be_counted' = any(b.purposes) and not b.self_named"
      " and not exists (select from agon.withdrawal w where w.battle_id = j.battle_id"
      " and w.participant_id = j.participant_id and w.arena_id = j.arena_id"
      " and agon.txid_number(w.txid) < {}) "
      "order by j.txid, j.battle_id, j.participant_id, j.question",
      winner, criterion, further, arena, counted, from, to, to);
}

std::unique_ptr<boards::rating_store> make_rating_store(connection_settings settings) {
  return std::make_unique<postgres_rating_store>(std::move(settings));
}

}  // namespace agon::store

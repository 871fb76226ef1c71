#include "services/store/postgres/rating_store.hpp"

#include <fmt/format.h>

#include <array>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/blocking_session.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

using boards::rating_progress;
using boards::stored_board;

constexpr statement list_arenas{"rating_arenas",
                                "select a.id, a.slug, s.id, s.slug from agon.arena a "
                                "left join agon.system s on s.arena_id = a.id order by a.id, s.id"};

constexpr statement find_state{
    "rating_state_find",
    "select agon.txid_number(watermark), elo, votes from agon.rating_state "
    "where arena_id = $1::int and segment = ''"};

constexpr statement find_tallies{
    "tally_find",
    "select system_a, system_b, wins_a, wins_b, ties, both_bad from agon.tally "
    "where arena_id = $1::int and segment = '' order by system_a, system_b"};

constexpr statement find_horizon{
    "rating_horizon", "select agon.txid_number(pg_snapshot_xmin(pg_current_snapshot()))"};

constexpr statement advance_state{
    "rating_state_advance",
    "update agon.rating_state set watermark = $3::text::xid8, elo = $4, votes = $5::bigint "
    "where arena_id = $1::int and segment = '' and watermark = $2::text::xid8"};

constexpr statement begin_state{
    "rating_state_begin",
    "insert into agon.rating_state (arena_id, watermark, elo, votes) "
    "values ($1::int, $2::text::xid8, $3, $4::bigint) on conflict do nothing"};

constexpr statement put_tallies{
    "tally_put",
    "insert into agon.tally (arena_id, system_a, system_b, wins_a, wins_b, ties, both_bad) "
    "select $1::int, * from unnest($2::int[], $3::int[], $4::bigint[], $5::bigint[],"
    " $6::bigint[], $7::bigint[]) "
    "on conflict (arena_id, segment, system_a, system_b) do update set wins_a = excluded.wins_a,"
    " wins_b = excluded.wins_b, ties = excluded.ties, both_bad = excluded.both_bad"};

// The hour never goes back, even if a clock does: the newest hour has the newest version.
constexpr statement put_board{
    "board_put",
    "with earlier as (select max(version) as version, max(hour) as hour from agon.board"
    " where arena_id = $1::int and method = $2 and segment = $3) "
    "insert into agon.board (arena_id, method, segment, hour, version, computed_at, votes,"
    " inputs_sha256, body) "
    "select $1::int, $2, $3, greatest(date_trunc('hour', $4::timestamptz), earlier.hour),"
    " coalesce(earlier.version, 0) + 1, $4::timestamptz, $5::bigint, $6::bytea, $7 from earlier "
    "on conflict (arena_id, method, segment, hour) do update set version = excluded.version,"
    " computed_at = excluded.computed_at, votes = excluded.votes,"
    " inputs_sha256 = excluded.inputs_sha256, body = excluded.body "
    "returning version"};

constexpr statement tell_servers{
    "board_notify",
    "select pg_notify('agon_board', json_build_object('arena', $1::int, 'method', $2::text,"
    " 'version', $3::bigint, 'votes', $4::bigint)::text)"};

// Rows fetched at a time.
constexpr int vote_fetch_size = 10'000;

// Thrown inside the transaction to roll it back.
struct overtaken {};

void put_progress(session& db, std::uint64_t expected, const rating_progress& p) {
  const std::string watermark = std::to_string(p.watermark);
  bool kept = db.exec(advance_state, p.arena, std::to_string(expected), watermark, p.elo, p.votes)
                  .affected_rows() == 1;
  if (!kept && expected == 0)
    kept = db.exec(begin_state, p.arena, watermark, p.elo, p.votes).affected_rows() == 1;
  if (!kept) throw overtaken{};
  array_literal a, b, wins_a, wins_b, ties, both_bad;
  for (const boards::tally_row& row : p.tallies) {
    a.add(std::to_string(row.system_a));
    b.add(std::to_string(row.system_b));
    wins_a.add(std::to_string(row.wins_a));
    wins_b.add(std::to_string(row.wins_b));
    ties.add(std::to_string(row.ties));
    both_bad.add(std::to_string(row.both_bad));
  }
  db.exec(put_tallies, p.arena, a.text(), b.text(), wins_a.text(), wins_b.text(), ties.text(),
          both_bad.text());
}

void put_one_board(session& db, const stored_board& b) {
  const std::int64_t version =
      integer_of(db.exec(put_board, b.arena, b.method, b.segment, to_sql(b.computed_at), b.votes,
                         hex_to_bytea(b.inputs_sha256), b.body)[0][0]);
  if (b.segment.empty()) db.exec(tell_servers, b.arena, b.method, version, b.votes);
}

class postgres_rating_store final : public boards::rating_store {
 public:
  explicit postgres_rating_store(connection_settings settings) : session_(std::move(settings)) {}

  bool elected() override { return session_.hold("rate"); }

  std::vector<rated_arena> arenas() override {
    return session_.use([](session& db) {
      std::vector<rated_arena> all;
      for (const auto& row : db.exec(list_arenas)) {
        const int id = int_of(row[0]);
        if (all.empty() || all.back().arena != id)
          all.push_back({id, std::string(text_of(row[1])), {}});
        if (!row[2].is_null()) all.back().systems.emplace_back(int_of(row[2]), text_of(row[3]));
      }
      return all;
    });
  }

  rating_progress progress(int arena) override {
    return session_.use([arena](session& db) {
      rating_progress p;
      p.arena = arena;
      // One snapshot for both: another job may publish in between.
      db.transact([&] {
        db.exec_text("rating_snapshot", "set transaction isolation level repeatable read");
        const auto state = db.exec(find_state, arena);
        if (state.empty()) return;
        p.watermark = static_cast<std::uint64_t>(integer_of(state[0][0]));
        p.elo = text_of(state[0][1]);
        p.votes = integer_of(state[0][2]);
        for (const auto& row : db.exec(find_tallies, arena))
          p.tallies.push_back({int_of(row[0]), int_of(row[1]), integer_of(row[2]),
                               integer_of(row[3]), integer_of(row[4]), integer_of(row[5])});
      });
      return p;
    });
  }

  std::uint64_t horizon() override {
    return session_.use([](session& db) {
      return static_cast<std::uint64_t>(integer_of(db.exec(find_horizon)[0][0]));
    });
  }

  void read_votes(int arena, std::uint64_t from, std::uint64_t to,
                  const std::function<void(const boards::counted_vote&)>& each) override {
    session_.use([&](session& db) {
      db.transact([&] {
        db.exec_text("rating_open_votes", "declare agon_votes no scroll cursor for " +
                                              rating_votes_sql(arena, from, to));
        const std::string fetch = fmt::format("fetch {} from agon_votes", vote_fetch_size);
        while (true) {
          const auto rows = db.exec_text("rating_fetch_votes", fetch);
          for (const auto& row : rows)
            each({arena, int_of(row[0]), int_of(row[1]),
                  static_cast<ratings::outcome>(int_of(row[2]))});
          if (rows.size() < vote_fetch_size) return;
        }
      });
    });
  }

  bool publish(std::uint64_t expected_watermark, const rating_progress& p,
               const std::vector<stored_board>& boards) override {
    return session_.use([&](session& db) {
      try {
        db.transact([&] {
          put_progress(db, expected_watermark, p);
          for (const stored_board& b : boards) put_one_board(db, b);
        });
        return true;
      } catch (const overtaken&) {
        return false;
      }
    });
  }

 private:
  blocking_session session_;
};

}  // namespace

// Planned for the numbers at hand: with few new votes an index scan of their battles,
// with many a join of the whole tables.
std::string rating_votes_sql(int arena, std::uint64_t from, std::uint64_t to) {
  return fmt::format(
      "select b.slot_system[1], b.slot_system[2], j.winner "
      "from agon.judgment j join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
      "where j.arena_id = {} and j.winner is not null"
      " and agon.txid_number(j.txid) >= {} and agon.txid_number(j.txid) < {}"
      " and 'be_counted' = any(b.purposes) "
      "order by j.txid, j.battle_id, j.participant_id",
      arena, from, to);
}

std::unique_ptr<boards::rating_store> make_rating_store(connection_settings settings) {
  return std::make_unique<postgres_rating_store>(std::move(settings));
}

}  // namespace agon::store

#include "services/store/postgres/rating_store.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>

#include "services/store/postgres/array_literal.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using boards::counted_vote;
using boards::rating_progress;
using boards::rating_store;
using boards::stored_board;
using boards::tally_row;

constexpr statement try_lock{"rating_lock", "select pg_try_advisory_lock(hashtext('agon.rating'))"};

constexpr statement list_systems{"rating_systems",
                                 "select a.id, a.slug, s.id, s.slug from agon.arena a "
                                 "join agon.system s on s.arena_id = a.id order by a.id, s.id"};

constexpr statement find_state{"rating_state",
                               "select watermark, elo, votes from agon.rating_state where arena_id "
                               "= $1::int and segment = ''"};

constexpr statement find_tallies{
    "rating_tallies",
    "select system_a, system_b, wins_a, wins_b, ties, both_bad from agon.tally "
    "where arena_id = $1::int and segment = '' order by system_a, system_b"};

// Every transaction below this number has ended: what it wrote is visible or never was.
constexpr statement oldest_running{"rating_horizon",
                                   "select pg_snapshot_xmin(pg_current_snapshot())"};

// txid_number() is what the BRIN index holds.
constexpr std::string_view votes_of_range =
    "declare votes no scroll cursor for "
    "select b.slot_system[1], b.slot_system[2], j.winner from agon.judgment j "
    "join agon.battle b on b.id = j.battle_id and b.arena_id = j.arena_id "
    "where agon.txid_number(j.txid) >= {from} and agon.txid_number(j.txid) < {to} "
    "and j.arena_id = {arena} and j.winner is not null "
    "and 'be_counted' = any(b.purposes) "
    "order by j.txid, j.battle_id, j.participant_id";

constexpr statement move_state{
    "rating_move",
    "insert into agon.rating_state as s (arena_id, segment, watermark, elo, votes) "
    "values ($1::int, '', $2::xid8, $3, $4::bigint) "
    "on conflict (arena_id, segment) do update "
    "set watermark = excluded.watermark, elo = excluded.elo, votes = excluded.votes "
    "where s.watermark = $5::xid8"};

constexpr statement put_tallies{
    "rating_put_tallies",
    "insert into agon.tally (arena_id, segment, system_a, system_b, wins_a, wins_b, ties, "
    "both_bad) "
    "select $1::int, '', * from unnest($2::int[], $3::int[], $4::bigint[], $5::bigint[],"
    " $6::bigint[], $7::bigint[]) "
    "on conflict (arena_id, segment, system_a, system_b) do update "
    "set wins_a = excluded.wins_a, wins_b = excluded.wins_b, ties = excluded.ties,"
    " both_bad = excluded.both_bad"};

constexpr statement put_board{
    "rating_put_board",
    "insert into agon.board as b (arena_id, method, segment, hour, version, computed_at, votes,"
    " inputs_sha256, body) "
    "select $1::int, $2, $3, date_trunc('hour', $4::timestamptz),"
    " 1 + coalesce((select max(version) from agon.board"
    "  where arena_id = $1::int and method = $2 and segment = $3), 0),"
    " $4::timestamptz, $5::bigint, $6::bytea, $7 "
    "on conflict (arena_id, method, segment, hour) do update "
    "set version = excluded.version, computed_at = excluded.computed_at, votes = excluded.votes,"
    " inputs_sha256 = excluded.inputs_sha256, body = excluded.body "
    "returning version"};

constexpr statement notify{
    "rating_notify",
    "select pg_notify('agon_board', json_build_object('arena', $1::int, 'method', $2::text,"
    " 'version', $3::bigint, 'votes', $4::bigint)::text)"};

constexpr int rows_per_fetch = 10'000;

std::uint64_t xid_of(const pqxx::field& f) {
  const std::string_view text = text_of(f);
  std::uint64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size())
    throw std::invalid_argument("not a transaction number");
  return value;
}

std::string replaced(std::string_view text, std::string_view what, std::uint64_t by) {
  std::string out(text);
  out.replace(out.find(what), what.size(), std::to_string(by));
  return out;
}

counted_vote vote_of(int arena, const pqxx::row& row) {
  return {arena, int_of(row[0]), int_of(row[1]), static_cast<ratings::outcome>(int_of(row[2]))};
}

class postgres_rating_store final : public rating_store {
 public:
  explicit postgres_rating_store(connection_settings settings) : settings_(std::move(settings)) {
    settings_.statement_timeout = std::chrono::minutes(10);  // a first run reads all votes
  }

  bool elected() override {
    if (elected_ && !with_session([](session& db) { return db.alive(); })) give_up();
    if (elected_) return true;
    elected_ = with_session([](session& db) { return bool_of(db.exec(try_lock)[0][0]); });
    return elected_;
  }

  std::vector<rated_arena> arenas() override {
    return with_session([](session& db) {
      std::vector<rated_arena> all;
      for (const auto& row : db.exec(list_systems)) {
        const int arena = int_of(row[0]);
        if (all.empty() || all.back().arena != arena)
          all.push_back({arena, std::string(text_of(row[1])), {}});
        all.back().systems.emplace_back(int_of(row[2]), text_of(row[3]));
      }
      return all;
    });
  }

  rating_progress progress(int arena) override {
    return with_session([arena](session& db) {
      rating_progress p;
      p.arena = arena;
      const auto state = db.exec(find_state, arena);
      if (state.empty()) return p;
      p.watermark = xid_of(state[0][0]);
      p.elo = text_of(state[0][1]);
      p.votes = integer_of(state[0][2]);
      for (const auto& row : db.exec(find_tallies, arena))
        p.tallies.push_back({int_of(row[0]), int_of(row[1]), integer_of(row[2]), integer_of(row[3]),
                             integer_of(row[4]), integer_of(row[5])});
      return p;
    });
  }

  std::uint64_t horizon() override {
    return with_session([](session& db) { return xid_of(db.exec(oldest_running)[0][0]); });
  }

  void read_votes(int arena, std::uint64_t from, std::uint64_t to,
                  const std::function<void(const counted_vote&)>& each) override {
    with_session([&](session& db) {
      std::string query = replaced(votes_of_range, "{from}", from);
      query = replaced(query, "{to}", to);
      query = replaced(query, "{arena}", static_cast<std::uint64_t>(arena));
      db.transact([&] {
        db.exec_text("rating_votes", query);
        for (;;) {
          const auto rows = db.exec_text("rating_fetch",
                                         "fetch " + std::to_string(rows_per_fetch) + " from votes");
          for (const auto& row : rows) each(vote_of(arena, row));
          if (rows.size() < static_cast<std::size_t>(rows_per_fetch)) return;
        }
      });
      return true;
    });
  }

  bool publish(std::uint64_t expected, const rating_progress& p,
               const std::vector<stored_board>& boards) override {
    return with_session([&](session& db) {
      return db.transact([&] {
        const auto moved = db.exec(move_state, p.arena, std::to_string(p.watermark), p.elo, p.votes,
                                   std::to_string(expected));
        if (moved.affected_rows() == 0) return false;
        put_all_tallies(db, p);
        for (const stored_board& b : boards) {
          const auto version =
              integer_of(db.exec(put_board, b.arena, b.method, b.segment, to_sql(b.computed_at),
                                 b.votes, hex_to_bytea(b.inputs_sha256), b.body)[0][0]);
          db.exec(notify, b.arena, b.method, version, b.votes);
        }
        return true;
      });
    });
  }

 private:
  static void put_all_tallies(session& db, const rating_progress& p) {
    array_literal a, b, wins_a, wins_b, ties, both_bad;
    for (const tally_row& row : p.tallies) {
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

  // Runs `body` on the connection, made now if there is none. After any failure the
  // connection is given up, and with it the election.
  template <class Body>
  std::invoke_result_t<Body&, session&> with_session(Body body) {
    try {
      if (!session_) session_.emplace(settings_);
      return body(*session_);
    } catch (...) {
      give_up();
      throw;
    }
  }

  void give_up() {
    session_.reset();
    elected_ = false;
  }

  connection_settings settings_;
  std::optional<session> session_;
  bool elected_ = false;
};

}  // namespace

std::unique_ptr<boards::rating_store> make_rating_store(connection_settings settings) {
  return std::make_unique<postgres_rating_store>(std::move(settings));
}

}  // namespace agon::store

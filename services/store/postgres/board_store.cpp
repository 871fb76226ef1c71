#include "services/store/postgres/board_store.hpp"

#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"
#include "services/store/postgres/tally_rows.hpp"

namespace agon::store {
namespace {

using boards::board_key;
using boards::board_version;
using boards::stored_board;

// A segment whose votes are gone (its dimension left the arena file) has no board.
constexpr statement newest_board{
    "board_newest",
    "select b.arena_id, b.method, b.segment, b.version, b.computed_at, b.votes, b.inputs_sha256,"
    " b.body from agon.board_current c join agon.board b on b.arena_id = c.arena_id"
    " and b.method = c.method and b.segment = c.segment and b.hour = c.hour "
    "where c.arena_id = $1::int and c.method = $2 and c.segment = $3"
    " and ($3 = '' or exists (select from agon.tally t where t.arena_id = $1::int"
    " and t.segment = $3))"};

constexpr statement board_at{
    "board_at",
    "select arena_id, method, segment, version, computed_at, votes, inputs_sha256, body "
    "from agon.board where arena_id = $1::int and method = $2 and segment = $3"
    " and computed_at <= $4::timestamptz order by hour desc limit 1"};

constexpr statement kept_versions{
    "board_kept",
    "select version, computed_at, votes, inputs_sha256 from agon.board "
    "where arena_id = $1::int and method = $2 and segment = $3 and version < $4::bigint "
    "order by hour desc limit $5::int"};

constexpr statement board_history{
    "board_history",
    "select distinct on (step) arena_id, method, segment, version, computed_at, votes,"
    " inputs_sha256, body, date_bin(make_interval(secs => $6::int), hour, 'epoch') as step "
    "from agon.board where arena_id = $1::int and method = $2 and segment = $3"
    " and hour >= date_trunc('hour', $4::timestamptz) and computed_at <= $5::timestamptz "
    "order by step, hour desc"};

constexpr statement current_boards{
    "board_current",
    "select c.method, c.version, c.votes, c.segment, c.computed_at from agon.board_current c "
    "where c.arena_id = $1::int and (c.segment = '' or exists (select from agon.tally t"
    " where t.arena_id = c.arena_id and t.segment = c.segment)) order by c.method, c.segment"};

constexpr statement newest_versions{
    "board_versions",
    "select arena_id, method, version, votes, segment from agon.board_current "
    "where segment = '' or computed_at > now() - interval '1 day'"};

constexpr statement list_board_systems{
    "board_systems", "select id, slug from agon.system where arena_id = $1::int order by id"};

constexpr statement list_speeds{
    "board_speeds",
    "select s.slug, v.outputs, v.failures, v.seconds_median, v.seconds_p90, v.real_time_factor,"
    " v.measured_at from agon.system_speed v join agon.system s on s.arena_id = v.arena_id"
    " and s.id = v.system_id where v.arena_id = $1::int order by s.slug"};

constexpr std::int64_t after_all_versions = std::int64_t{1} << 62;

stored_board board_of(const pqxx::row& row) {
  stored_board b;
  b.arena = int_of(row[0]);
  b.method = text_of(row[1]);
  b.segment = text_of(row[2]);
  b.version = integer_of(row[3]);
  b.computed_at = time_of(row[4]);
  b.votes = integer_of(row[5]);
  b.inputs_sha256 = hex_of(row[6]);
  b.body = text_of(row[7]);
  return b;
}

boards::system_speed speed_of(const pqxx::row& row) {
  boards::system_speed s;
  s.system = text_of(row[0]);
  s.outputs = integer_of(row[1]);
  s.failures = integer_of(row[2]);
  s.seconds_median = double_of(row[3]);
  s.seconds_p90 = double_of(row[4]);
  if (!row[5].is_null()) s.real_time_factor = double_of(row[5]);
  s.measured_at = time_of(row[6]);
  return s;
}

result<stored_board> one_board(const pqxx::result& rows) {
  if (rows.empty()) return fail(errc::not_found, "There is no such board.");
  return board_of(rows[0]);
}

boards::counted_board read_counted(session& db, const board_key& key) {
  boards::counted_board out;
  // One snapshot: tallies and the board that was computed from them are written together.
  db.transact([&] {
    db.exec_text("board_snapshot", "set transaction isolation level repeatable read, read only");
    const auto rows = db.exec(newest_board, key.arena, key.method, key.segment);
    if (rows.empty()) return;
    out.board = board_of(rows[0]);
    out.tallies = find_tallies(db, key.arena, key.segment);
    const bool of_segment = !key.segment.empty();
    if (of_segment) out.overall = find_tallies(db, key.arena, "");
    const std::string against = of_segment ? key.method : "bradley_terry";
    if (of_segment || key.method != against) {
      const auto base = db.exec(newest_board, key.arena, against, "");
      if (!base.empty()) out.base = board_of(base[0]);
    }
    for (const auto& row : db.exec(list_board_systems, key.arena))
      out.systems.emplace_back(int_of(row[0]), text_of(row[1]));
  });
  return out;
}

class postgres_board_store final : public boards::board_store {
 public:
  explicit postgres_board_store(pool& calls) : calls_(calls) {}

  awaitable<result<stored_board>> newest(board_key key) override {
    return calls_.run({.name = "newest_board", .retry = true}, [key = std::move(key)](session& db) {
      return one_board(db.exec(newest_board, key.arena, key.method, key.segment));
    });
  }

  awaitable<result<stored_board>> at(board_key key, time_point when) override {
    return calls_.run(
        {.name = "board_at", .retry = true}, [key = std::move(key), when](session& db) {
          return one_board(db.exec(board_at, key.arena, key.method, key.segment, to_sql(when)));
        });
  }

  awaitable<result<std::vector<board_version>>> kept(board_key key,
                                                     boards::version_query query) override {
    return calls_.run(
        {.name = "board_kept", .retry = true}, [key = std::move(key), query](session& db) {
          std::vector<board_version> all;
          for (const auto& row : db.exec(kept_versions, key.arena, key.method, key.segment,
                                         query.before.value_or(after_all_versions), query.limit))
            all.push_back({key.arena, key.method, integer_of(row[0]), integer_of(row[2]),
                           key.segment, time_of(row[1]), hex_of(row[3])});
          return all;
        });
  }

  awaitable<result<std::vector<stored_board>>> history(board_key key,
                                                       boards::history_query query) override {
    return calls_.run(
        {.name = "board_history", .retry = true}, [key = std::move(key), query](session& db) {
          std::vector<stored_board> all;
          for (const auto& row :
               db.exec(board_history, key.arena, key.method, key.segment, to_sql(query.from),
                       to_sql(query.to), static_cast<int>(query.step.count())))
            all.push_back(board_of(row));
          return all;
        });
  }

  awaitable<result<std::vector<board_version>>> current(int arena) override {
    return calls_.run({.name = "board_current", .retry = true}, [arena](session& db) {
      std::vector<board_version> all;
      for (const auto& row : db.exec(current_boards, arena))
        all.push_back({arena, std::string(text_of(row[0])), integer_of(row[1]), integer_of(row[2]),
                       std::string(text_of(row[3])), time_of(row[4])});
      return all;
    });
  }

  awaitable<result<std::vector<board_version>>> versions() override {
    return calls_.run({.name = "board_versions", .retry = true}, [](session& db) {
      std::vector<board_version> all;
      for (const auto& row : db.exec(newest_versions))
        all.push_back({int_of(row[0]), std::string(text_of(row[1])), integer_of(row[2]),
                       integer_of(row[3]), std::string(text_of(row[4]))});
      return all;
    });
  }

  awaitable<result<boards::counted_board>> counted(board_key key) override {
    return calls_.run({.name = "board_counted", .retry = true},
                      [key = std::move(key)](session& db) { return read_counted(db, key); });
  }

  awaitable<result<std::vector<boards::system_speed>>> speeds(int arena) override {
    return calls_.run({.name = "board_speeds", .retry = true}, [arena](session& db) {
      std::vector<boards::system_speed> all;
      for (const auto& row : db.exec(list_speeds, arena)) all.push_back(speed_of(row));
      return all;
    });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<boards::board_store> make_board_store(pool& calls) {
  return std::make_unique<postgres_board_store>(calls);
}

}  // namespace agon::store

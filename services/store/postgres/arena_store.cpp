#include "services/store/postgres/arena_store.hpp"

#include "services/store/postgres/arena_rows.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using arena::stored_arena;

constexpr statement list_arenas{
    "arena_list",
    "select a.id, v.version, v.protocol_version, v.source from agon.arena a "
    "join agon.arena_version v on v.arena_id = a.id and v.version = a.current_version "
    "order by a.id"};

constexpr statement list_systems{
    "arena_list_systems", "select arena_id, slug, id from agon.system order by arena_id, id"};

constexpr statement find_protocol{
    "arena_find_protocol",
    "select protocol from agon.arena_version "
    "where arena_id = $1::int and protocol_version = $2::int limit 1"};

constexpr statement count_votes{"arena_counts",
                                "select arena_id, votes from agon.rating_state where segment = ''"};

std::vector<stored_arena> load_rows(session& db) {
  std::vector<stored_arena> all;
  for (const auto& row : db.exec(list_arenas)) {
    stored_arena a;
    a.id = int_of(row[0]);
    a.version = int_of(row[1]);
    a.protocol_version = int_of(row[2]);
    a.source = text_of(row[3]);
    all.push_back(std::move(a));
  }
  for (const auto& row : db.exec(list_systems)) {
    const int arena = int_of(row[0]);
    for (stored_arena& a : all)
      if (a.id == arena) a.system_ids.emplace_back(text_of(row[1]), int_of(row[2]));
  }
  return all;
}

class postgres_arena_store final : public arena::arena_store {
 public:
  explicit postgres_arena_store(pool& calls) : calls_(calls) {}

  awaitable<result<arena::applied>> apply(const arena::arena& a) override {
    return calls_.run({.name = "apply_arena", .retry = true}, [rows = arena_rows(a)](session& db) {
      return db.transact([&] { return apply_arena(db, rows); });
    });
  }

  awaitable<result<std::vector<stored_arena>>> load_all() override {
    return calls_.run({.name = "load_arenas", .retry = true},
                      [](session& db) { return load_rows(db); });
  }

  awaitable<result<std::string>> protocol(int arena, int protocol_version) override {
    return calls_.run({.name = "arena_protocol", .retry = true},
                      [arena, protocol_version](session& db) -> result<std::string> {
                        const auto rows = db.exec(find_protocol, arena, protocol_version);
                        if (rows.empty()) return fail(errc::not_found, "No such protocol.");
                        return std::string(text_of(rows[0][0]));
                      });
  }

  awaitable<result<std::vector<arena::arena_counts>>> counts() override {
    return calls_.run({.name = "arena_counts", .retry = true}, [](session& db) {
      std::vector<arena::arena_counts> all;
      for (const auto& row : db.exec(count_votes))
        all.push_back({int_of(row[0]), integer_of(row[1])});
      return all;
    });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<arena::arena_store> make_arena_store(pool& calls) {
  return std::make_unique<postgres_arena_store>(calls);
}

}  // namespace agon::store

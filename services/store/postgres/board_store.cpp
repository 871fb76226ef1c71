#include "services/store/postgres/board_store.hpp"

#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

using boards::board_version;
using boards::stored_board;

constexpr statement newest_board{
    "board_newest",
    "select arena_id, method, segment, version, computed_at, votes, inputs_sha256, body "
    "from agon.board where arena_id = $1::int and method = $2 and segment = '' "
    "order by hour desc limit 1"};

constexpr statement newest_versions{
    "board_versions",
    "select distinct on (arena_id, method) arena_id, method, version, votes "
    "from agon.board where segment = '' order by arena_id, method, hour desc"};

class postgres_board_store final : public boards::board_store {
 public:
  explicit postgres_board_store(pool& calls) : calls_(calls) {}

  awaitable<result<stored_board>> newest(int arena, std::string method) override {
    return calls_.run({.name = "newest_board", .retry = true},
                      [arena, method = std::move(method)](session& db) -> result<stored_board> {
                        const auto rows = db.exec(newest_board, arena, method);
                        if (rows.empty()) return fail(errc::not_found, "There is no board yet.");
                        const auto& row = rows[0];
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
                      });
  }

  awaitable<result<std::vector<board_version>>> versions() override {
    return calls_.run({.name = "board_versions", .retry = true}, [](session& db) {
      std::vector<board_version> all;
      for (const auto& row : db.exec(newest_versions))
        all.push_back(
            {int_of(row[0]), std::string(text_of(row[1])), integer_of(row[2]), integer_of(row[3])});
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

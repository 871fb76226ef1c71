#include "services/store/postgres/refusal_store.hpp"

#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

constexpr statement count_refusal{
    "refusal_count",
    "insert into agon.refusal as r (arena_id, day, reason, decided_by, prompts) "
    "values ($1::int, (now() at time zone 'UTC')::date, $2, $3, 1) "
    "on conflict (arena_id, day, reason, decided_by) do update set prompts = r.prompts + 1"};

class postgres_refusal_store final : public arena::refusal_store {
 public:
  explicit postgres_refusal_store(pool& calls) : calls_(calls) {}

  // Without a retry: a count that is lost is better than one that is made twice.
  awaitable<result<void>> count(int arena, std::string reason, std::string decided_by) override {
    return calls_.run({.name = "count_refusal"},
                      [arena, reason = std::move(reason), decided_by = std::move(decided_by)](
                          session& db) { db.exec(count_refusal, arena, reason, decided_by); });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<arena::refusal_store> make_refusal_store(pool& calls) {
  return std::make_unique<postgres_refusal_store>(calls);
}

}  // namespace agon::store

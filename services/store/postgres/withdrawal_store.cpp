#include "services/store/postgres/withdrawal_store.hpp"

#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/pool.hpp"
#include "services/store/postgres/session.hpp"

namespace agon::store {
namespace {

constexpr statement put_withdrawal{
    "withdrawal_put",
    "insert into agon.withdrawal (arena_id, battle_id, participant_id, withdrawn_at) "
    "select arena_id, battle_id, participant_id, $3::timestamptz from agon.judgment "
    "where battle_id = $1::uuid and participant_id = $2::uuid and winner is not null "
    "on conflict do nothing"};

constexpr statement find_withdrawal{"withdrawal_find",
                                    "select withdrawn_at from agon.withdrawal "
                                    "where battle_id = $1::uuid and participant_id = $2::uuid"};

class postgres_withdrawal_store final : public arena::withdrawal_store {
 public:
  explicit postgres_withdrawal_store(pool& calls) : calls_(calls) {}

  awaitable<result<std::optional<time_point>>> withdraw(battle_id battle,
                                                        participant_id participant,
                                                        time_point now) override {
    return calls_.run({.name = "withdraw_vote", .retry = true},
                      [battle, participant, now](session& db) -> std::optional<time_point> {
                        db.exec(put_withdrawal, to_sql(battle), to_sql(participant), to_sql(now));
                        const auto rows =
                            db.exec(find_withdrawal, to_sql(battle), to_sql(participant));
                        if (rows.empty()) return std::nullopt;
                        return time_of(rows[0][0]);
                      });
  }

 private:
  pool& calls_;
};

}  // namespace

std::unique_ptr<arena::withdrawal_store> make_withdrawal_store(pool& calls) {
  return std::make_unique<postgres_withdrawal_store>(calls);
}

}  // namespace agon::store

#include "services/store/postgres/privacy_ledger.hpp"

#include "services/store/postgres/blocking_session.hpp"
#include "services/store/postgres/columns.hpp"

namespace agon::store {
namespace {

using releases::privacy_balance;
using releases::spending;

constexpr statement open_budget{"privacy_open",
                                "select agon.open_privacy_budget($1::int, $2, $3::bigint)"};
constexpr statement spend_budget{"privacy_spend",
                                 "select agon.spend_privacy($1::int, $2, $3, $4::bigint)"};
constexpr statement find_budget{"privacy_balance",
                                "select rho_total, rho_spent from agon.privacy_budget where "
                                "arena_id = $1::int and period = $2"};

class postgres_privacy_ledger final : public releases::privacy_ledger {
 public:
  explicit postgres_privacy_ledger(connection_settings settings) : session_(std::move(settings)) {}

  std::int64_t open(int arena, const std::string& period, std::int64_t total) override {
    return session_.use(
        [&](session& db) { return integer_of(db.exec(open_budget, arena, period, total)[0][0]); });
  }

  spending spend(int arena, const std::string& period, const std::string& purpose,
                 std::int64_t amount) override {
    return session_.use([&](session& db) {
      const auto answer = db.exec(spend_budget, arena, period, purpose, amount);
      const auto said = text_of(answer[0][0]);
      if (said == "spent") return spending::spent;
      return said == "already" ? spending::already_spent : spending::refused;
    });
  }

  std::optional<privacy_balance> balance(int arena, const std::string& period) override {
    return session_.use([&](session& db) -> std::optional<privacy_balance> {
      const auto rows = db.exec(find_budget, arena, period);
      if (rows.empty()) return std::nullopt;
      return privacy_balance{integer_of(rows[0][0]), integer_of(rows[0][1])};
    });
  }

 private:
  blocking_session session_;
};

}  // namespace

std::unique_ptr<releases::privacy_ledger> make_privacy_ledger(connection_settings settings) {
  return std::make_unique<postgres_privacy_ledger>(std::move(settings));
}

}  // namespace agon::store

// How much privacy each arena has spent, and a bound that cannot be overdrawn, by however
// many releases at once. Amounts are billionths of ρ (privacy/dp/budget.hpp). Implemented
// in services/store/postgres, under the role agon_release.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace agon::releases {

enum class spending {
  spent,
  already_spent,  // for this purpose and amount, by an earlier call
  refused,        // less is left, there is no budget, or the purpose had another amount
};

struct privacy_balance {
  std::int64_t total = 0;
  std::int64_t spent = 0;
};

// Blocking. Throws std::runtime_error when PostgreSQL is away; whether an interrupted call
// has spent is found by calling again with the same purpose.
class privacy_ledger {
 public:
  virtual ~privacy_ledger() = default;
  // Opens the budget of a period ("2026") once and for all; a later call with another
  // total changes nothing. Returns the total that holds.
  virtual std::int64_t open(int arena, const std::string& period, std::int64_t total) = 0;
  // Durable before it returns. Look at the votes only after spent or already_spent.
  [[nodiscard]] virtual spending spend(int arena, const std::string& period,
                                       const std::string& purpose, std::int64_t amount) = 0;
  // Nothing if the period has no budget.
  [[nodiscard]] virtual std::optional<privacy_balance> balance(int arena,
                                                               const std::string& period) = 0;
};

}  // namespace agon::releases

#include "services/store/postgres/privacy_ledger.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "services/store/postgres/session.hpp"
#include "tests/integration/postgres_fixture.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

using releases::spending;

constexpr std::int64_t tenth = 100'000'000;  // of ρ = 1

class privacy_ledger : public testing::Test {
 protected:
  privacy_ledger() { add_arena(db); }

  [[nodiscard]] std::unique_ptr<releases::privacy_ledger> connect() const {
    return store::make_privacy_ledger(db.settings("agon_release"));
  }
  // The SQLSTATE of what happens, or "" if it is allowed.
  [[nodiscard]] std::string attempt(const std::string& role, const std::string& sql) const {
    store::session s(db.settings(role));
    try {
      s.exec_text("attempt", sql);
      return "";
    } catch (const store::statement_failed& e) {
      return std::string(e.sqlstate());
    }
  }

  database db;
  std::unique_ptr<releases::privacy_ledger> ledger = connect();
};

TEST_F(privacy_ledger, spends_until_nothing_is_left) {
  EXPECT_FALSE(ledger->balance(1, "2026"));
  EXPECT_EQ(ledger->open(1, "2026", 10 * tenth), 10 * tenth);
  EXPECT_EQ(ledger->spend(1, "2026", "counts of 2026-11", 7 * tenth), spending::spent);
  EXPECT_EQ(ledger->spend(1, "2026", "counts of 2026-12", 4 * tenth), spending::refused);
  EXPECT_EQ(ledger->spend(1, "2026", "counts of 2026-12", 3 * tenth), spending::spent);
  EXPECT_EQ(ledger->spend(1, "2026", "one more", 1), spending::refused);
  const auto balance = ledger->balance(1, "2026");
  ASSERT_TRUE(balance);
  EXPECT_EQ(balance->total, 10 * tenth);
  EXPECT_EQ(balance->spent, 10 * tenth);
}

TEST_F(privacy_ledger, the_same_purpose_is_paid_for_once) {
  ledger->open(1, "2026", 10 * tenth);
  EXPECT_EQ(ledger->spend(1, "2026", "counts", 3 * tenth), spending::spent);
  EXPECT_EQ(ledger->spend(1, "2026", "counts", 3 * tenth), spending::already_spent);
  EXPECT_EQ(ledger->spend(1, "2026", "counts", 4 * tenth), spending::refused)
      << "another amount is another release";
  EXPECT_EQ(ledger->balance(1, "2026")->spent, 3 * tenth);
}

TEST_F(privacy_ledger, budgets_are_opened_once_and_not_raised) {
  EXPECT_EQ(ledger->open(1, "2026", tenth), tenth);
  EXPECT_EQ(ledger->open(1, "2026", 10 * tenth), tenth);
  EXPECT_EQ(ledger->spend(1, "2026", "counts", 2 * tenth), spending::refused);
  EXPECT_EQ(ledger->spend(1, "2027", "counts", tenth), spending::refused) << "no such budget";
}

TEST_F(privacy_ledger, amounts_that_cannot_be_are_refused) {
  ledger->open(1, "2026", 10 * tenth);
  for (const std::int64_t amount : {std::int64_t{0}, std::int64_t{-5}, INT64_MIN, INT64_MAX})
    EXPECT_EQ(ledger->spend(1, "2026", "counts", amount), spending::refused) << amount;
  EXPECT_EQ(ledger->balance(1, "2026")->spent, 0);
}

TEST_F(privacy_ledger, concurrent_requests_cannot_overdraw) {
  ledger->open(1, "2026", 10 * tenth);
  std::atomic<int> spent = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      const auto mine = connect();
      for (int i = 0; i < 10; ++i) {
        const std::string purpose = std::to_string(t) + "/" + std::to_string(i);
        const spending s = mine->spend(1, "2026", purpose, tenth);
        spent += s == spending::spent ? 1 : 0;
        refused += s == spending::refused ? 1 : 0;
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(spent, 10);
  EXPECT_EQ(refused, 70);
  EXPECT_EQ(ledger->balance(1, "2026")->spent, 10 * tenth);
  EXPECT_EQ(db.value("select sum(rho) from agon.privacy_spending"), std::to_string(10 * tenth));
}

TEST_F(privacy_ledger, one_purpose_asked_for_at_once_is_paid_for_once) {
  ledger->open(1, "2026", 10 * tenth);
  std::atomic<int> spent = 0, already = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      const spending s = connect()->spend(1, "2026", "counts", 6 * tenth);
      spent += s == spending::spent ? 1 : 0;
      already += s == spending::already_spent ? 1 : 0;
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(spent, 1);
  EXPECT_EQ(already, 7);
}

TEST_F(privacy_ledger, no_service_writes_past_the_functions) {
  constexpr const char* denied = "42501";
  ledger->open(1, "2026", tenth);
  for (const char* role : {"agon_serve", "agon_rate", "agon_release"}) {
    EXPECT_EQ(attempt(role, "update agon.privacy_budget set rho_spent = 0"), denied) << role;
    EXPECT_EQ(attempt(role, "update agon.privacy_budget set rho_total = 9"), denied) << role;
    EXPECT_EQ(attempt(role, "delete from agon.privacy_spending"), denied) << role;
    EXPECT_EQ(attempt(role, "insert into agon.privacy_budget values (1, '2030', 9, 0)"), denied)
        << role;
  }
  for (const char* role : {"agon_serve", "agon_rate"})
    EXPECT_EQ(attempt(role, "select agon.spend_privacy(1, '2026', 'x', 1)"), denied) << role;
  EXPECT_EQ(attempt("agon_serve", "select rho_total from agon.privacy_budget"), "");
  EXPECT_EQ(attempt("agon_rate", "select rho_total from agon.privacy_budget"), denied);
}

}  // namespace
}  // namespace agon::test

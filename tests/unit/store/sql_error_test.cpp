#include "services/store/postgres/sql_error.hpp"

#include <gtest/gtest.h>

#include "services/store/backoff.hpp"

namespace agon::store {
namespace {

TEST(sql_error, sqlstate_tells_what_a_failure_means) {
  EXPECT_EQ(errc_of("23505"), errc::conflict);
  EXPECT_EQ(errc_of("23503"), errc::conflict);
  EXPECT_EQ(errc_of("57014"), errc::timeout);
  EXPECT_EQ(errc_of("55P03"), errc::timeout);
  EXPECT_EQ(errc_of("53100"), errc::unavailable) << "disk full";
  EXPECT_EQ(errc_of("53300"), errc::unavailable) << "too many connections";
  EXPECT_EQ(errc_of("57P01"), errc::unavailable) << "shutdown";
  EXPECT_EQ(errc_of("40P01"), errc::unavailable) << "deadlock";
  EXPECT_EQ(errc_of("25006"), errc::unavailable) << "a standby";
  EXPECT_EQ(errc_of("42601"), errc::internal);
  EXPECT_EQ(errc_of("23514"), errc::internal) << "no partition, or a check: our defect";
}

TEST(sql_error, only_the_row_itself_is_poison) {
  for (const char* state : {"23514", "23505", "22021", "22P02", "21000"})
    EXPECT_TRUE(is_poison(state)) << state;
  for (const char* state : {"57014", "53100", "40P01", "55P03", "42501"})
    EXPECT_FALSE(is_poison(state)) << state;
}

TEST(sql_error, message_names_statement_and_state_alone) {
  const statement_failed e("judgment_insert", "23514");
  EXPECT_STREQ(e.what(), "statement judgment_insert failed with SQLSTATE 23514");
  EXPECT_EQ(e.sqlstate(), "23514");
  EXPECT_EQ(to_error(e).code, errc::internal);
}

TEST(sql_error, callers_are_told_when_to_come_again) {
  for (const error& e : {database_away(), queue_full(), too_slow()}) EXPECT_TRUE(e.retry_after);
}

// Always the largest or the smallest number there is.
class extreme_random final : public crypto::random_source {
 public:
  explicit extreme_random(unsigned char byte) : byte_(byte) {}
  void fill(std::span<unsigned char> bytes) override {
    std::fill(bytes.begin(), bytes.end(), byte_);
  }

 private:
  unsigned char byte_;
};

TEST(backoff, grows_to_its_limit_and_starts_again) {
  using std::chrono::milliseconds;
  extreme_random zero(0);
  backoff pause({milliseconds(100), milliseconds(500)}, zero);
  EXPECT_EQ(pause.next(), milliseconds(50));
  EXPECT_EQ(pause.next(), milliseconds(100));
  EXPECT_EQ(pause.next(), milliseconds(200));
  EXPECT_EQ(pause.next(), milliseconds(250));
  EXPECT_EQ(pause.next(), milliseconds(250));
  pause.reset();
  EXPECT_EQ(pause.next(), milliseconds(50));
}

TEST(backoff, never_waits_longer_than_its_limit) {
  using std::chrono::milliseconds;
  crypto::system_random random;
  backoff pause({milliseconds(10), milliseconds(80)}, random);
  for (int i = 0; i < 200; ++i) {
    const auto p = pause.next();
    EXPECT_GE(p, milliseconds(5));
    EXPECT_LE(p, milliseconds(80));
  }
}

}  // namespace
}  // namespace agon::store

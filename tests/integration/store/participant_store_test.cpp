#include "services/store/postgres/participant_store.hpp"

#include <gtest/gtest.h>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/pool.hpp"
#include "tests/integration/run.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

class participant_store : public testing::Test {
 protected:
  participant_store() { add_arena(db); }
  crypto::system_random random;
  database db;
  store::pool pool{{.connection = db.settings(), .connections = 1, .reconnect = {}}, random};
  std::unique_ptr<participants::participant_store> participants =
      store::make_participant_store(pool);
};

TEST_F(participant_store, newest_consent_counts) {
  const auto p = new_id<participant_id>();
  EXPECT_TRUE(run(participants->consents(p))->empty());
  const time_point first = now();
  ASSERT_TRUE(run(participants->give_consent(p, {1, consent_sha256, {"take_part"}, first})));
  ASSERT_TRUE(run(participants->give_consent(
      p, {1, consent_sha256, {"take_part", "be_counted"}, first + std::chrono::seconds(1)})));
  ASSERT_TRUE(run(participants->give_consent(p, {1, consent_sha256, {"take_part"}, first})))
      << "the same once more";
  const auto all = run(participants->consents(p)).value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].purposes, (std::vector<std::string>{"take_part", "be_counted"}));
  EXPECT_EQ(all[0].text_sha256, consent_sha256);
  EXPECT_EQ(all[0].given_at, first + std::chrono::seconds(1));
}

TEST_F(participant_store, consent_to_a_text_that_nobody_published_is_refused) {
  const auto p = new_id<participant_id>();
  const auto answer =
      run(participants->give_consent(p, {1, std::string(64, 'b'), {"take_part"}, now()}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::conflict);
  EXPECT_EQ(db.value("select count(*) from person.participant"), "0") << "rolled back together";
}

}  // namespace
}  // namespace agon::test

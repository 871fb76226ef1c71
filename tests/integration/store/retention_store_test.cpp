// What is not needed any more goes, and nothing else, against a real database.
#include "services/store/postgres/retention_store.hpp"

#include <gtest/gtest.h>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/pool.hpp"
#include "tests/integration/run.hpp"
#include "tests/integration/store/sample_data.hpp"

namespace agon::test {
namespace {

using participants::retained;
using std::chrono::days;
using std::chrono::hours;

// A clock in the future makes what is written now old.
class future_clock final : public clock_source {
 public:
  [[nodiscard]] time_point now() const override { return system_clock_source{}.now() + ahead; }
  std::chrono::microseconds ahead{0};
};

class retention_store : public testing::Test {
 protected:
  retention_store() {
    add_arena(db);
    battles = add_ready_battles(db, 25);
    db.sql(
        "update agon.battle set expires_at = now() - interval '1 minute';"
        "insert into agon.exposure (arena_id, battle_id, sequence, slot, kind, position,"
        " client_at, received_at) select 1, b.id, n, 0, 'play', 0, now(), now()"
        " from agon.battle b, generate_series(1, 2) n;"
        "insert into agon.output (arena_id, battle_id, slot, attempt, id, system_id, status,"
        " generation_seconds, media_name) select 1, id, 0, 0, gen_random_uuid(), 1, 'shown', 1,"
        " md5(id::text) from agon.battle;"
        // The first ten have a vote.
        "insert into agon.judgment (arena_id, battle_id, participant_id, question, kind, winner,"
        " protocol_version, body, nonce, idempotency_key, answered_at) select 1, id,"
        " participant_id, 'overall', 'comparison', 0, 1, '{}', sha256('x'), 'k', now()"
        " from agon.battle order by id limit 10;"
        // Three participants without a battle; ids as the server makes them.
        "delete from person.participant;");
    for (int i = 0; i < 3; ++i)
      db.sql("insert into person.participant (id, source) values ('" +
             to_string(new_id<participant_id>()) + "', 'human')");
    db.sql(
        "insert into person.consent (arena_id, participant_id, text_sha256, purposes, given_at)"
        " select 1, p.id, c.sha256, '{take_part}', now() + interval '150 days'"
        " from person.participant p, agon.consent_text c order by p.id limit 1");
  }

  participants::run_retention::report to_the_end(int batch = 10) {
    const auto store = store::make_retention_store(pool, batch);
    participants::run_retention retention(*store, clock);
    participants::run_retention::report sum;
    do {
      const auto done = run(retention.step(rules)).value();
      for (std::size_t i = 0; i < sum.rows.size(); ++i) sum.rows[i] += done.rows[i];
      sum.more = done.more;
    } while (sum.more);
    return sum;
  }

  std::string count(const std::string& table) { return db.value("select count(*) from " + table); }

  crypto::system_random random;
  future_clock clock;
  database db;
  store::pool pool{{.connection = db.settings("agon_rights"), .connections = 2, .reconnect = {}},
                   random};
  std::vector<battle_id> battles;
  std::vector<participants::arena_retention> rules{{1, days(90), days(30)}};
};

using three = std::array<std::int64_t, 3>;

TEST_F(retention_store, what_is_young_stays) {
  clock.ahead = days(29);
  EXPECT_EQ(to_the_end().rows, (three{0, 0, 0}));
  EXPECT_EQ(count("agon.battle"), "25");
}

TEST_F(retention_store, battles_without_a_vote_go_with_their_files_after_their_days) {
  clock.ahead = days(31);
  const auto store = store::make_retention_store(pool, 10);
  participants::run_retention retention(*store, clock);
  EXPECT_EQ(run(retention.due(rules)).value().rows, (three{0, 15, 0}));
  EXPECT_EQ(count("agon.battle"), "25") << "a question changes nothing";
  EXPECT_EQ(to_the_end().rows, (three{0, 15, 0}));
  EXPECT_EQ(count("agon.battle"), "10");
  EXPECT_EQ(count("agon.judgment"), "10");
  EXPECT_EQ(count("agon.exposure"), "20");
  EXPECT_EQ(count("person.file_to_remove"), "15");
  EXPECT_EQ(to_the_end().rows, (three{0, 0, 0})) << "again changes nothing";
  EXPECT_EQ(count("agon.erasure"), "0") << "no vote was lost, so no board has to be counted again";
}

TEST_F(retention_store, events_go_later_and_votes_stay) {
  clock.ahead = days(91);
  EXPECT_EQ(to_the_end(3).rows, (three{50, 15, 0}));
  EXPECT_EQ(count("agon.exposure"), "0");
  EXPECT_EQ(count("agon.judgment"), "10");
  EXPECT_EQ(db.value("select sum(rows) from agon.audit where actor = 'retention'"
                     " and what = 'exposure'"),
            "50");
}

TEST_F(retention_store, participants_go_when_their_session_is_over) {
  clock.ahead = days(181);
  EXPECT_EQ(to_the_end().rows[2], 2) << "one has agreed again since";
  EXPECT_EQ(count("person.participant"), "1");
}

TEST_F(retention_store, nothing_goes_where_the_rule_is_for_ever) {
  rules = {{1, days(0), days(0)}};
  clock.ahead = days(3000);
  to_the_end();
  EXPECT_EQ(count("agon.battle"), "25");
  EXPECT_EQ(count("agon.exposure"), "50");
}

TEST_F(retention_store, one_process_at_a_time) {
  clock.ahead = days(31);
  connection other(db);
  other.sql("begin; select pg_advisory_xact_lock(hashtext('agon.job.retention'))");
  const auto store = store::make_retention_store(pool, 10);
  participants::run_retention retention(*store, clock);
  const auto done = run(retention.step(rules)).value();
  EXPECT_FALSE(done.alone);
  EXPECT_EQ(done.rows, (three{0, 0, 0}));
  other.sql("rollback");
  EXPECT_EQ(run(retention.step(rules)).value().rows[1], 0) << "the first ten have votes";
  EXPECT_EQ(run(retention.step(rules)).value().rows[1], 10);
}

}  // namespace
}  // namespace agon::test

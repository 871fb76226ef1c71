// What must hold while PostgreSQL comes and goes.
#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <thread>

#include "services/store/postgres/battle_store.hpp"
#include "services/store/postgres/session.hpp"
#include "tests/integration/store/writer_fixture.hpp"

namespace agon::test {
namespace {

constexpr store::statement sleep_for{"test_sleep", "select pg_sleep($1::float8)"};
constexpr store::statement one{"test_one", "select 1"};

// Callers that vote without pause, each as another participant, and again with the same key
// until they have a receipt.
class stream_of_votes {
 public:
  stream_of_votes(store::judgment_writer& writer, std::vector<battle_id> battles)
      : battles_(std::move(battles)), thread_([this, &writer] {
          boost::asio::io_context context;
          for (int i = 0; i < 16; ++i)
            boost::asio::co_spawn(context, caller(writer), boost::asio::detached);
          context.run();
        }) {}
  ~stream_of_votes() { finish(); }
  stream_of_votes(const stream_of_votes&) = delete;
  stream_of_votes& operator=(const stream_of_votes&) = delete;

  void wait_for(int more) const {
    const int until = acknowledged + more;
    while (acknowledged < until) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  void finish() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  std::atomic<int> acknowledged = 0;
  std::vector<std::string> keys;  // of acknowledged votes; read after finish()

 private:
  awaitable<void> caller(store::judgment_writer& writer) {
    while (!stop_) {
      arena::submission s = vote_on(battles_[next_++ % battles_.size()]);
      if (acknowledged % 3 == 0) s.judgments.push_back(comment("why_a"));
      const arena::decision vote = [s](const arena::ballot&) { return s; };
      while (true) {
        const auto answer = co_await writer.record(s.battle, vote);
        if (answer) break;
        EXPECT_EQ(answer.error().code, errc::unavailable) << answer.error().detail;
        // Another key could be lost or kept: what was not acknowledged is not counted.
        if (stop_) co_return;
      }
      keys.push_back(s.idempotency_key);
      ++acknowledged;
    }
  }

  const std::vector<battle_id> battles_;
  std::size_t next_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

class faults : public writer_fixture {
 protected:
  // Every acknowledged vote is there, and no vote is there twice.
  void expect_exactly(const stream_of_votes& votes) {
    EXPECT_EQ(db.value("select count(*) - count(distinct idempotency_key) from agon.judgment"
                       " where kind = 'comparison'"),
              "0");
    std::string list;
    for (const std::string& k : votes.keys) list += (list.empty() ? "('" : ",('") + k + "')";
    EXPECT_EQ(db.value("select count(*) from (values " + list +
                       ") k (key) where not exists (select from agon.judgment j where"
                       " j.idempotency_key = k.key and j.kind = 'comparison')"),
              "0");
  }
  postgres_server& server = postgres_server::instance();
};

TEST_F(faults, restart_under_votes_loses_none_and_doubles_none) {
  stream_of_votes votes(writer(), add_ready_battles(db, 50));
  for (int i = 0; i < 2; ++i) {
    votes.wait_for(200);
    server.stop();
    server.start();
  }
  votes.wait_for(200);
  votes.finish();
  expect_exactly(votes);
}

TEST_F(faults, crash_under_votes_loses_none_and_doubles_none) {
  stream_of_votes votes(writer(), add_ready_battles(db, 50));
  for (int i = 0; i < 2; ++i) {
    votes.wait_for(200);
    server.kill();
    server.start();
  }
  votes.wait_for(200);
  votes.finish();
  expect_exactly(votes);
}

TEST_F(faults, killed_sessions_under_votes_lose_none_and_double_none) {
  stream_of_votes votes(writer(), add_ready_battles(db, 50));
  for (int i = 0; i < 10; ++i) {
    votes.wait_for(50);
    db.sql(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name = 'agon' and datname = current_database()");
  }
  votes.wait_for(50);
  votes.finish();
  expect_exactly(votes);
}

TEST_F(faults, vote_is_told_unavailable_when_the_database_stays_away) {
  settings.deadline = std::chrono::milliseconds(300);
  ASSERT_TRUE(record(vote_on(new_id<battle_id>())));
  server.stop();
  const auto answer = record(vote_on(new_id<battle_id>()));
  server.start();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::unavailable);
  EXPECT_TRUE(answer.error().retry_after);
}

TEST_F(faults, frozen_database_does_not_hold_callers_beyond_their_deadline) {
  settings.deadline = std::chrono::milliseconds(300);
  arena::submission s = vote_on(new_id<battle_id>());
  ASSERT_TRUE(record(vote_on(new_id<battle_id>())));
  server.freeze();
  const auto answer = record(s);
  const auto call = run(pool.run({.name = "one", .deadline = std::chrono::milliseconds(300)},
                                 [](store::session& d) { d.exec(one); }));
  server.thaw();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::unavailable);
  ASSERT_FALSE(call);
  EXPECT_EQ(call.error().code, errc::timeout);
  // The outcome was unknown to the caller: the same key tells it.
  result<arena::recorded> again = record(s);
  while (!again) again = record(s);
  EXPECT_EQ(rows(), "2");
}

TEST_F(faults, calls_wait_for_a_database_that_comes_back) {
  ASSERT_TRUE(run(pool.run({.name = "one"}, [](store::session& d) { d.exec(one); })));
  server.stop();
  std::optional<result<void>> answer;
  boost::asio::io_context context;
  boost::asio::co_spawn(context,
                        pool.run({.name = "one", .deadline = std::chrono::seconds(30)},
                                 [](store::session& d) { d.exec(one); }),
                        [&](std::exception_ptr, result<void> r) { answer = r; });
  context.run_for(std::chrono::milliseconds(300));
  EXPECT_FALSE(answer);
  EXPECT_FALSE(pool.connected());
  server.start();
  context.restart();
  context.run();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(*answer);
  EXPECT_TRUE(pool.connected());
}

TEST_F(faults, call_whose_connection_breaks_is_tried_again_only_if_it_may) {
  for (const bool retry : {true, false}) {
    int tries = 0;
    const auto answer = run(pool.run({.name = "dies", .retry = retry}, [&](store::session& d) {
      if (++tries > 1) return;
      db.sql(
          "select pg_terminate_backend(pid) from pg_stat_activity"
          " where application_name = 'agon' and datname = current_database()");
      d.exec(one);
    }));
    EXPECT_EQ(tries, retry ? 2 : 1);
    EXPECT_EQ(static_cast<bool>(answer), retry);
    if (!answer) EXPECT_EQ(answer.error().code, errc::unavailable);
  }
}

TEST_F(faults, connections_that_broke_while_idle_cost_no_call) {
  ASSERT_TRUE(run(pool.run({.name = "one"}, [](store::session& d) { d.exec(one); })));
  server.stop();
  server.start();
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(run(pool.run({.name = "one"}, [](store::session& d) { d.exec(one); })));
}

TEST_F(faults, statement_that_takes_too_long_is_ended) {
  store::connection_settings slow = db.settings();
  slow.statement_timeout = std::chrono::milliseconds(50);
  store::pool p({.connection = slow, .connections = 1, .reconnect = {}}, random);
  const auto answer = run(
      p.run({.name = "sleep"}, [](store::session& d) { d.exec(sleep_for, std::string("30")); }));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, errc::timeout);
  EXPECT_TRUE(run(p.run({.name = "one"}, [](store::session& d) { d.exec(one); })));
}

TEST_F(faults, full_queue_of_calls_is_told) {
  connection other(db);
  other.sql("begin; lock table agon.arena in access exclusive mode");
  store::pool p({.connection = db.settings(), .connections = 1, .queue = 2, .reconnect = {}},
                random);
  static constexpr store::statement read{"test_read", "select count(*) from agon.arena"};
  boost::asio::io_context context;
  int refused = 0;
  int answered = 0;
  for (int i = 0; i < 10; ++i)
    boost::asio::co_spawn(context, p.run({.name = "read"}, [](store::session& d) { d.exec(read); }),
                          [&](std::exception_ptr, result<void> r) {
                            if (r) {
                              ++answered;
                              return;
                            }
                            EXPECT_EQ(r.error().code, errc::overloaded);
                            if (++refused == 1) other.sql("commit");
                          });
  context.run();
  EXPECT_GE(answered, 2);
  EXPECT_LE(answered, 3);
  EXPECT_EQ(answered + refused, 10);
}

TEST_F(faults, look_ups_survive_a_restart) {
  const auto battles =
      store::make_battle_store(pool, {.connection = db.settings(), .reconnect = {}}, random);
  const battle_id id = add_ready_battles(db, 1).front();
  ASSERT_TRUE(run(battles->find(id)));
  server.stop();
  server.start();
  EXPECT_TRUE(run(battles->find(id)));
}

}  // namespace
}  // namespace agon::test

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "privacy/crypto/random.hpp"
#include "services/store/redis/redis_client.hpp"
#include "services/store/redis/redis_limiter.hpp"
#include "tests/integration/redis_fixture.hpp"
#include "tests/integration/run.hpp"

namespace agon::test {
namespace {

using store::redis_reply;

class redis : public testing::Test {
 protected:
  store::redis_client& client() {
    if (!client_) client_ = std::make_unique<store::redis_client>(settings(), random);
    return *client_;
  }
  // Waits for what the client notices by itself.
  void wait_until_connected(bool wanted) {
    while (client().connected() != wanted)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  result<redis_reply> command(std::vector<std::string> words) {
    return run(client().command(std::move(words)));
  }
  store::redis_settings settings() const {
    store::redis_settings s;
    s.url = server.url();
    s.command_timeout = timeout;
    s.patience = std::chrono::milliseconds(200);
    return s;
  }

  std::chrono::milliseconds timeout{10'000};  // a busy machine must not fail a test
  crypto::system_random random;
  redis_server server;

 private:
  std::unique_ptr<store::redis_client> client_;
};

TEST_F(redis, replies_of_every_kind_come_back) {
  server.start();
  wait_until_connected(true);
  const std::string binary("a\0\r\nb", 5);
  EXPECT_EQ(command({"SET", "k", binary})->text, "OK");
  EXPECT_EQ(command({"GET", "k"})->text, binary);
  EXPECT_EQ(command({"GET", "none"})->kind, redis_reply::type::nil);
  EXPECT_EQ(command({"INCR", "n"})->integer, 1);
  EXPECT_EQ(command({"NONSENSE"})->kind, redis_reply::type::error);
  const auto array = command({"MGET", "k", "none", "n"});
  ASSERT_EQ(array->elements.size(), 3U);
  EXPECT_EQ(array->elements[2].text, "1");
}

TEST_F(redis, command_is_refused_at_once_while_redis_is_away) {
  EXPECT_EQ(command({"PING"}).error().code, errc::unavailable);
}

TEST_F(redis, client_finds_redis_when_it_comes_and_when_it_comes_back) {
  EXPECT_FALSE(client().connected());
  server.start();
  wait_until_connected(true);
  EXPECT_TRUE(command({"PING"}));
  server.kill();
  wait_until_connected(false);
  EXPECT_FALSE(command({"PING"}));
  server.start();
  wait_until_connected(true);
  EXPECT_TRUE(command({"PING"}));
}

TEST_F(redis, hanging_redis_costs_one_timeout_and_is_dropped) {
  timeout = std::chrono::milliseconds(50);
  server.start();
  wait_until_connected(true);
  server.freeze();
  EXPECT_EQ(command({"PING"}).error().code, errc::timeout);
  EXPECT_EQ(command({"PING"}).error().code, errc::unavailable) << "nobody waits a second time";
  server.thaw();
  wait_until_connected(true);
}

TEST_F(redis, commands_at_once_each_get_their_own_reply) {
  server.start();
  wait_until_connected(true);
  boost::asio::io_context context;
  int right = 0;
  for (int i = 0; i < 200; ++i)
    boost::asio::co_spawn(context, client().command({"ECHO", std::to_string(i)}),
                          [&, i](std::exception_ptr, result<redis_reply> r) {
                            if (r && r->text == std::to_string(i)) ++right;
                          });
  context.run();
  EXPECT_EQ(right, 200);
}

TEST_F(redis, messages_are_heard_again_after_redis_was_away) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> heard;
  int standing = 0;
  client().subscribe(
      "boards",
      [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        heard.push_back(text);
        changed.notify_all();
      },
      [&] {
        const std::lock_guard lock(mutex);
        ++standing;
        changed.notify_all();
      });
  for (int round = 1; round <= 2; ++round) {
    server.start();
    wait_until_connected(true);
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return standing == round; });
    }
    ASSERT_EQ(command({"PUBLISH", "boards", std::to_string(round)})->integer, 1);
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return heard.size() == static_cast<std::size_t>(round); });
    EXPECT_EQ(heard.back(), std::to_string(round));
    lock.unlock();
    server.kill();
    wait_until_connected(false);
  }
  client().stop();
}

TEST_F(redis, limiter_counts_for_all_servers) {
  server.start();
  wait_until_connected(true);
  store::redis_client other(settings(), random);
  while (!other.connected()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  integrity::process_limiter mine, theirs;
  store::redis_limiter here(client(), mine);
  store::redis_limiter there(other, theirs);
  const integrity::limit slow{3, 0.001};
  EXPECT_TRUE(run(here.take("battles", "me", slow)));
  EXPECT_TRUE(run(there.take("battles", "me", slow)));
  EXPECT_TRUE(run(here.take("battles", "me", slow)));
  const auto refused = run(there.take("battles", "me", slow));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::too_many_requests);
  EXPECT_GT(refused.error().retry_after, std::chrono::hours(1));
  EXPECT_TRUE(run(there.take("battles", "you", slow)));
  EXPECT_TRUE(run(there.take("views", "me", slow)));
}

TEST_F(redis, limiter_refills_and_forgets_full_buckets) {
  server.start();
  wait_until_connected(true);
  integrity::process_limiter unused;
  store::redis_limiter limiter(client(), unused);
  const integrity::limit fast{1, 600'000};  // a token every tenth of a millisecond
  EXPECT_TRUE(run(limiter.take("s", "k", fast)));
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(run(limiter.take("s", "k", fast)));
  const auto keys = command({"KEYS", "*"});
  ASSERT_EQ(keys->elements.size(), 1U);
  EXPECT_THAT(keys->elements[0].text, testing::Not(testing::HasSubstr("k:"))) << "hashed";
  EXPECT_GT(command({"PTTL", keys->elements[0].text})->integer, 0);
}

TEST_F(redis, limiter_goes_on_alone_while_redis_is_away) {
  integrity::process_limiter process;
  store::redis_limiter limiter(client(), process);
  const integrity::limit slow{2, 0.001};
  EXPECT_TRUE(run(limiter.take("s", "k", slow)));
  EXPECT_TRUE(run(limiter.take("s", "k", slow)));
  EXPECT_EQ(run(limiter.take("s", "k", slow)).error().code, errc::too_many_requests);
}

}  // namespace
}  // namespace agon::test

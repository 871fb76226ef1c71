// What happens to clients when the server goes.
#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <future>
#include <thread>

#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

using namespace std::chrono_literals;
using testing::live_server;
using testing::raw_client;

// A handler that holds its request until let go.
class gate {
 public:
  explicit gate(live_server& server) : loop_(server.threads().loop()), timer_(loop_) {
    timer_.expires_at(boost::asio::steady_timer::time_point::max());
    server.routes().add(method::get, "/held", [this](const request&) { return hold(); });
  }
  void wait_until_entered() { entered_.get_future().wait(); }
  void open() {
    boost::asio::post(loop_, [this] { timer_.cancel(); });
  }

 private:
  awaitable<response> hold() {
    entered_.set_value();
    [[maybe_unused]] const auto opened =
        co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    co_return json("finished");
  }

  boost::asio::io_context& loop_;
  boost::asio::steady_timer timer_;
  std::promise<void> entered_;
};

TEST(http_drain, running_request_is_finished_and_answered) {
  live_server server;
  gate held(server);
  server.start();
  raw_client client(server.port());
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  held.wait_until_entered();
  auto drained = std::async(std::launch::async, [&] { return server.get().drain(); });
  while (!server.get().draining()) std::this_thread::yield();
  held.open();
  const auto a = client.read_answer();
  EXPECT_EQ(a.body, "finished");
  EXPECT_EQ(a.header("connection"), "close");
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(drained.get());
}

TEST(http_drain, idle_connections_are_closed_and_new_ones_refused) {
  live_server server({}, 2);
  server.on(method::get, "/hello", [](const request&) { return json("{}"); });
  server.start();
  raw_client used(server.port());
  used.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(used.read_answer().status, 200);
  raw_client silent(server.port());
  while (server.get().connections() < 2) std::this_thread::yield();
  EXPECT_TRUE(server.get().drain());
  EXPECT_TRUE(used.at_end());
  EXPECT_TRUE(silent.at_end());
  EXPECT_THROW(raw_client(server.port()), std::runtime_error);
}

TEST(http_drain, what_is_left_at_the_deadline_is_cut) {
  server_options options;
  options.timeouts.drain = 50ms;
  live_server server(options);
  gate held(server);
  server.start();
  raw_client client(server.port());
  client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
  held.wait_until_entered();
  EXPECT_FALSE(server.get().drain());
  EXPECT_EQ(client.read_answer().status, 0);
}

TEST(http_drain, server_may_be_destroyed_without_it) {
  live_server server;
  server.on(method::get, "/hello", [](const request&) { return json("{}"); });
  server.start();
  EXPECT_EQ(server.get("/hello").status, 200);
  EXPECT_TRUE(server.get().drain());
  EXPECT_TRUE(server.get().drain()) << "a second time does nothing";
}

}  // namespace
}  // namespace agon::http

// Slow, greedy and too many clients.
#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <thread>

#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::live_server;
using testing::raw_client;

constexpr std::string_view get_hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

// Long enough that only the timeout under test can pass.
server_timeouts patient() {
  return {.header = 60s, .body = 60s, .idle = 60s, .request = 60s, .write = 60s};
}

void add_hello(live_server& server) {
  server.on(method::get, "/hello", [](const request&) { return json("{}"); });
  server.on(method::post, "/echo", [](const request& r) { return json(std::string(r.body)); });
}

// A handler that waits until it is cancelled.
awaitable<response> wait_for_ever(const request&) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_at(boost::asio::steady_timer::time_point::max());
  co_await timer.async_wait(boost::asio::deferred);
  co_return json("{}");
}

TEST(http_limits, slow_headers_time_out_with_408) {
  server_options options;
  options.timeouts = patient();
  options.timeouts.header = 100ms;
  live_server server(options);
  add_hello(server);
  server.start();
  raw_client client(server.port());
  client.send("GET /hello HTTP/1.1\r\nHos");
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_TRUE(client.at_end());
}

TEST(http_limits, slow_body_times_out_with_408) {
  server_options options;
  options.timeouts = patient();
  options.timeouts.body = 100ms;
  live_server server(options);
  add_hello(server);
  server.start();
  raw_client client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Content-Length: 10\r\n\r\n{");
  EXPECT_EQ(client.read_answer().status, 408);
}

TEST(http_limits, silent_client_is_closed_without_a_word) {
  server_options options;
  options.timeouts = patient();
  options.timeouts.header = 100ms;
  live_server server(options);
  add_hello(server);
  server.start();
  raw_client client(server.port());
  EXPECT_TRUE(client.at_end());
}

TEST(http_limits, idle_connection_is_closed_after_an_answer) {
  server_options options;
  options.timeouts = patient();
  options.timeouts.idle = 100ms;
  live_server server(options);
  add_hello(server);
  server.start();
  raw_client client(server.port());
  client.send(get_hello);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST(http_limits, overdue_handler_is_cancelled_and_answered_with_504) {
  server_options options;
  options.timeouts = patient();
  options.timeouts.request = 100ms;
  live_server server(options);
  add_hello(server);
  server.routes().add(method::get, "/waits", wait_for_ever);
  server.start();
  raw_client client(server.port());
  client.send("GET /waits HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 504);
  client.send(get_hello);
  EXPECT_EQ(client.read_answer().status, 200) << "the connection lives on";
}

TEST(http_limits, reader_that_stops_is_dropped) {
  server_options options;
  options.timeouts = patient();
  options.timeouts.write = 100ms;
  live_server server(options);
  const auto large = std::make_shared<const std::string>(64'000'000, 'x');
  server.on(method::get, "/large", [large](const request&) { return response{.body = large}; });
  server.start();
  raw_client client(server.port());
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  while (server.get().connections() == 0) std::this_thread::yield();
  while (server.get().connections() > 0) std::this_thread::yield();
  EXPECT_EQ(client.read_answer().status, 0) << "cut short";
}

TEST(http_limits, slow_reader_that_goes_on_gets_everything) {
  live_server server;
  const auto large = std::make_shared<const std::string>(5'000'000, 'x');
  server.on(method::get, "/large", [large](const request&) { return response{.body = large}; });
  server.start();
  const answer a = server.get("/large");
  EXPECT_EQ(a.body.size(), large->size());
}

TEST(http_limits, connection_over_the_cap_gets_503_and_room_comes_back) {
  server_options options;
  options.max_connections = 2;
  live_server server(options);
  add_hello(server);
  server.start();
  {
    raw_client first(server.port());
    raw_client second(server.port());
    for (raw_client* c : {&first, &second}) {
      c->send(get_hello);
      EXPECT_EQ(c->read_answer().status, 200);
    }
    raw_client third(server.port());
    third.send(get_hello);
    const answer refused = third.read_answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "5");
    EXPECT_EQ(refused.header("content-type"), "application/problem+json");
    EXPECT_TRUE(third.at_end());
  }
  while (server.get().connections() > 0) std::this_thread::yield();
  EXPECT_EQ(server.get("/hello").status, 200);
}

TEST(http_limits, one_address_cannot_take_all_connections) {
  server_options options;
  options.connections_per_address = 1;
  options.unlimited_addresses = {};
  live_server server(options);
  add_hello(server);
  server.start();
  {
    raw_client first(server.port());
    first.send(get_hello);
    EXPECT_EQ(first.read_answer().status, 200);
    raw_client second(server.port());
    second.send(get_hello);
    const answer refused = second.read_answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "5");
  }
  while (server.get().connections() > 0) std::this_thread::yield();
  EXPECT_EQ(server.get("/hello").status, 200);
}

TEST(http_limits, port_in_use_is_said_clearly) {
  live_server server;
  add_hello(server);
  server.start();
  http::server second(server.threads(), server.routes(), server.registry(),
                      {.port = server.port()});
  try {
    second.start();
    FAIL() << "started twice on one port";
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("another program uses it"), std::string::npos);
  }
}

TEST(http_limits, senseless_options_are_refused) {
  io_threads threads(1);
  metrics::registry registry;
  router routes;
  const auto make = [&](server_options o) { server s(threads, routes, registry, std::move(o)); };
  EXPECT_THROW(make({.max_connections = 0}), std::invalid_argument);
  EXPECT_THROW(make({.allowed_origins = {"example.org"}}), std::invalid_argument);
  EXPECT_THROW(make({.trusted_proxies = {"everyone"}}), std::invalid_argument);
  EXPECT_THROW(make({.certificate_chain = "chain.pem"}), std::invalid_argument);
  EXPECT_THROW(make({.certificate_chain = "/nowhere", .private_key = "/nowhere"}),
               std::runtime_error);
}

TEST(http_limits, many_clients_on_two_loops_are_all_served) {
  live_server server({}, 2);
  add_hello(server);
  server.start();
  std::vector<std::thread> clients;
  std::atomic<int> served{0};
  for (int t = 0; t < 4; ++t)
    clients.emplace_back([&] {
      for (int c = 0; c < 5; ++c) {
        raw_client client(server.port());
        for (int i = 0; i < 50; ++i) {
          client.send(get_hello);
          if (client.read_answer().status == 200) ++served;
        }
      }
    });
  for (auto& t : clients) t.join();
  EXPECT_EQ(served.load(), 4 * 5 * 50);
}

}  // namespace
}  // namespace agon::http

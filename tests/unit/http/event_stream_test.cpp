#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "services/http/event_channel.hpp"
#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::live_server;
using testing::raw_client;

std::string text_of(const event& e) {
  std::string out;
  append_event(out, e);
  return out;
}

TEST(event_format, splits_data_into_lines) {
  EXPECT_EQ(text_of({.id = "7", .name = "board", .data = "{}"}),
            "id: 7\nevent: board\ndata: {}\n\n");
  EXPECT_EQ(text_of({.data = "a\nb\r\nc\rd"}), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(text_of({.data = ""}), "data: \n\n");
  EXPECT_EQ(text_of({.data = "x\n"}), "data: x\ndata: \n\n");
}

TEST(event_format, refuses_line_breaks_in_names_and_ids) {
  for (const std::string& bad : {std::string("a\nb"), std::string("\r"), std::string("a\0b", 3)}) {
    EXPECT_THROW(text_of({.id = bad, .data = "x"}), std::invalid_argument);
    EXPECT_THROW(text_of({.name = bad, .data = "x"}), std::invalid_argument);
  }
}

awaitable<void> sleep_for_ever() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_at(boost::asio::steady_timer::time_point::max());
  co_await timer.async_wait(boost::asio::deferred);
}

response stream(std::function<awaitable<void>(event_sink&)> run) {
  return {.body = event_stream{std::move(run)}};
}

// Counts from the last id that the client has seen, then waits.
response count_from(const request& r) {
  const std::string last(r.header("last-event-id"));
  const int first = last.empty() ? 1 : std::stoi(last) + 1;
  return stream([first](event_sink& sink) -> awaitable<void> {
    for (int i = first; i < first + 3; ++i) {
      event e{.id = std::to_string(i), .name = "count", .data = "n" + std::to_string(i)};
      const bool open = co_await sink.send(std::move(e));
      if (!open) co_return;
    }
    co_await sleep_for_ever();
  });
}

class event_streams : public ::testing::Test {
 protected:
  explicit event_streams(server_options options = {}) : server_(std::move(options)) {
    server_.on(method::get, "/count", count_from);
    server_.on(method::get, "/ends", [](const request&) {
      return stream([](event_sink& sink) -> awaitable<void> {
        [[maybe_unused]] const bool sent = co_await sink.send({.data = "last"});
      });
    });
    server_.on(method::get, "/throws", [](const request&) {
      return stream([](event_sink&) -> awaitable<void> {
        throw std::runtime_error("secret");
        co_return;
      });
    });
    server_.on(method::get, "/flood", [this](const request&) {
      return stream([this](event_sink& sink) -> awaitable<void> {
        for (;;) {
          const bool open = co_await sink.send({.data = std::string(100'000, 'x')});
          if (!open) break;
        }
        flood_ended_.set_value(sink.closed());
      });
    });
  }

  void open(raw_client& client, std::string_view path, std::string_view headers = "") {
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n" + std::string(headers) +
                "\r\n");
  }

  live_server server_;
  std::promise<bool> flood_ended_;
};

TEST_F(event_streams, begin_with_retry_and_carry_ids) {
  server_.start();
  raw_client client(server_.port());
  open(client, "/count");
  const std::string head = client.read_until("\r\n\r\n");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n")) << head;
  EXPECT_NE(head.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_NE(head.find("Cache-Control: no-store\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(client.read_until("\n\n").starts_with("retry: "));
  EXPECT_EQ(client.read_until("\n\n"), "id: 1\nevent: count\ndata: n1\n\n");
}

TEST_F(event_streams, resume_after_the_last_id) {
  server_.start();
  raw_client client(server_.port());
  open(client, "/count", "Last-Event-ID: 41\r\n");
  client.read_until("\r\n\r\n");
  client.read_until("\n\n");
  EXPECT_EQ(client.read_until("\n\n"), "id: 42\nevent: count\ndata: n42\n\n");
}

TEST_F(event_streams, end_with_their_handler) {
  server_.start();
  raw_client client(server_.port());
  open(client, "/ends");
  const std::string all = client.read_until("never there");
  EXPECT_TRUE(all.ends_with("data: last\n\n")) << all;
}

TEST_F(event_streams, that_throw_end_without_the_message) {
  server_.start();
  raw_client client(server_.port());
  open(client, "/throws");
  EXPECT_EQ(client.read_until("never there").find("secret"), std::string::npos);
  EXPECT_EQ(server_.get("/nothing").status, 404) << "the server lives on";
}

TEST_F(event_streams, head_gets_the_headers_alone) {
  server_.start();
  raw_client client(server_.port());
  client.send("HEAD /count HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).header("content-type"), "text/event-stream");
  EXPECT_TRUE(client.at_end());
}

TEST_F(event_streams, client_that_leaves_ends_the_stream) {
  server_.start();
  {
    raw_client client(server_.port());
    open(client, "/count");
    client.read_until("n3\n\n");
  }
  while (server_.get().connections() > 0) std::this_thread::yield();
}

TEST_F(event_streams, drain_ends_streams_that_wait) {
  server_.start();
  raw_client client(server_.port());
  open(client, "/count");
  client.read_until("n3\n\n");
  EXPECT_TRUE(server_.get().drain());
  EXPECT_TRUE(client.at_end());
}

class silent_streams : public event_streams {
 protected:
  static server_options options() {
    server_options o;
    o.timeouts.heartbeat = 20ms;
    return o;
  }
  silent_streams() : event_streams(options()) {}
};

TEST_F(silent_streams, send_heartbeats) {
  server_.start();
  raw_client client(server_.port());
  open(client, "/count");
  client.read_until("n3\n\n");
  EXPECT_EQ(client.read_until("\n\n"), ":\n\n");
  EXPECT_EQ(client.read_until("\n\n"), ":\n\n");
}

class stuck_streams : public event_streams {
 protected:
  static server_options options() {
    server_options o;
    o.timeouts.write = 100ms;
    return o;
  }
  stuck_streams() : event_streams(options()) {}
};

TEST_F(stuck_streams, client_that_does_not_read_is_dropped) {
  server_.start();
  raw_client client(server_.port());
  open(client, "/flood");
  EXPECT_TRUE(flood_ended_.get_future().get()) << "the sink is closed";
}

class few_streams : public event_streams {
 protected:
  static server_options options() {
    server_options o;
    o.max_streams = 1;
    return o;
  }
  few_streams() : event_streams(options()) {}
};

TEST_F(few_streams, one_too_many_is_told_to_come_again) {
  server_.start();
  raw_client first(server_.port());
  open(first, "/count");
  first.read_until("n1\n\n");
  const answer second = server_.get("/count");
  EXPECT_EQ(second.status, 503);
  EXPECT_EQ(second.header("retry-after"), "10");
}

class few_streams_each : public event_streams {
 protected:
  static server_options options() {
    server_options o;
    o.streams_per_address = 1;
    o.trusted_proxies = {"127.0.0.1"};
    return o;
  }
  few_streams_each() : event_streams(options()) {}
};

TEST_F(few_streams_each, one_address_cannot_take_all) {
  server_.start();
  raw_client first(server_.port());
  open(first, "/count", "X-Forwarded-For: 192.0.2.1\r\n");
  first.read_until("n1\n\n");
  const answer second = server_.get("/count", "X-Forwarded-For: 192.0.2.1\r\n");
  EXPECT_EQ(second.status, 429);
  EXPECT_EQ(second.header("retry-after"), "10");
  raw_client other(server_.port());
  open(other, "/count", "X-Forwarded-For: 192.0.2.2\r\n");
  EXPECT_NE(other.read_until("n1\n\n").find("n1"), std::string::npos);
}

}  // namespace
}  // namespace agon::http

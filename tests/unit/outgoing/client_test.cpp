// The client against servers that behave, and against servers that do not.
#include "services/outgoing/client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "tests/unit/outgoing/scripted_server.hpp"

namespace agon::outgoing::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class outgoing_client : public ::testing::Test {
 protected:
  ~outgoing_client() override {
    threads.stop();
    threads.join();
  }
  // No pauses worth waiting for, and no breaker, unless a test sets them.
  static client_options to(const std::string& url) {
    client_options o;
    const auto parsed = parse_endpoint(url);
    if (!parsed) throw std::runtime_error(parsed.error().detail);
    o.target = *parsed;
    o.retries.first = 1ms;
    o.breaking.failures = 1000;
    return o;
  }
  std::unique_ptr<client> make(client_options o) {
    auto made = make_client(threads.get_executor(), std::move(o), random);
    if (!made) throw std::runtime_error(made.error().detail);
    return std::move(*made);
  }
  template <class T>
  std::future<T> start(awaitable<T> work) {
    return asio::co_spawn(threads, std::move(work), asio::use_future);
  }
  template <class T>
  T wait_for(awaitable<T> work) {
    return start(std::move(work)).get();
  }
  static request post(std::string body = "{}") {
    request r;
    r.target = "/ask";
    r.body = std::move(body);
    return r;
  }
  static request get() {
    request r = post("");
    r.post = false;
    return r;
  }
  errc failure(client_options o, request r = post()) {
    const auto c = make(std::move(o));
    const auto got = wait_for(c->fetch(std::move(r)));
    return got ? errc::internal : got.error().code;
  }

  crypto::system_random random;
  asio::thread_pool threads{2};
};

// Answers every request with what the function says.
scripted_server::script always(std::function<void(peer&)> f) {
  return [f = std::move(f)](peer& p, int) {
    while (!p.read_request().empty()) f(p);
  };
}

TEST_F(outgoing_client, request_is_written_as_it_should) {
  std::promise<std::string> seen;
  scripted_server server([&](peer& p, int) {
    seen.set_value(p.read_request());
    p.answer("{\"a\": 1}", "application/json", "200 OK", "X-Kind: Good\r\n");
  });
  auto o = to(server.url() + "/v1/");
  o.secret_headers = {{"Authorization", secret("Bearer k")}};
  const auto c = make(std::move(o));
  request r = post("{\"q\": 2}");
  r.headers = {{"X-Trace", "7"}};
  const auto got = wait_for(c->fetch(r));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 200U);
  EXPECT_EQ(got->body, "{\"a\": 1}");
  EXPECT_EQ(got->header("x-kind"), "Good");
  EXPECT_EQ(got->attempts, 1U);
  EXPECT_EQ(seen.get_future().get(),
            "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nUser-Agent: agon\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n"
                "Content-Type: application/json\r\nContent-Length: 8\r\nX-Trace: 7\r\n"
                "Authorization: Bearer k\r\n\r\n{\"q\": 2}");
}

TEST_F(outgoing_client, header_that_would_split_the_request_is_refused) {
  scripted_server server(always([](peer& p) { p.answer("{}"); }));
  auto o = to(server.url());
  o.secret_headers = {{"Authorization", secret("a\r\nHost: other")}};
  EXPECT_FALSE(make_client(threads.get_executor(), o, random));
  const auto c = make(to(server.url()));
  request r = post();
  r.headers = {{"X", "a\nb"}};
  EXPECT_FALSE(wait_for(c->fetch(r)));
  r = post();
  r.target = "/a b";
  EXPECT_FALSE(wait_for(c->fetch(r)));
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(outgoing_client, every_framing_is_understood) {
  const char* answers[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: "
      "r\r\n\r\n",
      "HTTP/1.0 200 OK\r\n\r\nhello",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  };
  for (const char* bytes : answers) {
    for (const bool slowly : {false, true}) {
      scripted_server server([&](peer& p, int) {
        p.read_request();
        if (!slowly) p.send(bytes);
        for (const char* c = bytes; slowly && *c != '\0'; ++c) p.send(std::string(1, *c));
      });
      const auto c = make(to(server.url()));
      const auto got = wait_for(c->fetch(post()));
      ASSERT_TRUE(got) << bytes << got.error().detail;
      EXPECT_EQ(got->body, "hello");
      EXPECT_EQ(got->header("t"), "") << "trailers are passed over";
    }
  }
}

TEST_F(outgoing_client, connections_are_used_again) {
  scripted_server server(always([](peer& p) { p.answer("{}"); }));
  const auto c = make(to(server.url()));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(wait_for(c->fetch(post())));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(outgoing_client, connection_that_was_closed_meanwhile_is_replaced) {
  // Closes each connection after the second request has come, without an answer to it.
  scripted_server server([](peer& p, int number) {
    p.read_request();
    p.answer("{}");
    p.read_request();
    if (number == 2) p.answer("{}");
  });
  const auto c = make(to(server.url()));
  ASSERT_TRUE(wait_for(c->fetch(post())));
  const auto second = wait_for(c->fetch(post()));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->attempts, 1U);
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(outgoing_client, answer_that_forbids_it_keeps_no_connection) {
  scripted_server server(always(
      [](peer& p) { p.answer("{}", "application/json", "200 OK", "Connection: close\r\n"); }));
  const auto c = make(to(server.url()));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(wait_for(c->fetch(post())));
  EXPECT_EQ(server.connections(), 3);
}

TEST_F(outgoing_client, too_many_at_a_time_are_refused) {
  scripted_server server([](peer& p, int) { p.wait_for_end(); });
  auto o = to(server.url());
  o.connections = 1;
  o.times.first_byte = 500ms;
  const auto c = make(std::move(o));
  auto first = start(c->fetch(post()));
  while (server.connections() == 0) std::this_thread::yield();
  const auto second = wait_for(c->fetch(post()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::overloaded);
  EXPECT_EQ(first.get().error().code, errc::timeout);
}

TEST_F(outgoing_client, events_come_as_they_are_sent_and_enough_is_enough) {
  std::promise<void> first_seen;
  scripted_server server([&](peer& p, int) {
    while (!p.read_request().empty()) {
      p.start_events();
      p.event("one");
      first_seen.get_future().wait();  // the client has it before the second is sent
      p.chunk("da");
      p.chunk("ta: tw");
      p.chunk("o\r\n\r\n: ping\n\nevent: x\ndata: three\ndata:lines\n\n");
      p.event("[DONE]");
      p.chunk("");
    }
  });
  const auto c = make(to(server.url()));
  std::vector<std::string> all;
  const auto got = wait_for(c->fetch_events(post(), [&](const event& e) -> result<bool> {
    if (all.empty()) first_seen.set_value();
    all.push_back(e.type + ":" + e.data);
    return e.data != "[DONE]";
  }));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_THAT(all, ::testing::ElementsAre("message:one", "message:two", "x:three\nlines",
                                          "message:[DONE]"));
  first_seen = std::promise<void>();
}

TEST_F(outgoing_client, stream_that_goes_on_after_the_last_event_is_left) {
  scripted_server server([&](peer& p, int) {
    p.read_request();
    p.start_events();
    while (p.event("again")) {
    }
  });
  const auto c = make(to(server.url()));
  const auto got =
      wait_for(c->fetch_events(post(), [](const event&) -> result<bool> { return false; }));
  EXPECT_TRUE(got);
}

TEST_F(outgoing_client, error_of_the_sink_ends_the_exchange) {
  scripted_server server([&](peer& p, int) {
    p.read_request();
    p.start_events();
    while (p.event("nonsense")) {
    }
  });
  const auto c = make(to(server.url()));
  const auto got = wait_for(c->fetch_events(post(), [](const event&) -> result<bool> {
    return fail(errc::unsupported, "This is not for us.");
  }));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::unsupported);
}

TEST_F(outgoing_client, silence_in_each_phase_ends) {
  scripted_server mute([](peer& p, int) { p.wait_for_end(); });
  scripted_server drips([](peer& p, int) {
    p.read_request();
    p.send("HTTP/1.1 200 OK\r\n");
    while (p.send("X-A: b\r\n")) std::this_thread::sleep_for(10ms);
  });
  scripted_server stops([](peer& p, int) {
    p.read_request();
    p.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    p.wait_for_end();
  });
  scripted_server never_ends([](peer& p, int) {
    p.read_request();
    p.start_events();
    while (p.event("x")) std::this_thread::sleep_for(5ms);
  });
  auto o = to(mute.url());
  o.times.first_byte = 100ms;
  EXPECT_EQ(failure(o), errc::timeout);
  o = to(drips.url());
  o.times.first_byte = 100ms;
  EXPECT_EQ(failure(o), errc::timeout);
  o = to(stops.url());
  o.times.idle = 100ms;
  EXPECT_EQ(failure(o), errc::timeout);
  o = to(never_ends.url());
  o.times.whole = 200ms;
  EXPECT_EQ(failure(o), errc::timeout);
  // A server that accepts but never shakes hands.
  o = to("https://127.0.0.1:" + std::to_string(mute.port()));
  o.times.tls = 100ms;
  o.retries.attempts = 1;
  EXPECT_EQ(failure(o), errc::timeout);
}

TEST_F(outgoing_client, sizes_have_limits) {
  scripted_server long_head([](peer& p, int) {
    p.read_request();
    p.send("HTTP/1.1 200 OK\r\n");
    while (p.send("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  scripted_server long_body([](peer& p, int) {
    p.read_request();
    p.send("HTTP/1.1 200 OK\r\n\r\n");
    while (p.send(std::string(10'000, 'x'))) {
    }
  });
  scripted_server long_line([](peer& p, int) {
    p.read_request();
    p.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1");
    while (p.send(std::string(1000, '0'))) {
    }
  });
  for (const auto* server : {&long_head, &long_body, &long_line}) {
    auto o = to(server->url());
    o.sizes.body = 100'000;
    EXPECT_EQ(failure(o), errc::system_failed);
  }
  scripted_server long_event([](peer& p, int) {
    p.read_request();
    p.start_events();
    p.chunk("data: ");
    while (p.chunk(std::string(1000, 'x'))) {
    }
  });
  auto o = to(long_event.url());
  o.sizes.event = 10'000;
  const auto c = make(std::move(o));
  const auto got =
      wait_for(c->fetch_events(post(), [](const event&) -> result<bool> { return true; }));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::system_failed);
}

TEST_F(outgoing_client, answers_that_lie_or_break_off_are_refused) {
  const char* bad[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nfour",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nfour",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nfour",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n",
      "HTTP/1.1 200 OK\r\nBroken header\r\n\r\n",
      "HTTP/1.1 2x0 OK\r\n\r\n",
      "SSH-2.0-OpenSSH_9.2\r\n",
      "<html>hello</html>",
      "HTTP/1.1 200 OK\r\nX",
      "",
  };
  for (const char* bytes : bad) {
    scripted_server server([&](peer& p, int) {
      p.read_request();
      p.send(bytes);
    });
    EXPECT_EQ(failure(to(server.url())), errc::system_failed) << bytes;
    EXPECT_EQ(server.connections(), 1) << bytes << ": not sent a second time";
  }
}

TEST_F(outgoing_client, redirects_are_answers_and_not_followed) {
  scripted_server elsewhere(always([](peer& p) { p.answer("secret"); }));
  scripted_server server(always([&](peer& p) {
    p.answer("", "text/html", "302 Found", "Location: " + elsewhere.url() + "/\r\n");
  }));
  const auto c = make(to(server.url()));
  const auto got = wait_for(c->fetch(get()));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 302U);
  EXPECT_EQ(refusal_of(*got, {})->code, errc::system_failed);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST_F(outgoing_client, names_that_lead_inside_are_refused_unless_allowed) {
  scripted_server server(always([](peer& p) { p.answer("{}"); }));
  const std::string port = ":" + std::to_string(server.port());
  // Spellings of 127.0.0.1 that a resolver takes for it.
  for (const char* host : {"127.1", "2130706433", "0x7f000001", "0177.0.0.1"}) {
    auto o = to("http://" + std::string(host) + port);
    o.retries.attempts = 1;
    EXPECT_EQ(failure(o), errc::unavailable) << host;
    EXPECT_EQ(server.connections(), 0) << host;
  }
  auto o = to("http://127.1" + port);
  o.private_network = true;
  const auto c = make(std::move(o));
  EXPECT_TRUE(wait_for(c->fetch(post())));
  // Never, whoever says so: where clouds keep the keys of their machines.
  o = to("http://169.254.169.254");
  o.private_network = true;
  EXPECT_EQ(failure(o), errc::unavailable);
}

TEST_F(outgoing_client, refused_connection_is_tried_again) {
  std::string url;
  {
    scripted_server gone([](peer&, int) {});
    url = gone.url();
  }
  const auto c = make(to(url));
  const auto got = wait_for(c->fetch(post()));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::unavailable);
  EXPECT_THAT(got.error().detail, Not(HasSubstr("127.0.0.1")));
}

TEST_F(outgoing_client, asked_to_come_again_it_does) {
  for (const char* status : {"429 Too Many Requests", "503 Service Unavailable"}) {
    std::atomic<int> asked = 0;
    scripted_server server(always([&](peer& p) {
      if (++asked < 3) return p.answer("", "text/plain", status, "Retry-After: 0\r\n");
      p.answer("{}");
    }));
    const auto c = make(to(server.url()));
    const auto got = wait_for(c->fetch(post()));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 200U);
    EXPECT_EQ(got->attempts, 3U);
  }
}

TEST_F(outgoing_client, too_long_a_wait_is_left_to_the_caller) {
  scripted_server server(always(
      [&](peer& p) { p.answer("", "text/plain", "429 Too Many", "Retry-After: 3600\r\n"); }));
  const auto c = make(to(server.url()));
  const auto got = wait_for(c->fetch(post()));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->attempts, 1U);
  const auto refusal = refusal_of(*got, {});
  EXPECT_EQ(refusal->code, errc::overloaded);
  EXPECT_EQ(refusal->retry_after, std::chrono::seconds(3600));
}

TEST_F(outgoing_client, only_what_is_repeatable_is_repeated_after_a_failure) {
  std::atomic<int> asked = 0;
  scripted_server server(always([&](peer& p) {
    ++asked;
    p.answer("", "text/plain", "500 Internal Server Error");
  }));
  const auto c = make(to(server.url()));
  EXPECT_EQ(wait_for(c->fetch(post()))->attempts, 1U);
  EXPECT_EQ(wait_for(c->fetch(get()))->attempts, 3U);
  request r = post();
  r.repeatable = true;
  EXPECT_EQ(wait_for(c->fetch(r))->attempts, 3U);
  EXPECT_EQ(asked, 7);
}

TEST_F(outgoing_client, nothing_is_repeated_once_a_piece_was_given) {
  std::atomic<int> asked = 0;
  scripted_server server([&](peer& p, int) {
    p.read_request();
    ++asked;
    p.start_events();
    p.event("half");
  });
  const auto c = make(to(server.url()));
  request r = post();
  r.repeatable = true;
  int pieces = 0;
  const auto got = wait_for(c->fetch_events(r, [&](const event&) -> result<bool> {
    ++pieces;
    return true;
  }));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::system_failed);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(pieces, 1);
}

TEST_F(outgoing_client, endpoint_that_keeps_failing_is_left_alone) {
  std::atomic<int> asked = 0;
  std::atomic<bool> well = false;
  scripted_server server(always([&](peer& p) {
    ++asked;
    p.answer("", "text/plain", well ? "200 OK" : "500 Oops");
  }));
  auto o = to(server.url());
  o.breaking = {3, 100ms, 100ms};
  const auto c = make(std::move(o));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(wait_for(c->fetch(post())));
  EXPECT_FALSE(c->available());
  const auto refused = wait_for(c->fetch(post()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::unavailable);
  EXPECT_TRUE(refused.error().retry_after);
  EXPECT_EQ(asked, 3);
  well = true;
  while (!c->available()) std::this_thread::sleep_for(5ms);
  EXPECT_TRUE(wait_for(c->fetch(post()))->ok());
  EXPECT_TRUE(wait_for(c->fetch(post()))->ok());
}

TEST_F(outgoing_client, cancelled_call_closes_its_connection) {
  std::promise<void> asked;
  std::promise<void> closed;
  scripted_server server([&](peer& p, int) {
    p.read_request();
    p.start_events();
    p.event("one");
    asked.set_value();
    p.wait_for_end();
    closed.set_value();
  });
  const auto c = make(to(server.url()));
  asio::cancellation_signal signal;
  const auto strand = asio::make_strand(threads);
  std::promise<result<answer>> ended;
  asio::co_spawn(strand, c->fetch_events(post(), [](const event&) -> result<bool> { return true; }),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](const std::exception_ptr& thrown, result<answer> got) {
                       EXPECT_FALSE(thrown);
                       ended.set_value(std::move(got));
                     }));
  asked.get_future().wait();
  asio::post(strand, [&] { signal.emit(asio::cancellation_type::terminal); });
  const auto got = ended.get_future().get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::timeout);
  closed.get_future().wait();
  EXPECT_TRUE(c->available()) << "it was not the endpoint's fault";
}

TEST_F(outgoing_client, client_may_go_while_calls_run) {
  std::promise<void> asked;
  std::promise<void> gone;
  scripted_server server([&](peer& p, int) {
    p.read_request();
    asked.set_value();
    gone.get_future().wait();
    p.answer("{}");
  });
  auto c = make(to(server.url()));
  auto call = start(c->fetch(post()));
  asked.get_future().wait();
  c.reset();
  gone.set_value();
  EXPECT_TRUE(call.get());
}

TEST_F(outgoing_client, certificate_must_be_trusted_and_for_the_host) {
  const test_certificate ours;
  const test_certificate others("DNS:example.org");
  const auto serve = [](peer& p, int) {
    while (p.shaken() && !p.read_request().empty()) p.answer(p.indicated_name());
  };
  scripted_server server(serve, &ours);
  scripted_server wrong_name(serve, &others);

  auto o = to(server.url("localhost"));
  o.retries.attempts = 1;
  EXPECT_EQ(failure(o), errc::unavailable) << "signed by nobody we know";
  o.ca_file = ours.file();
  const auto named = make(o);
  const auto got = wait_for(named->fetch(post()));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body, "localhost");
  EXPECT_TRUE(wait_for(named->fetch(post())));
  EXPECT_EQ(server.connections(), 2) << "TLS connections are used again, too";

  o = to(server.url("127.0.0.1"));
  o.ca_file = ours.file();
  const auto numeric = make(o);
  EXPECT_EQ(wait_for(numeric->fetch(post()))->body, "") << "an address is not indicated";

  o = to(wrong_name.url("localhost"));
  o.ca_file = others.file();
  o.retries.attempts = 1;
  EXPECT_EQ(failure(o), errc::unavailable) << "the certificate is for another host";
  o.ca_file = "/nonexistent";
  EXPECT_FALSE(make_client(threads.get_executor(), o, random));
}

TEST_F(outgoing_client, answer_cut_off_under_tls_is_refused) {
  const test_certificate ours;
  // Without a length and without a farewell: anybody on the way could have done that.
  scripted_server server(
      [](peer& p, int) {
        p.read_request();
        p.send("HTTP/1.1 200 OK\r\n\r\n{\"text\": \"half\"}");
      },
      &ours);
  auto o = to(server.url());
  o.ca_file = ours.file();
  EXPECT_EQ(failure(o), errc::system_failed);
}

}  // namespace
}  // namespace agon::outgoing::test

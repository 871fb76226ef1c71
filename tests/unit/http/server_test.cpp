#include "services/http/server.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "services/http/operational_routes.hpp"
#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

using testing::answer;
using testing::live_server;
using testing::raw_client;

constexpr std::string_view post_json = "Content-Type: application/json\r\n";

// A server with one route that tells what it got.
class http_server : public ::testing::Test {
 protected:
  explicit http_server(server_options options = {}) : server_(std::move(options)) {
    server_.on(method::get, "/hello", [](const request&) { return json(R"({"hello":1})"); });
    server_.on(method::post, "/echo", [](const request& r) { return json(std::string(r.body)); },
               {.max_body = 1000});
    server_.on(method::get, "/battles/{battle:uuid}/of/{arena:slug}", [](const request& r) {
      return json(std::string(r.parameter("battle")) + " " + std::string(r.parameter("arena")));
    });
    server_.on(method::get, "/throws",
               [](const request&) -> response { throw std::runtime_error("password=hunter2"); });
    server_.start();
  }

  answer post(std::string_view body, std::string_view headers = post_json) {
    return server_.ask("POST /echo HTTP/1.1\r\n" + std::string(headers), body);
  }
  std::string type_of(const answer& a) {
    EXPECT_EQ(a.header("content-type"), "application/problem+json");
    const auto body = nlohmann::json::parse(a.body);
    EXPECT_EQ(body["status"].get<unsigned>(), a.status);
    EXPECT_EQ(body["instance"].get<std::string>(), a.header("x-request-id"));
    return body["type"].get<std::string>();
  }

  live_server server_;
};

TEST_F(http_server, answers_a_request) {
  const answer a = server_.get("/hello");
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.body, R"({"hello":1})");
  EXPECT_EQ(a.header("content-type"), "application/json");
  EXPECT_EQ(a.header("cache-control"), "no-store");
  EXPECT_EQ(a.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(a.header("x-request-id").size(), 16);
  EXPECT_EQ(a.header("date").size(), 29);
}

TEST_F(http_server, hands_typed_parameters_to_the_handler) {
  const answer a =
      server_.get("/battles/018f2f3e-7b1a-7c3d-8e4f-0123456789ab/of/speech-v1?unused=1");
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.body, "018f2f3e-7b1a-7c3d-8e4f-0123456789ab speech-v1");
}

TEST_F(http_server, request_ids_do_not_follow_from_each_other) {
  // SplitMix64 over a counter: its steps come back by undoing the mixing.
  const auto undo_shift = [](std::uint64_t z, unsigned by) {
    for (unsigned done = by; done < 64; done *= 2) z ^= z >> done;
    return z;
  };
  const auto counter_of = [&](const std::string& id) {
    std::uint64_t z = undo_shift(std::stoull(id, nullptr, 16), 31);
    z = undo_shift(z * 0x319642B2D24D8EC3ULL, 27);
    return undo_shift(z * 0x96DE1B173F119089ULL, 30);
  };
  std::set<std::uint64_t> steps;
  std::string last = server_.get("/none").header("x-request-id");
  for (int i = 0; i < 8; ++i) {
    const std::string next = server_.get("/none").header("x-request-id");
    EXPECT_EQ(next.size(), 16);
    steps.insert(counter_of(next) - counter_of(last));
    last = next;
  }
  EXPECT_EQ(steps.size(), 8) << "who sees his own must not learn those of others";
}

TEST_F(http_server, answers_to_its_own_names_alone) {
  server_options options;
  options.hosts = {"agon.example.org"};
  testing::live_server named(options);
  named.on(method::get, "/hello", [](const request&) { return json("{}"); });
  add_operational_routes(named.routes(), named.registry(), {});
  named.start();
  const auto called = [&](std::string_view path, std::string_view name) {
    testing::raw_client client(named.port());
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(name) +
                "\r\n\r\n");
    return client.read_answer().status;
  };
  EXPECT_EQ(called("/hello", "agon.example.org"), 200);
  EXPECT_EQ(called("/hello", "evil.example"), 421);
  EXPECT_EQ(called("/metrics", "evil.example"), 421);
  EXPECT_EQ(called("/healthz", "10.0.0.7:8080"), 200) << "probes know the address alone";
}

TEST_F(http_server, unknown_path_is_not_found) {
  const answer a = server_.get("/nothing");
  EXPECT_EQ(a.status, 404);
  EXPECT_EQ(type_of(a), "/problems/not-found");
}

TEST_F(http_server, wrong_method_is_refused_with_allow) {
  const answer a = server_.ask("DELETE /hello HTTP/1.1\r\n");
  EXPECT_EQ(a.status, 405);
  EXPECT_EQ(a.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(type_of(a), "/problems/method-not-allowed");
}

TEST_F(http_server, echoes_a_body) {
  const answer a = post(R"({"a":"b"})");
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.body, R"({"a":"b"})");
}

TEST_F(http_server, handler_that_throws_is_answered_without_its_message) {
  const answer a = server_.get("/throws");
  EXPECT_EQ(a.status, 500);
  EXPECT_EQ(type_of(a), "/problems/internal");
  EXPECT_EQ(a.body.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace agon::http

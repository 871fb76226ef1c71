#include "services/http/operational_routes.hpp"

#include <gtest/gtest.h>

#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <nlohmann/json.hpp>

#include "tests/unit/http/live_server.hpp"

namespace agon::http {
namespace {

using testing::answer;
using testing::live_server;

awaitable<bool> yes() {
  co_return true;
}
awaitable<bool> breaks() {
  throw std::runtime_error("no connection");
  co_return true;
}
awaitable<bool> hangs() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_at(boost::asio::steady_timer::time_point::max());
  co_await timer.async_wait(boost::asio::deferred);
  co_return true;
}

TEST(operational_routes, alive_and_ready) {
  live_server server;
  add_operational_routes(server.routes(), server.registry(), {{"postgres", yes}});
  server.start();
  EXPECT_EQ(server.get("/healthz").status, 200);
  const answer ready = server.get("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(nlohmann::json::parse(ready.body)["checks"]["postgres"], "ok");
}

TEST(operational_routes, failing_checks_are_named) {
  live_server server;
  add_operational_routes(server.routes(), server.registry(),
                         {{"good", yes}, {"broken", breaks}, {"stuck", hangs}});
  server.start();
  const answer ready = server.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  const auto checks = nlohmann::json::parse(ready.body)["checks"];
  EXPECT_EQ(checks["good"], "ok");
  EXPECT_EQ(checks["broken"], "failed");
  EXPECT_EQ(checks["stuck"], "failed");
}

TEST(operational_routes, metrics_count_by_pattern_and_status) {
  live_server server;
  add_operational_routes(server.routes(), server.registry(), {});
  add_process_metrics(server.registry());
  server.on(method::get, "/arenas/{arena:slug}", [](const request&) { return json("{}"); });
  server.start();
  for (const std::string_view path : {"/arenas/a", "/arenas/b", "/none"}) [[maybe_unused]]
    const auto ignored = server.get(path);
  const std::string text = server.get("/metrics").body;
  EXPECT_NE(text.find("agon_http_requests_total{method=\"GET\",route=\"/arenas/{arena:slug}\","
                      "status=\"2xx\"} 2"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("route=\"none\",status=\"4xx\"} 1"), std::string::npos);
  EXPECT_NE(text.find("agon_http_request_seconds_bucket"), std::string::npos);
  EXPECT_NE(text.find("process_resident_memory_bytes"), std::string::npos);
}

TEST(operational_routes, metrics_are_not_told_through_a_proxy) {
  live_server server;
  add_operational_routes(server.routes(), server.registry(), {});
  server.start();
  EXPECT_EQ(server.get("/metrics").status, 200);
  for (const std::string header : {"X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded",
                                   "Via", "CF-Connecting-IP", "True-Client-IP"})
    EXPECT_EQ(server.get("/metrics", header + ": 127.0.0.1\r\n").status, 403) << header;
}

TEST(registry, gives_one_series_for_one_name_and_labels) {
  metrics::registry registry;
  registry.make_counter("agon_votes_total", "Votes", {{"arena", "a"}}).add(2);
  registry.make_counter("agon_votes_total", "Votes", {{"arena", "a"}}).add(3);
  const auto queue = registry.make_gauge("agon_queue", "Queue");
  registry.before_scrape([queue] { queue.set(7); });
  registry.make_histogram("agon_commit_seconds", "Commits").observe(0.002);
  const std::string text = registry.text();
  EXPECT_NE(text.find("agon_votes_total{arena=\"a\"} 5"), std::string::npos) << text;
  EXPECT_NE(text.find("agon_queue 7"), std::string::npos);
  EXPECT_NE(text.find("agon_commit_seconds_bucket{le=\"0.0025\"} 1"), std::string::npos);
  EXPECT_THROW((void)registry.make_gauge("agon_votes_total", "Votes"), std::invalid_argument);
  EXPECT_THROW((void)registry.make_gauge("no spaces", ""), std::invalid_argument);
  metrics::counter().add();  // counts nothing
}

}  // namespace
}  // namespace agon::http

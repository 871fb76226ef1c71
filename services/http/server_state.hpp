// What the connections of one server share.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "services/http/address_counts.hpp"
#include "services/http/forwarded.hpp"
#include "services/http/host_check.hpp"
#include "services/http/metrics.hpp"
#include "services/http/origin_check.hpp"
#include "services/http/response_head.hpp"
#include "services/http/route_table.hpp"
#include "services/http/server.hpp"

namespace agon::http {

class connection;
using steady_time = std::chrono::steady_clock::time_point;

// What belongs to one loop; touched by its thread alone. Instead of a timer for each
// connection, one tick looks at the deadlines of all: setting one costs a store.
struct worker {
  explicit worker(boost::asio::io_context& l) : loop(l) {}

  boost::asio::io_context& loop;
  std::vector<connection*> connections;
  steady_time now{};   // at the last tick
  std::string date;    // of the last tick, as the Date header wants it
  std::string random;  // bytes that next_request_id has not used yet
};

struct route_metrics {
  std::array<metrics::counter, 6> answers;  // by status / 100
  metrics::histogram seconds;
};

struct server_state {
  server_state(server_options o, const route_table& t, metrics::registry& registry);

  [[nodiscard]] const route_metrics& metrics_of(const route* r) const {
    return by_route[r == nullptr ? by_route.size() - 1 : r->index];
  }

  const server_options options;
  const route_table& routes;
  const fixed_headers fixed;
  const origin_policy origins;
  const host_policy hosts;
  const trusted_proxies proxies;
  const trusted_proxies unlimited;
  address_counts connections_by_address;
  address_counts streams_by_address;

  std::vector<route_metrics> by_route;  // the last is for requests without a route
  metrics::gauge open_connections;
  metrics::gauge open_streams;
  metrics::counter received_bytes;
  metrics::counter sent_bytes;
  metrics::counter refused_connections;

  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> streams{0};
  std::atomic<std::size_t> refusals{0};
  std::atomic<bool> draining{false};
  std::atomic<bool> stopped{false};

  std::mutex mutex;  // for `emptied` alone
  std::condition_variable emptied;
};

// Appends 16 hexadecimal digits, at random: whoever sees his own learns nothing of others',
// nor how many there were.
void next_request_id(worker& w, std::string& out);

}  // namespace agon::http

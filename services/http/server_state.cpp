#include "services/http/server_state.hpp"

namespace agon::http {
namespace {

route_metrics make_route_metrics(metrics::registry& registry, std::string_view method,
                                 std::string_view route) {
  const metrics::labels base = {{"method", std::string(method)}, {"route", std::string(route)}};
  route_metrics out;
  for (std::size_t i = 1; i < out.answers.size(); ++i) {
    metrics::labels with = base;
    with["status"] = std::to_string(i) + "xx";
    out.answers[i] = registry.make_counter("agon_http_requests_total", "Answered requests", with);
  }
  out.seconds =
      registry.make_histogram("agon_http_request_seconds",
                              "From the first byte of a request to the end of its answer", base);
  return out;
}

}  // namespace

server_state::server_state(server_options o, const route_table& t, metrics::registry& registry)
    : options(std::move(o)),
      routes(t),
      fixed(make_fixed_headers(options.security, !options.certificate_chain.empty())),
      origins(options.allowed_origins),
      proxies(options.trusted_proxies) {
  for (const auto& r : routes.routes())
    by_route.push_back(make_route_metrics(registry, name_of(r->verb), r->pattern));
  by_route.push_back(make_route_metrics(registry, "any", "none"));
  open_connections = registry.make_gauge("agon_http_connections", "Open connections");
  open_streams = registry.make_gauge("agon_http_streams", "Open event streams");
  received_bytes = registry.make_counter("agon_http_received_bytes_total", "Bytes read");
  sent_bytes = registry.make_counter("agon_http_sent_bytes_total", "Bytes written");
  refused_connections = registry.make_counter("agon_http_connections_refused_total",
                                              "Connections over the limit, answered with 503");
}

void next_request_id(worker& w, std::string& out) {
  // SplitMix64 over a counter with a random start: a bijection, so ids of one loop
  // repeat after 2^64 requests.
  w.id_state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = w.id_state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  z ^= z >> 31U;
  for (int shift = 60; shift >= 0; shift -= 4)
    out.push_back("0123456789abcdef"[(z >> static_cast<unsigned>(shift)) & 0xFU]);
}

}  // namespace agon::http

#include "services/http/server_state.hpp"

#include "privacy/crypto/random.hpp"

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
      hosts(options.hosts),
      proxies(options.trusted_proxies),
      unlimited(options.unlimited_addresses),
      connections_by_address(options.connections_per_address),
      streams_by_address(options.streams_per_address) {
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
  constexpr std::size_t bytes = 8;
  constexpr std::size_t at_once = 4096;
  if (w.random.size() < bytes) w.random = crypto::system_random().bytes(at_once);
  for (std::size_t i = w.random.size() - bytes; i < w.random.size(); ++i) {
    const auto byte = static_cast<unsigned char>(w.random[i]);
    out.push_back("0123456789abcdef"[byte >> 4U]);
    out.push_back("0123456789abcdef"[byte & 0xFU]);
  }
  w.random.resize(w.random.size() - bytes);
}

}  // namespace agon::http

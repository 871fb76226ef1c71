#include "services/http/operational_routes.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace agon::http {
namespace {

namespace asio = boost::asio;
using check_list = std::shared_ptr<const std::vector<readiness_check>>;

constexpr std::chrono::seconds check_deadline{2};

awaitable<void> deadline_of_check() {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(check_deadline);
  [[maybe_unused]] const auto fired = co_await timer.async_wait(asio::as_tuple(asio::deferred));
}

awaitable<bool> passes_in_time(const readiness_check& check) {
  using namespace asio::experimental::awaitable_operators;
  try {
    const auto first = co_await (check.passes() || deadline_of_check());
    co_return first.index() == 0 && std::get<0>(first);
  } catch (const std::exception&) {
    co_return false;  // the check's own log tells why
  }
}

awaitable<response> ready(check_list checks) {
  nlohmann::ordered_json results = nlohmann::ordered_json::object();
  bool all = true;
  for (const readiness_check& check : *checks) {
    const bool good = co_await passes_in_time(check);
    results[check.name] = good ? "ok" : "failed";
    all = all && good;
  }
  const nlohmann::ordered_json body = {{"status", all ? "ok" : "unavailable"}, {"checks", results}};
  co_return json(body.dump(), all ? 200 : 503);
}

// A proxy on this machine also comes from loopback; it tells by its headers.
bool from_this_machine(const request& r) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(r.client_address.reveal(), error);
  if (error || !address.is_loopback()) return false;
  return std::none_of(r.headers.begin(), r.headers.end(), [](const auto& h) {
    const std::string_view name = h.first;
    return name.starts_with("x-forwarded-") || name == "x-real-ip" || name.ends_with("client-ip") ||
           name == "forwarded" || name == "via" || name.ends_with("-connecting-ip");
  });
}

awaitable<response> exposition(const metrics::registry& registry, metrics_access access,
                               const request& r) {
  if (access == metrics_access::loopback && !from_this_machine(r))
    co_return problem(fail(errc::forbidden, "Metrics are for this machine only."), r.request_id);
  response out;
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  out.body = registry.text();
  co_return out;
}

awaitable<response> alive() {
  co_return json(R"({"status":"ok"})");
}

}  // namespace

void add_operational_routes(router& routes, metrics::registry& registry,
                            std::vector<readiness_check> checks, metrics_access access) {
  auto shared = std::make_shared<const std::vector<readiness_check>>(std::move(checks));
  routes.add(method::get, "/healthz", [](const request&) { return alive(); }, {.any_host = true});
  routes.add(method::get, "/readyz", [shared](const request&) { return ready(shared); },
             {.any_host = true});
  routes.add(method::get, "/metrics",
             [&registry, access](const request& r) { return exposition(registry, access, r); });
}

}  // namespace agon::http

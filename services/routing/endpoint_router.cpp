#include "services/routing/endpoint_router.hpp"

#include "services/core/clock.hpp"
#include "services/core/log.hpp"
#include "services/outgoing/client.hpp"
#include "services/routing/endpoint_messages.hpp"
#include "services/routing/rules.hpp"

namespace agon::routing {
namespace {

using steady = std::chrono::steady_clock;

time_point now() {
  return std::chrono::time_point_cast<time_point::duration>(std::chrono::system_clock::now());
}

endpoint_outcome outcome_of(const error& e) {
  if (e.code == errc::timeout) return endpoint_outcome::timeout;
  if (e.code == errc::system_failed || e.code == errc::unsupported)
    return endpoint_outcome::nonsense;
  return endpoint_outcome::unavailable;
}

class endpoint_router final : public router {
 public:
  endpoint_router(std::unique_ptr<outgoing::client> client, std::string model)
      : client_(std::move(client)), model_(std::move(model)) {}

  awaitable<decision> route(routing_question q) override {
    const auto begun = steady::now();
    decision d;
    if (q.policy->ask_endpoint && client_->available()) {
      d = co_await ask(q);
    } else {
      d = decide_by_rules(q);
      if (q.policy->ask_endpoint) d.endpoint = endpoint_outcome::unavailable;
    }
    d.seconds = std::chrono::duration<double>(steady::now() - begun).count();
    co_return d;
  }

 private:
  // `q` lives in the caller's frame.
  awaitable<decision> ask(const routing_question& q) {
    outgoing::request r;
    r.target = "/chat/completions";
    r.body = endpoint_request(q, model_);
    auto answer = co_await client_->fetch(std::move(r));
    if (!answer) co_return by_rules(q, outcome_of(answer.error()));
    if (const auto refused = outgoing::refusal_of(*answer, now()))
      co_return by_rules(q, outcome_of(*refused));
    auto decided = read_endpoint_answer(answer->body, q);
    if (!decided) co_return by_rules(q, endpoint_outcome::nonsense);
    co_return std::move(*decided);
  }

  static decision by_rules(const routing_question& q, endpoint_outcome why) {
    log::warn("routing_endpoint_failed", {{"outcome", name_of(why)}});
    decision d = decide_by_rules(q);
    d.endpoint = why;
    return d;
  }

  std::unique_ptr<outgoing::client> client_;
  std::string model_;
};

}  // namespace

result<std::unique_ptr<router>> make_endpoint_router(const boost::asio::any_io_executor& executor,
                                                     const endpoint_settings& settings,
                                                     crypto::random_source& random) {
  const auto target = outgoing::parse_endpoint(settings.url);
  if (!target) {
    error e = target.error();
    e.detail = "The routing endpoint's URL must " + e.detail;
    return e;
  }
  if (settings.model.empty())
    return fail(errc::invalid_input, "Name the model that the routing endpoint shall use.");
  outgoing::client_options options;
  options.target = *target;
  if (!settings.key.reveal().empty())
    options.secret_headers.emplace_back("authorization", secret("Bearer " + settings.key.reveal()));
  options.times.whole = settings.timeout;
  options.times.first_byte = settings.timeout;
  options.times.idle = settings.timeout;
  options.sizes.body = 256UL * 1024;
  options.retries.attempts = 1;
  auto client = outgoing::make_client(executor, std::move(options), random);
  if (!client) return client.error();
  return std::unique_ptr<router>(
      std::make_unique<endpoint_router>(std::move(*client), settings.model));
}

}  // namespace agon::routing

#include "services/outgoing/client.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>

#include "services/core/isolated.hpp"
#include "services/core/log.hpp"
#include "services/outgoing/exchange.hpp"

namespace agon::outgoing {
namespace {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

using tls_context = std::shared_ptr<asio::ssl::context>;

// Shared with the calls under way, which may outlive the client. Used on `strand`, but for
// what is atomic.
struct client_core {
  client_core(const asio::any_io_executor& executor, client_options given, tls_context context,
              crypto::random_source& source)
      : strand(asio::make_strand(executor)),
        options(std::move(given)),
        tls(std::move(context)),
        random(source),
        circuit(options.breaking) {}

  asio::any_io_executor strand;
  client_options options;
  tls_context tls;
  crypto::random_source& random;
  breaker circuit;
  std::deque<std::shared_ptr<connection>> idle;  // the last one used stands last
  unsigned in_use = 0;
  std::atomic<steady::rep> closed_until{0};  // of the breaker, for those on other threads
};

class connection_in_use {
 public:
  explicit connection_in_use(client_core& core) : core_(core) { ++core_.in_use; }
  ~connection_in_use() { --core_.in_use; }
  connection_in_use(const connection_in_use&) = delete;
  connection_in_use& operator=(const connection_in_use&) = delete;

 private:
  client_core& core_;
};

std::shared_ptr<connection> take_idle(client_core& core) {
  const auto now = steady::now();
  while (!core.idle.empty()) {
    auto last = std::move(core.idle.back());
    core.idle.pop_back();
    if (now < last->keep_until && last->quiet()) return last;
  }
  return nullptr;
}

// "timeout=5, max=100": how long the server says that it keeps a connection.
milliseconds granted(const answer& a, milliseconds ours) {
  const std::string_view said = a.header("keep-alive");
  const std::size_t at = said.find("timeout=");
  if (at == std::string_view::npos) return ours;
  unsigned seconds = 0;
  for (const char c : said.substr(at + 8)) {
    if (c < '0' || c > '9' || seconds > 3600) break;
    seconds = seconds * 10 + static_cast<unsigned>(c - '0');
  }
  // Half of it, since its clock began to run before ours.
  return std::min(ours, milliseconds(seconds * 500UL));
}

void put_idle(client_core& core, std::shared_ptr<connection> c, const answer& a) {
  ++c->answers;
  c->keep_until = steady::now() + granted(a, core.options.keep);
  if (core.idle.size() >= core.options.connections) core.idle.pop_front();
  core.idle.push_back(std::move(c));
}

std::string head_of(const client_options& o, const request& r) {
  const std::string target = (r.whole_target ? "" : o.target.path) + r.target;
  std::string head = (r.post ? "POST " : "GET ") + (target.empty() ? "/" : target);
  head += " HTTP/1.1\r\n";
  const auto add = [&head](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  add("Host", o.target.authority());
  add("User-Agent", "agon");
  add("Accept", r.accept);
  add("Accept-Encoding", "identity");
  if (r.post) {
    add("Content-Type", r.content_type);
    add("Content-Length", std::to_string(r.body.size()));
  }
  for (const auto& [name, value] : r.headers) add(name, value);
  for (const auto& [name, value] : o.secret_headers) add(name, value.reveal());
  head += "\r\n";
  return head;
}

bool can_be_sent(const request& r) {
  const auto fits = [](char c) { return c > 0x20 && c < 0x7f; };
  return (r.target.empty() || r.target.front() == '/') &&
         std::all_of(r.target.begin(), r.target.end(), fits) && is_header_value(r.accept) &&
         is_header_value(r.content_type) &&
         std::all_of(r.headers.begin(), r.headers.end(), [](const auto& h) {
           return is_header_name(h.first) && is_header_value(h.second);
         });
}

struct attempt_result {
  exchange_result got;
  bool connected = false;
  bool reused = false;
};

awaitable<attempt_result> attempt(client_core& core, const request& r, const body_sink& sink,
                                  steady::time_point last, bool fresh) {
  attempt_result out;
  const auto dog = std::make_shared<watchdog>(core.strand, last);
  std::shared_ptr<connection> c = fresh ? nullptr : take_idle(core);
  out.reused = c != nullptr;
  if (!c) {
    auto made = co_await connect(core.options, core.tls, *dog);
    if (!made) {
      out.got.value = made.error();
      dog->stop();
      co_return out;
    }
    c = std::move(*made);
  }
  out.connected = true;
  dog->guard([weak = std::weak_ptr(c)] {
    if (const auto alive = weak.lock()) alive->close();
  });
  const std::string head = head_of(core.options, r);
  out.got = co_await exchange(*c, *dog, core.options, head, r.body, sink);
  dog->stop();
  if (out.got.reusable) {
    put_idle(core, std::move(c), *out.got.value);
  } else {
    c->close();
  }
  co_return out;
}

// What the breaker learns. A refusal of this one request says nothing about the endpoint.
enum class verdict { good, neutral, bad };

verdict judge(const attempt_result& a, bool given_up) {
  if (given_up) return verdict::neutral;
  if (!a.got.value) return verdict::bad;
  const unsigned status = a.got.value->status;
  if (status == 429) return verdict::neutral;
  const bool wrong_place = status == 401 || status == 403 || status == 404 || status == 405;
  return status >= 500 || wrong_place || (status >= 300 && status < 400) ? verdict::bad
                                                                         : verdict::good;
}

void tell_breaker(client_core& core, verdict v) {
  const auto now = steady::now();
  if (v == verdict::good) core.circuit.succeeded();
  if (v == verdict::neutral) core.circuit.gave_up();
  if (v == verdict::bad) core.circuit.failed(now);
  const auto closed = core.circuit.closed_for(now);
  core.closed_until = closed ? (now + *closed).time_since_epoch().count() : 0;
}

error resting(const client_core& core) {
  error e = fail(errc::unavailable, "This system has failed too often and rests for a moment.");
  const auto closed = core.circuit.closed_for(steady::now());
  e.retry_after = std::chrono::ceil<std::chrono::seconds>(closed.value_or(milliseconds(1000)));
  return e;
}

// How long to wait before the next attempt; nothing if there is to be none.
std::optional<milliseconds> next_pause(client_core& core, const request& r, const attempt_result& a,
                                       unsigned attempts) {
  const retry_limits& limits = core.options.retries;
  if (attempts >= limits.attempts || a.got.delivered) return std::nullopt;
  const bool repeatable = r.repeatable || !r.post;
  const milliseconds usual = pause_before(attempts, limits, core.random);
  if (!a.connected) return usual;
  if (!a.got.value) {
    const bool may_repeat = repeatable && a.got.value.error().code != errc::timeout;
    return may_repeat ? std::optional(usual) : std::nullopt;
  }
  const unsigned status = a.got.value->status;
  const auto told =
      parse_retry_after(a.got.value->header("retry-after"), system_clock_source{}.now());
  if (status == 429 || (status == 503 && told)) {
    const milliseconds wait = told ? milliseconds(*told) : usual;
    return wait <= limits.longest ? std::optional(std::max(wait, usual)) : std::nullopt;
  }
  const bool may_pass_by = status == 500 || (status >= 502 && status <= 504);
  return repeatable && may_pass_by ? std::optional(usual) : std::nullopt;
}

// In words for people; what exactly it was stands in the log.
error told(const error& e) {
  switch (e.code) {
    case errc::unavailable:
      return fail(e.code, "The system cannot be reached at the moment.");
    case errc::timeout:
      return fail(e.code, "The system took too long.");
    case errc::system_failed:
      return fail(e.code, "The system's answer was broken.");
    default:
      return e;
  }
}

void log_attempt(const client_core& core, const attempt_result& a, unsigned number) {
  const std::string host = core.options.target.authority();
  if (!a.got.value) {
    log::warn("outgoing_failed", {{"host", host},
                                  {"attempt", number},
                                  {"error", name_of(a.got.value.error().code)},
                                  {"reason", a.got.value.error().detail}});
  } else if (!a.got.value->ok()) {
    log::warn("outgoing_refused",
              {{"host", host}, {"attempt", number}, {"status", a.got.value->status}});
  }
}

awaitable<result<answer>> run(std::shared_ptr<client_core> core, request r, body_sink sink) {
  if (!can_be_sent(r)) co_return fail(errc::internal, "Something went wrong here.");
  if (core->in_use >= core->options.connections) {
    co_return error{
        errc::overloaded, "The system has too much to do.", {}, std::chrono::seconds(5)};
  }
  const connection_in_use counted(*core);
  const auto last = steady::now() + core->options.times.whole;
  bool fresh = false;
  for (unsigned attempts = 1;; ++attempts) {
    if (!core->circuit.may_pass(steady::now())) co_return resting(*core);
    auto tried = co_await attempt(*core, r, sink, last, fresh);
    const bool given_up = co_await told_to_end();
    if (tried.reused && tried.got.closed && !given_up && !fresh) {
      // The server closed a kept connection at the moment when we used it.
      core->circuit.gave_up();
      fresh = true;
      --attempts;
      continue;
    }
    tell_breaker(*core, judge(tried, given_up));
    if (given_up) co_return fail(errc::timeout, "The request was given up.");
    log_attempt(*core, tried, attempts);
    const auto pause = next_pause(*core, r, tried, attempts);
    if (!pause || steady::now() + *pause >= last) {
      if (!tried.got.value) co_return told(tried.got.value.error());
      tried.got.value->attempts = attempts;
      co_return std::move(tried.got.value);
    }
    asio::steady_timer timer(core->strand, *pause);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const bool ended = co_await told_to_end();
    if (ended) co_return fail(errc::timeout, "The request was given up.");
  }
}

class http_client final : public client {
 public:
  http_client(const asio::any_io_executor& executor, client_options options, tls_context tls,
              crypto::random_source& random)
      : core_(std::make_shared<client_core>(executor, std::move(options), std::move(tls), random)) {
  }
  ~http_client() override {
    asio::post(core_->strand, [core = core_] { core->idle.clear(); });
  }
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  awaitable<result<answer>> fetch(request r, body_sink sink) override {
    return isolated(core_->strand, run(core_, std::move(r), std::move(sink)));
  }
  bool available() const override {
    const steady::time_point until{steady::duration(core_->closed_until.load())};
    return steady::now() >= until;
  }
  const client_options& options() const override { return core_->options; }

 private:
  std::shared_ptr<client_core> core_;
};

bool is_event_stream(const answer& head) {
  return head.header("content-type").starts_with("text/event-stream");
}

}  // namespace

awaitable<result<answer>> client::fetch_events(request r, event_sink sink) {
  r.accept = "text/event-stream";
  const auto events = std::make_shared<event_parser>(options().sizes.event);
  return fetch(
      std::move(r),
      [events, sink = std::move(sink)](const answer& head, std::string_view piece) -> result<bool> {
        if (!is_event_stream(head)) return fail(errc::system_failed, "no stream of events");
        const auto found = events->feed(piece);
        if (!found) return fail(errc::system_failed, "too large an event");
        for (const event& e : *found) {
          auto go_on = sink(e);
          if (!go_on || !*go_on) return go_on;
        }
        return true;
      });
}

result<std::unique_ptr<client>> make_client(const asio::any_io_executor& executor,
                                            client_options options, crypto::random_source& random) {
  for (const auto& [name, value] : options.secret_headers) {
    if (!is_header_name(name) || !is_header_value(value.reveal()))
      return fail(errc::invalid_input, "have only printable characters");
  }
  tls_context tls;
  if (options.target.tls) {
    auto made = make_tls_context(options.ca_file);
    if (!made) return made.error();
    tls = std::move(*made);
  }
  return std::unique_ptr<client>(
      std::make_unique<http_client>(executor, std::move(options), std::move(tls), random));
}

std::optional<error> refusal_of(const answer& a, time_point now) {
  if (a.ok()) return std::nullopt;
  switch (a.status) {
    case 400:
    case 413:
    case 422:
      return fail(errc::unsupported, "This system does not answer such a request.");
    case 401:
    case 403:
    case 404:
    case 405:
    case 407:
      return fail(errc::unavailable, "This system does not let us in at the moment.");
    case 408:
    case 504:
      return fail(errc::timeout, "The system took too long.");
    case 429:
    case 503:
      return error{errc::overloaded,
                   "This system has too much to do at the moment. Try again shortly.",
                   {},
                   parse_retry_after(a.header("retry-after"), now)};
    default:
      return fail(errc::system_failed, "The system's answer was broken.");
  }
}

}  // namespace agon::outgoing

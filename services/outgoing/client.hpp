// Requests to one configured endpoint, over HTTP/1.1 and TLS.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/core/redacted.hpp"
#include "services/outgoing/breaker.hpp"
#include "services/outgoing/endpoint.hpp"
#include "services/outgoing/event_parser.hpp"
#include "services/outgoing/message.hpp"
#include "services/outgoing/retry.hpp"

namespace agon::outgoing {

// Each phase has its own time, and all attempts with their pauses share `whole`.
struct time_limits {
  std::chrono::milliseconds resolve{5'000};
  std::chrono::milliseconds connect{5'000};  // of all addresses together
  std::chrono::milliseconds tls{10'000};
  std::chrono::milliseconds first_byte{60'000};  // from the request sent to the whole head
  std::chrono::milliseconds idle{60'000};        // between two pieces of a body
  std::chrono::milliseconds whole{120'000};
};

struct size_limits {
  std::size_t header = 16UL * 1024;
  std::size_t body = 32UL * 1024 * 1024;  // also of a stream, all its pieces together
  std::size_t event = 1024UL * 1024;      // of fetch_events()
};

struct client_options {
  endpoint target;
  // Sent with every request, such as {"authorization", "Bearer …"}.
  std::vector<std::pair<std::string, secret>> secret_headers{};
  time_limits times{};
  size_limits sizes{};
  retry_limits retries{};
  breaker_limits breaking{};
  unsigned connections = 32;  // at a time; more are refused with errc::overloaded
  // How long an unused one is kept. Shorter than what servers usually grant (uvicorn and
  // Node close after 5 s), so that we seldom write into one that is about to be closed.
  std::chrono::milliseconds keep{4'000};
  // May the host's name lead to this machine or a private network? An address or
  // "localhost" written in the URL itself counts as yes. Link-local never.
  bool private_network = false;
  std::string ca_file{};  // PEM, beside the system's roots
};

class client {
 public:
  virtual ~client() = default;

  // Sends the request and takes the whole answer, whatever its status: see refusal_of().
  // With a sink the body of a good answer goes there, piece by piece.
  // Sent again with a pause in between, up to the limits and within times.whole:
  //   - if no connection came about, or a kept one was closed before any answer;
  //   - if the answer was 429, or 503 with Retry-After, and the wait is short enough;
  //   - if it is repeatable, also after a broken answer and a status of 500 to 504.
  // Never again once the sink got a piece. Redirects are not followed: they are answers.
  // Failures:
  //   errc::unavailable    not resolved, connected or trusted; a private address; the circuit
  //                        breaker is open (with retry_after)
  //   errc::timeout        a time limit passed, or the awaiting coroutine was cancelled
  //   errc::overloaded     too many requests at a time
  //   errc::system_failed  no HTTP, two lengths, closed early, over a size limit
  //   what the sink returned
  // Never throws; cancellation closes the connection before the awaitable completes. Safe
  // from any thread; the client may be destroyed meanwhile.
  [[nodiscard]] virtual awaitable<result<answer>> fetch(request r, body_sink sink) = 0;
  [[nodiscard]] awaitable<result<answer>> fetch(request r) { return fetch(std::move(r), {}); }

  // True for go on, false for enough. Called as a body_sink is.
  using event_sink = std::function<result<bool>(const event& e)>;
  // A stream of server-sent events. errc::system_failed too if a good answer is none, or an
  // event is too large.
  [[nodiscard]] awaitable<result<answer>> fetch_events(request r, event_sink sink);

  // False while the circuit breaker is open. Safe from any thread.
  [[nodiscard]] virtual bool available() const = 0;
  [[nodiscard]] virtual const client_options& options() const = 0;
};

// errc::invalid_input for headers that cannot be sent and a ca_file that cannot be read.
// `random` must outlive all calls.
[[nodiscard]] result<std::unique_ptr<client>> make_client(
    const boost::asio::any_io_executor& executor, client_options options,
    crypto::random_source& random);

// Nothing for a status of 200 to 299. Else what it means to whoever asked:
//   300–399  errc::system_failed: redirects are refused
//   400, 413, 422  errc::unsupported: this request cannot be answered
//   401, 403, 404, 405, 407  errc::unavailable: the configuration is wrong
//   408, 504  errc::timeout
//   429, 503  errc::overloaded, with retry_after if told
//   others  errc::system_failed
[[nodiscard]] std::optional<error> refusal_of(const answer& a, time_point now);

}  // namespace agon::outgoing

#include "services/systems/process.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <memory>
#include <optional>

#include "services/systems/keeper/report.hpp"
#include "services/systems/keeper_process.hpp"

namespace agon::systems {
namespace {

namespace asio = boost::asio;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// The keeper needs this long at most to kill and report; later it counts as stuck.
constexpr std::chrono::seconds keeper_margin{10};

error cannot_start() {
  return fail(errc::unavailable, "The server is out of resources.");
}

process_result read_report(std::string_view bytes) {
  keeper::report report;
  std::memcpy(&report, bytes.data(), sizeof report);
  process_result r;
  switch (report.how) {
    case keeper::ending::exited:
      r.end = process_end::exited;
      break;
    case keeper::ending::signalled:
      r.end = process_end::signalled;
      break;
    case keeper::ending::not_started:
      r.end = process_end::not_started;
      break;
  }
  if (report.timed_out != 0) r.end = process_end::timed_out;
  r.code = report.code;
  r.wall = std::chrono::microseconds(report.wall_microseconds);
  r.cpu = std::chrono::microseconds(report.cpu_microseconds);
  r.max_rss_bytes = report.max_rss_bytes;
  r.stderr_bytes = report.stderr_bytes;
  r.stderr_tail = secret(std::string(bytes.substr(sizeof report)));
  return r;
}

// Kills a keeper that does not come back, so that its socket closes and nobody waits on.
class backstop {
 public:
  backstop(const asio::any_io_executor& executor, std::chrono::milliseconds after,
           std::weak_ptr<keeper_process> keeper)
      : timer_(executor, after) {
    timer_.async_wait([keeper = std::move(keeper)](const boost::system::error_code& ec) {
      const auto alive = keeper.lock();
      if (!ec && alive) alive->kill();
    });
  }

 private:
  asio::steady_timer timer_;
};

}  // namespace

awaitable<result<process_result>> run_process(process_spec spec) {
  const auto executor = co_await asio::this_coro::executor;
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    co_return cannot_start();
  // The keeper is destroyed after the socket whose closing makes it kill and exit.
  const auto keeper = std::make_shared<keeper_process>(executor);
  asio::local::stream_protocol::socket control(executor);
  boost::system::error_code ec;
  control.assign(asio::local::stream_protocol(), ends[0], ec);
  if (ec) ::close(ends[0]);
  const bool started = !ec && keeper->start(spec, ends[1]);
  ::close(ends[1]);
  if (!started) co_return cannot_start();
  const backstop last_resort(executor, spec.timeout + spec.grace + keeper_margin, keeper);

  bool cancelled = false;
  std::string bytes;
  for (;;) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none && !cancelled) {
      cancelled = true;
      control.shutdown(asio::socket_base::shutdown_send, ec);  // tells the keeper to kill
      co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    }
    std::array<char, sizeof(keeper::report) + keeper::tail_bytes> part{};
    const auto [read_error, size] = co_await control.async_read_some(asio::buffer(part), as_result);
    bytes.append(part.data(), size);
    if (read_error && read_error != asio::error::operation_aborted) break;
  }
  co_await keeper->wait();
  if (cancelled) {
    process_result r;
    r.end = process_end::cancelled;
    co_return r;
  }
  if (bytes.size() < sizeof(keeper::report)) co_return cannot_start();
  co_return read_report(bytes);
}

}  // namespace agon::systems

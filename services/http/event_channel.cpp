#include "services/http/event_channel.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <exception>
#include <stdexcept>

#include "services/core/log.hpp"

namespace agon::http {
namespace {

namespace asio = boost::asio;
constexpr auto token = asio::as_tuple(asio::deferred);

void append_field(std::string& out, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
    throw std::invalid_argument("an event's id or name holds a line break");
  out.append(name).append(": ").append(value).push_back('\n');
}

void log_failure(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted)
      log::error("event_stream_failed", {{"reason", e.what()}});
  } catch (const std::logic_error& e) {
    log::error("event_stream_failed", {{"reason", e.what()}});
  } catch (...) {
    log::error("event_stream_failed");  // other messages may quote data
  }
}

}  // namespace

void append_event(std::string& out, const event& e) {
  append_field(out, "id", e.id);
  append_field(out, "event", e.name);
  std::string_view rest = e.data;
  for (;;) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    out.append("data: ").append(rest.substr(0, end)).push_back('\n');
    if (end == rest.size()) break;
    const bool both = rest.substr(end, 2) == "\r\n";
    rest.remove_prefix(end + (both ? 2 : 1));
  }
  out.push_back('\n');
}

event_channel::event_channel(asio::io_context& loop, transport& to, deadline& until,
                             const server_timeouts& timeouts)
    : loop_(loop), to_(to), until_(until), timeouts_(timeouts), wake_(loop), written_(loop) {}

void event_channel::start(const event_stream& stream) {
  asio::co_spawn(loop_, stream.run(*this),
                 asio::bind_cancellation_slot(end_stream_.slot(), [this](std::exception_ptr e) {
                   if (e) log_failure(e);
                   stream_ended_ = true;
                   wake_.cancel();
                 }));
  asio::co_spawn(loop_, watch_client(), [this](std::exception_ptr) {
    watch_ended_ = true;
    wake_.cancel();
  });
}

// A client that sends nothing more but an end has left; what it sends is ignored.
awaitable<void> event_channel::watch_client() {
  std::array<char, 256> ignored;
  for (;;) {
    const io_result got = co_await to_.read_some(asio::buffer(ignored));
    if (got.error) break;
  }
  client_gone_ = true;
  close();
}

void event_channel::close() {
  if (closed_) return;
  closed_ = true;
  wake_.cancel();
  written_.cancel();
  end_stream_.emit(asio::cancellation_type::terminal);
}

awaitable<bool> event_channel::sleep(std::chrono::milliseconds limit) {
  wake_.expires_after(limit);
  const auto [error] = co_await wake_.async_wait(token);
  co_return !error;
}

awaitable<void> event_channel::flush() {
  out_.clear();
  out_.swap(pending_);
  const std::uint64_t last = queued_;
  until_.set(stage::writing, timeouts_.write);
  const io_result done = co_await to_.write(asio::buffer(out_), {});
  until_.set(stage::streaming);
  sent_ += done.bytes;
  if (done.error) {
    client_gone_ = true;
    close();
  }
  flushed_ = last;
  written_.cancel();
}

awaitable<bool> event_channel::send(event e) {
  if (closed_) co_return false;
  append_event(pending_, e);
  const std::uint64_t mine = ++queued_;
  wake_.cancel();
  while (!closed_ && flushed_ < mine) {
    written_.expires_at(asio::steady_timer::time_point::max());
    [[maybe_unused]] const auto woken = co_await written_.async_wait(token);
  }
  co_return !closed_;
}

awaitable<void> event_channel::serve(const event_stream& stream, std::string greeting) {
  pending_ = std::move(greeting);
  co_await flush();
  if (closed_) co_return;
  start(stream);
  while (!closed_ && !stream_ended_) {
    if (pending_.empty()) {
      const bool silent = co_await sleep(timeouts_.heartbeat);
      if (silent) pending_ = ":\n\n";
    } else {
      co_await flush();
    }
  }
  if (!client_gone_ && !pending_.empty()) co_await flush();
  close();
  to_.cancel();
  while (!stream_ended_ || !watch_ended_) co_await sleep(std::chrono::hours(1));
}

}  // namespace agon::http

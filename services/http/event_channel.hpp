// The server's half of an event stream: one writer, in front of it the events of the
// feature, behind it the client. All of it runs on one loop.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "services/http/deadline.hpp"
#include "services/http/response.hpp"
#include "services/http/transport.hpp"

namespace agon::http {

// Appends an event in the format of text/event-stream. Throws std::invalid_argument
// for a line break or NUL in id or name.
void append_event(std::string& out, const event& e);

class event_channel final : public event_sink {
 public:
  // All references must outlive the channel.
  event_channel(boost::asio::io_context& loop, transport& to, deadline& until,
                const server_timeouts& timeouts);

  // Writes `greeting`, then events and heartbeats until the stream returns, the client
  // goes or close() is called; returns when the stream has ended. The channel must
  // stay alive until then.
  [[nodiscard]] awaitable<void> serve(const event_stream& stream, std::string greeting);
  void close();
  [[nodiscard]] std::size_t sent_bytes() const { return sent_; }

  [[nodiscard]] awaitable<bool> send(event e) override;
  [[nodiscard]] bool closed() const override { return closed_; }

 private:
  void start(const event_stream& stream);
  awaitable<void> watch_client();
  awaitable<void> flush();
  // Returns at wake(), or after `limit`; true in the latter case.
  awaitable<bool> sleep(std::chrono::milliseconds limit);

  boost::asio::io_context& loop_;
  transport& to_;
  deadline& until_;
  const server_timeouts& timeouts_;
  boost::asio::steady_timer wake_;     // the writer waits here
  boost::asio::steady_timer written_;  // send() waits here
  boost::asio::cancellation_signal end_stream_;
  std::string pending_;
  std::string out_;
  std::uint64_t queued_ = 0;
  std::uint64_t flushed_ = 0;
  std::size_t sent_ = 0;
  bool closed_ = false;
  bool client_gone_ = false;
  bool stream_ended_ = false;
  bool watch_ended_ = false;
};

}  // namespace agon::http

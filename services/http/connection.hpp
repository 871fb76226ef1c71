// One client: reads requests, calls handlers, writes answers, until either side is done.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/address.hpp>
#include <memory>
#include <optional>
#include <string>

#include "services/http/deadline.hpp"
#include "services/http/message_reader.hpp"
#include "services/http/problem.hpp"
#include "services/http/server_state.hpp"
#include "services/http/transport.hpp"

namespace agon::http {

class event_channel;
struct file_plan;

class connection {
 public:
  connection(std::shared_ptr<server_state> server, std::shared_ptr<worker> w,
             std::unique_ptr<transport> stream, const boost::asio::ip::address& peer,
             address_counts::place place);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // Everything below runs on the worker's loop.
  [[nodiscard]] awaitable<void> run();
  [[nodiscard]] server_state& server() { return *server_; }
  // What run() was spawned with: tells an overdue handler to end.
  [[nodiscard]] boost::asio::cancellation_slot slot() { return overdue_.slot(); }
  void tick();
  // The server drains: ends now if nothing is under way.
  void drain();
  // Ends now in any case.
  void abort();

 private:
  class registration;

  // connection.cpp: the loop, reading and routing.
  awaitable<bool> serve_next();
  awaitable<std::optional<response>> read_request();
  std::optional<response> accept_head();
  std::optional<response> check_write() const;
  response refuse_unread(const boost::system::error_code& why);
  awaitable<std::optional<response>> read_body();
  void begin_request();
  awaitable<response> call_handler();
  awaitable<void> close();

  // connection_answer.cpp: writing.
  awaitable<bool> answer(response r);
  awaitable<bool> answer_text(const response& r, std::string_view body);
  awaitable<bool> answer_file(const response& r, const file_body& file);
  awaitable<bool> answer_stream(const response& r, const event_stream& stream);
  awaitable<bool> answer_pieces(const response& r, const text_stream& text);
  awaitable<bool> send_file_bytes(const file_plan& plan);
  awaitable<bool> write(std::string_view first, std::string_view second);
  void start_head(const response& r, std::optional<std::uint64_t> content_length);
  void record();

  const std::shared_ptr<server_state> server_;
  const std::shared_ptr<worker> worker_;
  const std::unique_ptr<transport> stream_;
  const std::string peer_;
  const bool peer_trusted_;
  const address_counts::place place_;

  message_reader reader_;
  deadline deadline_;
  boost::asio::cancellation_signal overdue_;
  event_channel* events_ = nullptr;  // while a stream runs

  // Of the request under way; their memory is used again for the next.
  request request_;
  std::string path_;
  std::string out_;
  const route* route_ = nullptr;
  steady_time started_{};
  std::size_t sent_ = 0;
  unsigned status_ = 0;
  bool streamed_ = false;
  bool expired_ = false;  // the peer or the handler was too slow
  bool discard_ = false;  // what the peer still sends is not read as a request
  bool keep_alive_ = true;
};

}  // namespace agon::http

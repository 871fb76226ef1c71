// A connected byte stream: TCP, or TLS over it. Used on its own loop only.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>

#include "services/core/awaitable.hpp"

namespace agon::http {

using loop_executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loop_executor>;

struct io_result {
  boost::system::error_code error{};
  std::size_t bytes = 0;
};

class transport {
 public:
  virtual ~transport() = default;

  // TLS only; succeeds at once for TCP.
  [[nodiscard]] virtual awaitable<io_result> handshake() = 0;
  [[nodiscard]] virtual awaitable<io_result> read_some(boost::asio::mutable_buffer into) = 0;
  // Writes all of both buffers, in one system call where possible.
  [[nodiscard]] virtual awaitable<io_result> write(boost::asio::const_buffer first,
                                                   boost::asio::const_buffer second) = 0;
  // Tells the peer that nothing more comes; reading goes on.
  [[nodiscard]] virtual awaitable<void> end_output() = 0;

  // Ends what is awaited with operation_aborted; the stream stays usable under TCP.
  virtual void cancel() = 0;
  // Ends everything.
  virtual void close() = 0;
};

[[nodiscard]] std::unique_ptr<transport> make_transport(tcp_socket socket);
// `context` is kept as long as the stream lives.
[[nodiscard]] std::unique_ptr<transport> make_transport(
    tcp_socket socket, std::shared_ptr<boost::asio::ssl::context> context);

// A context for TLS 1.2 and newer that speaks HTTP/1.1. Throws std::runtime_error with
// the file at fault.
[[nodiscard]] std::shared_ptr<boost::asio::ssl::context> make_tls_context(
    const std::string& certificate_chain, const std::string& private_key);

}  // namespace agon::http

// A connected stream to an endpoint: TCP, or TLS over it. Used on one strand.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/outgoing/client.hpp"
#include "services/outgoing/watchdog.hpp"

namespace agon::outgoing {

struct io_result {
  boost::system::error_code error{};
  std::size_t bytes = 0;
};

class connection {
 public:
  virtual ~connection() = default;

  [[nodiscard]] virtual awaitable<io_result> handshake() = 0;
  [[nodiscard]] virtual awaitable<io_result> read_some(boost::asio::mutable_buffer into) = 0;
  // Writes all of both.
  [[nodiscard]] virtual awaitable<io_result> write(boost::asio::const_buffer first,
                                                   boost::asio::const_buffer second) = 0;
  virtual boost::asio::ip::tcp::socket& socket() = 0;
  // Ends everything that is awaited on it.
  void close();
  // True if the other side has neither closed it nor said anything since the last answer.
  [[nodiscard]] bool quiet();

  std::string unread;  // came behind what was parsed
  std::chrono::steady_clock::time_point keep_until{};
  unsigned answers = 0;
};

// TLS 1.2 and newer; the system's roots and `ca_file`. errc::invalid_input for the file.
[[nodiscard]] result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(
    const std::string& ca_file);

// Resolves, connects and shakes hands, each within its time. errc::unavailable, with a
// detail for the log and not for people, or errc::timeout. `tls` is null for plain HTTP.
[[nodiscard]] awaitable<result<std::shared_ptr<connection>>> connect(
    const client_options& options, std::shared_ptr<boost::asio::ssl::context> tls, watchdog& dog);

// True if the coroutine that awaits this was told to end.
[[nodiscard]] awaitable<bool> told_to_end();

}  // namespace agon::outgoing

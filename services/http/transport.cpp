#include "services/http/transport.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace agon::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using both_buffers = std::array<asio::const_buffer, 2>;

constexpr auto token = asio::as_tuple(asio::deferred);

class tcp_transport final : public transport {
 public:
  explicit tcp_transport(tcp_socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  awaitable<io_result> handshake() override { co_return io_result{}; }

  awaitable<io_result> read_some(asio::mutable_buffer into) override {
    const auto [error, bytes] = co_await socket_.async_read_some(into, token);
    co_return io_result{error, bytes};
  }

  awaitable<io_result> write(asio::const_buffer first, asio::const_buffer second) override {
    // Nearly always the socket takes all at once; then nothing has to be awaited.
    error_code ignored;
    const both_buffers all{first, second};
    const std::size_t sent =
        second.size() == 0 ? socket_.send(first, 0, ignored) : socket_.send(all, 0, ignored);
    if (sent == first.size() + second.size()) co_return io_result{{}, sent};
    const std::size_t of_first = std::min(sent, first.size());
    const both_buffers rest{first + of_first, second + (sent - of_first)};
    const auto [error, bytes] = co_await asio::async_write(socket_, rest, token);
    co_return io_result{error, sent + bytes};
  }

  awaitable<void> end_output() override {
    error_code ignored;
    socket_.shutdown(tcp_socket::shutdown_send, ignored);
    co_return;
  }

  void cancel() override {
    error_code ignored;
    socket_.cancel(ignored);
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  tcp_socket socket_;
};

class tls_transport final : public transport {
 public:
  tls_transport(tcp_socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  awaitable<io_result> handshake() override {
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, token);
    co_return io_result{error, 0};
  }

  awaitable<io_result> read_some(asio::mutable_buffer into) override {
    const auto [error, bytes] = co_await stream_.async_read_some(into, token);
    co_return io_result{error, bytes};
  }

  awaitable<io_result> write(asio::const_buffer first, asio::const_buffer second) override {
    const both_buffers all{first, second};
    const auto [error, bytes] = co_await asio::async_write(stream_, all, token);
    co_return io_result{error, bytes};
  }

  awaitable<void> end_output() override {
    // Also waits for the peer's close_notify; the deadline for closing bounds that.
    const auto [error] = co_await stream_.async_shutdown(token);
    error_code ignored = error;
    stream_.next_layer().shutdown(tcp_socket::shutdown_send, ignored);
  }

  void cancel() override {
    error_code ignored;
    stream_.next_layer().cancel(ignored);
  }
  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<tcp_socket> stream_;
};

}  // namespace

std::unique_ptr<transport> make_transport(tcp_socket socket) {
  return std::make_unique<tcp_transport>(std::move(socket));
}

std::unique_ptr<transport> make_transport(tcp_socket socket,
                                          std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<tls_transport>(std::move(socket), std::move(context));
}

}  // namespace agon::http

#include "services/outgoing/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "services/outgoing/address_rules.hpp"

namespace agon::outgoing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using two_buffers = std::array<asio::const_buffer, 2>;

constexpr auto io_token = asio::as_tuple(asio::use_awaitable);

class tcp_connection final : public connection {
 public:
  explicit tcp_connection(tcp::socket socket) : socket_(std::move(socket)) {}

  awaitable<io_result> handshake() override { co_return io_result{}; }
  awaitable<io_result> read_some(asio::mutable_buffer into) override {
    const auto [error, bytes] = co_await socket_.async_read_some(into, io_token);
    co_return io_result{error, bytes};
  }
  awaitable<io_result> write(asio::const_buffer first, asio::const_buffer second) override {
    const two_buffers all{first, second};
    const auto [error, bytes] = co_await asio::async_write(socket_, all, io_token);
    co_return io_result{error, bytes};
  }
  tcp::socket& socket() override { return socket_; }

 private:
  tcp::socket socket_;
};

class tls_connection final : public connection {
 public:
  tls_connection(tcp::socket socket, std::shared_ptr<asio::ssl::context> context,
                 const endpoint& target)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(target.host));
    // An address is no name to be indicated (RFC 6066, section 3).
    if (!target.numeric) SSL_set_tlsext_host_name(stream_.native_handle(), target.host.c_str());
  }

  awaitable<io_result> handshake() override {
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, io_token);
    co_return io_result{error, 0};
  }
  awaitable<io_result> read_some(asio::mutable_buffer into) override {
    const auto [error, bytes] = co_await stream_.async_read_some(into, io_token);
    co_return io_result{error, bytes};
  }
  awaitable<io_result> write(asio::const_buffer first, asio::const_buffer second) override {
    const two_buffers all{first, second};
    const auto [error, bytes] = co_await asio::async_write(stream_, all, io_token);
    co_return io_result{error, bytes};
  }
  tcp::socket& socket() override { return stream_.next_layer(); }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<tcp::socket> stream_;
};

error out_of_reach(std::string detail) {
  return fail(errc::unavailable, std::move(detail));
}

error ended_early(const watchdog& dog, bool given_up, std::string phase) {
  if (given_up) return fail(errc::timeout, "The request was given up.");
  if (dog.expired()) return fail(errc::timeout, "too long: " + phase);
  return out_of_reach(phase + " failed");
}

// What a resolver and the one who waits for it share: the resolver's thread cannot be
// stopped, and may answer long after nobody waits.
struct lookup {
  explicit lookup(const asio::any_io_executor& strand) : resolver(strand), woken(strand) {}
  tcp::resolver resolver;
  asio::steady_timer woken;
  error_code ec;
  std::vector<asio::ip::address> found;
  bool done = false;
};

awaitable<result<std::vector<asio::ip::address>>> resolve(const client_options& o) {
  error_code ec;
  if (o.target.numeric) co_return std::vector{asio::ip::make_address(o.target.host, ec)};
  const auto strand = co_await asio::this_coro::executor;
  const auto shared = std::make_shared<lookup>(strand);
  shared->woken.expires_after(o.times.resolve);
  shared->resolver.async_resolve(
      o.target.host, std::to_string(o.target.port),
      [shared](const error_code& failed, const tcp::resolver::results_type& results) {
        shared->done = true;
        shared->ec = failed;
        for (const auto& r : results) shared->found.push_back(r.endpoint().address());
        shared->woken.cancel();
      });
  co_await shared->woken.async_wait(io_token);
  const bool given_up = co_await told_to_end();
  if (given_up) co_return fail(errc::timeout, "The request was given up.");
  if (!shared->done) co_return fail(errc::timeout, "too long: resolving the name");
  if (shared->ec) co_return out_of_reach("the name cannot be resolved");
  co_return std::move(shared->found);
}

bool may_be_inside(const client_options& o) {
  return o.private_network || o.target.numeric || o.target.host == "localhost";
}

void keep_permitted(std::vector<asio::ip::address>& found, bool inside) {
  std::erase_if(found, [inside](const asio::ip::address& a) {
    const reach r = reach_of(a);
    return r == reach::never || (r == reach::inside && !inside);
  });
}

}  // namespace

void connection::close() {
  error_code ignored;
  socket().close(ignored);
}

bool connection::quiet() {
  char byte = 0;
  const ssize_t got =
      ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

result<std::shared_ptr<asio::ssl::context>> make_tls_context(const std::string& ca_file) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  static constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SSL_CTX_set_alpn_protos(native, http_1_1, sizeof http_1_1);
  error_code ec;
  context->set_default_verify_paths(ec);
  if (!ec && !ca_file.empty()) context->load_verify_file(ca_file, ec);
  if (ec) return fail(errc::invalid_input, "name a readable file of certificates");
  return context;
}

awaitable<bool> told_to_end() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

awaitable<result<std::shared_ptr<connection>>> connect(const client_options& options,
                                                       std::shared_ptr<asio::ssl::context> tls,
                                                       watchdog& dog) {
  auto found = co_await resolve(options);
  if (!found) co_return found.error();
  keep_permitted(*found, may_be_inside(options));
  if (found->empty()) co_return out_of_reach("the name leads to addresses that are refused");

  const auto strand = co_await asio::this_coro::executor;
  tcp::socket socket(strand);
  dog.guard([&socket] {
    error_code ignored;
    socket.close(ignored);
  });
  dog.allow(options.times.connect);
  error_code failed;
  for (const asio::ip::address& address : *found) {
    bool given_up = co_await told_to_end();
    if (given_up || dog.expired()) break;
    error_code ignored;
    socket.close(ignored);
    const auto [ec] = co_await socket.async_connect({address, options.target.port}, io_token);
    failed = ec;
    if (!failed) break;
  }
  bool given_up = co_await told_to_end();
  dog.guard(nullptr);
  if (failed || given_up || dog.expired()) co_return ended_early(dog, given_up, "connecting");
  socket.set_option(tcp::no_delay(true), failed);

  std::shared_ptr<connection> made;
  if (tls) {
    made = std::make_shared<tls_connection>(std::move(socket), std::move(tls), options.target);
  } else {
    made = std::make_shared<tcp_connection>(std::move(socket));
  }
  dog.guard([weak = std::weak_ptr(made)] {
    if (const auto alive = weak.lock()) alive->close();
  });
  dog.allow(options.times.tls);
  const io_result shaken = co_await made->handshake();
  given_up = co_await told_to_end();
  if (shaken.error || given_up || dog.expired())
    co_return ended_early(dog, given_up, "the TLS handshake");
  co_return made;
}

}  // namespace agon::outgoing

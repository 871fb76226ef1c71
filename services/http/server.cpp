#include "services/http/server.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <mutex>
#include <stdexcept>

#include "services/core/log.hpp"
#include "services/http/conditional.hpp"
#include "services/http/connection.hpp"
#include "services/http/server_state.hpp"
#include "services/http/transport.hpp"

namespace agon::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using acceptor = asio::basic_socket_acceptor<tcp, loop_executor>;
using timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

constexpr auto token = asio::as_tuple(asio::deferred);
constexpr std::chrono::milliseconds longest_tick{250};
constexpr std::chrono::milliseconds shortest_tick{10};
constexpr std::chrono::milliseconds first_backoff{50};
constexpr std::chrono::milliseconds longest_backoff{1'000};
// What cut connections get to notice it.
constexpr std::chrono::milliseconds abort_grace{1'000};
// A loop that is silent for so long hangs in somebody's handler.
constexpr std::chrono::milliseconds loop_answers_within{5'000};
// How long, and how many at once, we wait for refused clients to read their answer.
constexpr std::chrono::milliseconds refusal_time{1'000};
constexpr std::size_t max_refusals = 256;

const std::string& too_many_connections() {
  static const std::string text = [] {
    error busy = fail(errc::overloaded, "Too many connections are open. Try again soon.");
    busy.retry_after = std::chrono::seconds(5);
    const response r = problem(busy, "");
    const auto& body = std::get<std::string>(r.body);
    return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + r.content_type +
           "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nRetry-After: 5\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + body;
  }();
  return text;
}

// Deadlines are looked at often enough for the shortest of them.
std::chrono::milliseconds tick_of(const server_timeouts& t) {
  const auto shortest = std::min({t.header, t.body, t.idle, t.request, t.write});
  return std::clamp(shortest / 8, shortest_tick, longest_tick);
}

void update_clock(worker& w) {
  w.now = std::chrono::steady_clock::now();
  w.date = http_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

awaitable<void> tick(std::shared_ptr<server_state> server, std::shared_ptr<worker> w) {
  timer next(w->loop);
  const auto interval = tick_of(server->options.timeouts);
  while (!server->stopped.load() || !w->connections.empty()) {
    update_clock(*w);
    // Backwards: a connection that ends meanwhile is replaced by one already seen.
    for (std::size_t i = w->connections.size(); i-- > 0;)
      if (i < w->connections.size()) w->connections[i]->tick();
    next.expires_after(interval);
    [[maybe_unused]] const auto fired = co_await next.async_wait(token);
  }
}

void serve(const std::shared_ptr<server_state>& server, const std::shared_ptr<worker>& w,
           std::unique_ptr<transport> stream, const asio::ip::address& peer,
           address_counts::place place) {
  auto c = std::make_shared<connection>(server, w, std::move(stream), peer, std::move(place));
  asio::co_spawn(w->loop, c->run(),
                 asio::bind_cancellation_slot(c->slot(), [c](std::exception_ptr failure) {
                   if (failure) log::error("connection_failed");
                   server_state& s = c->server();
                   if (s.connections.fetch_sub(1) != 1) return;
                   const std::lock_guard lock(s.mutex);
                   s.emptied.notify_all();
                 }));
}

// Answers 503 without asking what was wanted, and stays until the client has read it:
// closing a socket with unread input would throw the answer away.
awaitable<void> refuse(std::shared_ptr<server_state> server, std::shared_ptr<tcp_socket> socket) {
  server->refused_connections.add();
  timer limit(socket->get_executor());
  limit.expires_after(refusal_time);
  limit.async_wait([socket](const error_code& e) {
    error_code ignored;
    if (!e) socket->close(ignored);
  });
  error_code ignored;
  socket->non_blocking(true, ignored);
  socket->send(asio::buffer(too_many_connections()), 0, ignored);
  socket->shutdown(tcp_socket::shutdown_send, ignored);
  std::array<char, 4096> discarded;
  for (;;) {
    const auto [error, bytes] = co_await socket->async_read_some(asio::buffer(discarded), token);
    if (error) break;
  }
  server->refusals.fetch_sub(1);
}

bool out_of_resources(const error_code& e) {
  return e == asio::error::no_descriptors ||
         e == boost::system::errc::too_many_files_open_in_system ||
         e == asio::error::no_buffer_space || e == asio::error::no_memory;
}

asio::ip::address parse_address(const std::string& text) {
  if (text == "localhost") return asio::ip::address_v4::loopback();
  error_code error;
  auto out = asio::ip::make_address(text, error);
  if (error)
    throw std::invalid_argument("the address to listen on, " + text + ", is no IP address");
  return out;
}

}  // namespace

struct server::impl {
  io_threads& threads;
  std::shared_ptr<server_state> state;
  std::vector<std::shared_ptr<worker>> workers;
  std::unique_ptr<acceptor> listening;
  std::mutex tls_mutex;  // guards `tls`
  std::shared_ptr<asio::ssl::context> tls;
  std::uint16_t port = 0;
  std::size_t next_worker = 0;
  std::promise<void> accept_ended;
  bool drained = false;

  impl(io_threads& t, const route_table& routes, metrics::registry& registry, server_options o)
      : threads(t), state(std::make_shared<server_state>(std::move(o), routes, registry)) {}

  awaitable<void> accept_all();
  void accepted(tcp_socket socket, const std::shared_ptr<worker>& w);
  // Runs `action` for every connection, on its loop, and waits until all have run.
  void for_each_connection(void (connection::*action)());
  bool wait_until_empty(std::chrono::milliseconds limit);
  void stop_accepting();
  bool drain(std::chrono::milliseconds limit);
};

awaitable<void> server::impl::accept_all() {
  timer pause(threads.loop());
  auto backoff = first_backoff;
  while (!state->draining.load()) {
    const std::shared_ptr<worker> w = workers[next_worker++ % workers.size()];
    auto [error, socket] = co_await listening->async_accept(w->loop, token);
    if (!error) {
      backoff = first_backoff;
      accepted(std::move(socket), w);
      continue;
    }
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) break;
    if (!out_of_resources(error)) continue;  // the peer left before we came
    log::warn("accept_failed", {{"reason", error.message()}, {"again_in_ms", backoff.count()}});
    pause.expires_after(backoff);
    [[maybe_unused]] const auto waited = co_await pause.async_wait(token);
    backoff = std::min(backoff * 2, longest_backoff);
  }
}

void server::impl::accepted(tcp_socket socket, const std::shared_ptr<worker>& w) {
  error_code error;
  const auto peer = socket.remote_endpoint(error).address();
  if (error) return;
  const bool limited = !state->unlimited.contains(peer) && !state->proxies.contains(peer);
  auto place = limited ? state->connections_by_address.take(plain(peer).to_string())
                       : address_counts::place();
  if (state->connections.fetch_add(1) >= state->options.max_connections || !place.taken()) {
    state->connections.fetch_sub(1);
    if (state->refusals.fetch_add(1) < max_refusals)
      asio::co_spawn(w->loop, refuse(state, std::make_shared<tcp_socket>(std::move(socket))),
                     asio::detached);
    else
      state->refusals.fetch_sub(1);
    return;
  }
  socket.set_option(tcp::no_delay(true), error);
  std::shared_ptr<asio::ssl::context> context;
  {
    const std::lock_guard lock(tls_mutex);
    context = tls;
  }
  auto stream = context ? make_transport(std::move(socket), std::move(context))
                        : make_transport(std::move(socket));
  serve(state, w, std::move(stream), peer, std::move(place));
}

void server::impl::for_each_connection(void (connection::*action)()) {
  for (const auto& w : workers) {
    const auto done = std::make_shared<std::promise<void>>();
    asio::post(w->loop, [w, done, action] {
      for (std::size_t i = w->connections.size(); i-- > 0;)
        if (i < w->connections.size()) (w->connections[i]->*action)();
      done->set_value();
    });
    if (!w->loop.stopped()) done->get_future().wait_for(loop_answers_within);
  }
}

void server::impl::stop_accepting() {
  state->draining = true;
  asio::io_context& loop = threads.loop();
  if (loop.stopped()) return;
  asio::post(loop, [this] {
    error_code ignored;
    listening->close(ignored);
  });
  accept_ended.get_future().wait();
}

bool server::impl::drain(std::chrono::milliseconds limit) {
  if (!listening || drained) return true;
  drained = true;
  stop_accepting();
  for_each_connection(&connection::drain);
  const bool clean = wait_until_empty(limit);
  if (!clean) {
    log::warn("connections_cut", {{"count", state->connections.load()}});
    for_each_connection(&connection::abort);
    wait_until_empty(abort_grace);
  }
  state->stopped = true;
  return clean;
}

bool server::impl::wait_until_empty(std::chrono::milliseconds limit) {
  std::unique_lock lock(state->mutex);
  return state->emptied.wait_for(lock, limit, [&] { return state->connections.load() == 0; });
}

server::server(io_threads& threads, const router& routes, metrics::registry& registry,
               server_options options)
    : impl_(std::make_unique<impl>(threads, routes.tree_->table, registry, std::move(options))) {
  const server_options& o = impl_->state->options;
  if (o.certificate_chain.empty() != o.private_key.empty())
    throw std::invalid_argument("TLS needs a certificate chain and a private key");
  if (o.header_limit < 1024 || o.max_connections == 0)
    throw std::invalid_argument("the limits of the server are too small to serve anything");
  reload_certificate();
  for (std::size_t i = 0; i < threads.size(); ++i) {
    auto w = std::make_shared<worker>(threads.loop(i));
    update_clock(*w);
    impl_->workers.push_back(std::move(w));
  }
}

server::~server() {
  impl_->drain(std::chrono::milliseconds(0));
}

bool server::drain() {
  return impl_->drain(impl_->state->options.timeouts.drain);
}

void server::start() {
  const server_options& o = impl_->state->options;
  const tcp::endpoint where(parse_address(o.address), o.port);
  auto made = std::make_unique<acceptor>(impl_->threads.loop());
  try {
    made->open(where.protocol());
    made->set_option(acceptor::reuse_address(true));
    if (where.address().is_v6()) made->set_option(asio::ip::v6_only(false));
    made->bind(where);
    made->listen(acceptor::max_listen_connections);
  } catch (const boost::system::system_error& e) {
    const std::string at = o.address + " port " + std::to_string(o.port);
    if (e.code() == asio::error::address_in_use)
      throw std::runtime_error("Cannot listen on " + at +
                               ": another program uses it. Stop that one or choose another port.");
    throw std::runtime_error("Cannot listen on " + at + ": " + e.code().message());
  }
  impl_->port = made->local_endpoint().port();
  impl_->listening = std::move(made);
  for (const auto& w : impl_->workers)
    asio::co_spawn(w->loop, tick(impl_->state, w), asio::detached);
  asio::co_spawn(impl_->threads.loop(), impl_->accept_all(),
                 [this](std::exception_ptr) { impl_->accept_ended.set_value(); });
}

std::uint16_t server::port() const {
  return impl_->port;
}

bool server::draining() const {
  return impl_->state->draining.load();
}

std::size_t server::connections() const {
  return impl_->state->connections.load();
}

void server::reload_certificate() {
  const server_options& o = impl_->state->options;
  if (o.certificate_chain.empty()) return;
  auto made = make_tls_context(o.certificate_chain, o.private_key);
  const std::lock_guard lock(impl_->tls_mutex);
  impl_->tls = std::move(made);
}

}  // namespace agon::http

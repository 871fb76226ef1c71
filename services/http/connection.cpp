#include "services/http/connection.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/core/demangle.hpp>
#include <stdexcept>
#include <typeinfo>

#include "services/core/log.hpp"
#include "services/http/event_channel.hpp"
#include "services/http/percent.hpp"

namespace agon::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;

// After a refusal we read on and forget, so that the client sees our answer and no
// reset connection, but not without end.
constexpr std::size_t max_discarded = 16UL * 1024 * 1024;
constexpr std::size_t discarded_at_once = 64UL * 1024;
constexpr std::chrono::milliseconds closing_time{3'000};
// What a handler gets to end after it was told to, before the connection is cut.
constexpr std::chrono::milliseconds overdue_grace{10'000};

bool writes(std::optional<method> m) {
  return m == method::post || m == method::put || m == method::patch || m == method::delete_;
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view json = "application/json";
  if (!boost::beast::iequals(content_type.substr(0, json.size()), json)) return false;
  const std::string_view rest = content_type.substr(json.size());
  return rest.empty() || rest.front() == ';' || rest.front() == ' ';
}

// "http://host/path" → "/path"; other targets stay.
std::string_view without_authority(std::string_view target) {
  if (target.empty() || target.front() == '/') return target;
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) return target;
  const std::size_t path = target.find_first_of("/?#", scheme + 3);
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

// What an exception may tell the log: the messages of other libraries can quote data.
std::string_view loggable(const std::exception& e) {
  const bool ours = dynamic_cast<const std::logic_error*>(&e) != nullptr ||
                    dynamic_cast<const boost::system::system_error*>(&e) != nullptr;
  return ours ? e.what() : "";
}

}  // namespace

// Makes the connection known to its worker as long as it runs.
class connection::registration {
 public:
  explicit registration(connection& c) : connection_(c) {
    c.worker_->connections.push_back(&c);
    c.server_->open_connections.add(1);
  }
  ~registration() {
    auto& all = connection_.worker_->connections;
    *std::find(all.begin(), all.end(), &connection_) = all.back();
    all.pop_back();
    connection_.server_->open_connections.add(-1);
  }
  registration(const registration&) = delete;
  registration& operator=(const registration&) = delete;

 private:
  connection& connection_;
};

connection::connection(std::shared_ptr<server_state> server, std::shared_ptr<worker> w,
                       std::unique_ptr<transport> stream, const asio::ip::address& peer,
                       address_counts::place place)
    : server_(std::move(server)),
      worker_(std::move(w)),
      stream_(std::move(stream)),
      peer_(plain(peer).to_string()),
      peer_trusted_(server_->proxies.contains(peer)),
      place_(std::move(place)),
      reader_(*stream_, server_->options.header_limit),
      deadline_(*worker_) {}

connection::~connection() = default;

void connection::tick() {
  if (!deadline_.passed()) return;
  expired_ = true;
  switch (deadline_.now()) {
    case stage::handling:
      deadline_.set(stage::overdue, overdue_grace);
      overdue_.emit(asio::cancellation_type::terminal);
      return;
    case stage::overdue:
    case stage::writing:
    case stage::closing:
      stream_->close();
      break;
    case stage::idle:
    case stage::reading:
    case stage::streaming:
      stream_->cancel();
      break;
  }
}

void connection::drain() {
  if (events_ != nullptr) events_->close();
  if (deadline_.now() == stage::idle && reader_.empty()) stream_->cancel();
}

void connection::abort() {
  if (events_ != nullptr) events_->close();
  overdue_.emit(asio::cancellation_type::terminal);
  stream_->close();
}

awaitable<void> connection::run() {
  const registration known(*this);
  deadline_.set(stage::idle, server_->options.timeouts.header);
  const io_result open = co_await stream_->handshake();
  if (open.error) co_return;
  for (;;) {
    const bool again = co_await serve_next();
    if (!again) break;
    reader_.finish();
    deadline_.set(stage::idle, server_->options.timeouts.idle);
  }
  co_await close();
}

// One request and its answer. False when the connection ends.
awaitable<bool> connection::serve_next() {
  if (reader_.empty()) {
    if (server_->draining.load(std::memory_order_relaxed)) co_return false;
    const error_code error = co_await reader_.read_more();
    if (error) co_return false;
  }
  begin_request();
  std::optional<response> refused = co_await read_request();
  if (refused && refused->status == 0) co_return false;
  // After a head that was refused nobody knows where the next request begins: what a proxy
  // took for a body would be read as one (RFC 9112, 6.3).
  const bool whole = reader_.complete() && reader_.parsed().head().refused.empty();
  discard_ = !whole;
  keep_alive_ = whole && reader_.parsed().keep_alive();
  if (refused) co_return co_await answer(std::move(*refused));
  response made = co_await call_handler();
  co_return co_await answer(std::move(made));
}

void connection::begin_request() {
  started_ = std::chrono::steady_clock::now();
  deadline_.set(stage::reading, server_->options.timeouts.header);
  expired_ = false;
  keep_alive_ = false;
  route_ = nullptr;
  sent_ = 0;
  streamed_ = false;
  request_.request_id.clear();
  next_request_id(*worker_, request_.request_id);
}

// Reads a request and checks all that is not the handler's business. Gives the answer
// if that is decided here; one of status 0 if nobody is there to hear it.
awaitable<std::optional<response>> connection::read_request() {
  const error_code error = co_await reader_.read_head(request_);
  if (error) co_return refuse_unread(error);
  auto refused = accept_head();
  if (refused) co_return refused;
  const message_parser& parsed = reader_.parsed();
  if (!parsed.is_done()) {
    refused = co_await read_body();
    if (refused) co_return refused;
  }
  request_.body = reader_.body();
  co_return std::nullopt;
}

response connection::refuse_unread(const error_code& why) {
  const auto say = [&](protocol_error kind, std::string_view detail) {
    return protocol_problem(kind, detail, request_.request_id);
  };
  if (expired_) return say(protocol_error::request_timeout, "Send the request faster.");
  if (why == beast_http::error::body_limit)
    return problem(fail(errc::payload_too_large, "The body is larger than this route takes."),
                   request_.request_id);
  if (why == beast_http::error::header_limit)
    return reader_.parsed().head().target.empty()
               ? say(protocol_error::uri_too_long, "Use a shorter address.")
               : say(protocol_error::headers_too_large, "Send fewer or shorter headers.");
  if (why == beast_http::error::bad_version)
    return say(protocol_error::version_not_supported, "Use HTTP/1.1.");
  if (why.category() == beast_http::make_error_code(beast_http::error::need_more).category())
    return say(protocol_error::bad_request, why.message());
  return response{.status = 0};
}

// Fills the request from its headers and finds its route.
std::optional<response> connection::accept_head() {
  const message_head& head = reader_.parsed().head();
  const auto say = [&](protocol_error kind, std::string_view detail) {
    return protocol_problem(kind, detail, request_.request_id);
  };
  if (!head.refused.empty()) return say(protocol_error::bad_request, head.refused);
  if (head.target.size() > server_->options.target_limit)
    return say(protocol_error::uri_too_long, "Use a shorter address.");
  std::string_view target = without_authority(head.target);
  const std::size_t mark = std::min(target.find_first_of("?#"), target.size());
  request_.verb = head.verb.value_or(method::get);
  request_.query = target.substr(std::min(mark + 1, target.size()));
  const bool whole_server = target == "*" && head.verb == method::options;
  const auto path =
      whole_server ? std::string_view("/") : decode_path(target.substr(0, mark), path_);
  if (!path || !valid_query(request_.query) || target.find('#') != std::string_view::npos)
    return say(protocol_error::bad_request, "The address is malformed.");
  request_.path = *path;
  request_.client_address =
      redacted<std::string>(peer_trusted_ ? server_->proxies.client_of(request_, peer_) : peer_);

  const route_match match =
      server_->routes.match(head.verb, request_.path, request_.path_parameters);
  route_ = match.found;
  if (route_ == nullptr && (whole_server || (match.allowed != 0 && head.verb == method::options)))
    return response{.status = 204}.set("Allow", allow_header(match.allowed));
  if (route_ == nullptr && match.allowed != 0)
    return say(protocol_error::method_not_allowed, "See the header Allow.")
        .set("Allow", allow_header(match.allowed));
  if (route_ == nullptr)
    return problem(fail(errc::not_found, "There is nothing at this address."), request_.request_id);
  if (!route_->options.any_host && !server_->hosts.permits(head.host))
    return say(protocol_error::misdirected_request, "Use the name that this server is known by.");
  return check_write();
}

// What must be right before a body is read.
std::optional<response> connection::check_write() const {
  const message_parser& parsed = reader_.parsed();
  const auto say = [&](protocol_error kind, std::string_view detail) {
    return protocol_problem(kind, detail, request_.request_id);
  };
  const bool write = writes(request_.verb);
  if (write && !route_->options.cross_site && !server_->origins.permits(request_))
    return say(protocol_error::cross_site_refused, "Send this from a page of this site.");
  if (write && !parsed.is_done() && !is_json(request_.header("content-type")))
    return say(protocol_error::unsupported_media_type, "Send application/json.");
  const auto length = parsed.content_length();
  if (length && *length > route_->options.max_body)
    return problem(
        fail(errc::payload_too_large, "This route takes bodies of at most " +
                                          std::to_string(route_->options.max_body) + " bytes."),
        request_.request_id);
  const std::string_view expect = parsed.head().expect;
  if (!expect.empty() && !boost::beast::iequals(expect, "100-continue"))
    return say(protocol_error::expectation_failed, "Only 100-continue can be expected.");
  return std::nullopt;
}

awaitable<std::optional<response>> connection::read_body() {
  expired_ = false;
  deadline_.set(stage::reading, server_->options.timeouts.body);
  if (!reader_.parsed().head().expect.empty() && reader_.empty()) {
    const bool sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n", {});
    if (!sent) co_return response{.status = 0};
    deadline_.set(stage::reading, server_->options.timeouts.body);
  }
  const error_code error = co_await reader_.read_body(route_->options.max_body);
  if (error) co_return refuse_unread(error);
  co_return std::nullopt;
}

awaitable<response> connection::call_handler() {
  const auto longest = route_->options.longest;
  deadline_.set(stage::handling, longest.count() > 0 ? longest : server_->options.timeouts.request);
  expired_ = false;
  std::optional<response> made;
  try {
    made = co_await route_->handle(request_);
  } catch (const std::exception& e) {
    if (!expired_)
      log::error("handler_failed", {{"route", route_->pattern},
                                    {"request_id", request_.request_id},
                                    {"exception", boost::core::demangle(typeid(e).name())},
                                    {"reason", loggable(e)}});
  } catch (...) {
    log::error("handler_failed", {{"route", route_->pattern}, {"request_id", request_.request_id}});
  }
  if (expired_) co_await asio::this_coro::reset_cancellation_state();
  if (made) co_return std::move(*made);
  if (expired_)
    co_return problem(fail(errc::timeout, "The answer took too long. Try again."),
                      request_.request_id);
  co_return problem(fail(errc::internal, "This is our fault; it was logged."), request_.request_id);
}

// Says goodbye, then discards what the client still sends, for a while.
awaitable<void> connection::close() {
  deadline_.set(stage::closing, closing_time);
  co_await stream_->end_output();
  std::string discarded(discard_ ? discarded_at_once : 0, '\0');
  std::size_t total = 0;
  while (discard_ && total < max_discarded) {
    const io_result got = co_await stream_->read_some(asio::buffer(discarded));
    total += got.bytes;
    if (got.error) break;
  }
  stream_->close();
}

}  // namespace agon::http

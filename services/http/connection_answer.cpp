#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>

#include "privacy/crypto/random.hpp"
#include "services/core/log.hpp"
#include "services/http/connection.hpp"
#include "services/http/event_channel.hpp"
#include "services/http/file_plan.hpp"

namespace agon::http {
namespace {

namespace asio = boost::asio;

// Up to this size a body is copied behind its headers: one buffer, one TLS record.
constexpr std::size_t copied_body = 16UL * 1024;
// What one write deadline covers.
constexpr std::size_t piece = 256UL * 1024;
constexpr std::size_t file_piece = 64UL * 1024;
constexpr std::size_t kept_capacity = 64UL * 1024;

// A place among the streams of the server, if there is one.
class stream_place {
 public:
  explicit stream_place(server_state& s) : server_(s) {
    taken_ = server_.streams.fetch_add(1) < server_.options.max_streams;
    if (taken_) server_.open_streams.add(1);
  }
  ~stream_place() {
    server_.streams.fetch_sub(1);
    if (taken_) server_.open_streams.add(-1);
  }
  stream_place(const stream_place&) = delete;
  stream_place& operator=(const stream_place&) = delete;
  [[nodiscard]] bool taken() const { return taken_; }

 private:
  server_state& server_;
  bool taken_ = false;
};

}  // namespace

// Writes all of both. False if the peer is gone or too slow.
awaitable<bool> connection::write(std::string_view first, std::string_view second) {
  do {
    const std::string_view now = second.substr(0, piece);
    second.remove_prefix(now.size());
    deadline_.set(stage::writing, server_->options.timeouts.write);
    const io_result done = co_await stream_->write(asio::buffer(first), asio::buffer(now));
    sent_ += done.bytes;
    if (done.error) co_return false;
    first = {};
  } while (!second.empty());
  co_return true;
}

void connection::start_head(const response& r, std::optional<std::uint64_t> content_length) {
  out_.clear();
  status_ = r.status;
  if (server_->draining.load(std::memory_order_relaxed)) keep_alive_ = false;
  head_facts facts;
  facts.date = worker_->date;
  facts.request_id = request_.request_id;
  facts.keep_alive = keep_alive_;
  facts.http_1_0 = reader_.parsed().head().http_1_0;
  facts.content_length = content_length;
  append_head(out_, r, server_->fixed, facts);
}

awaitable<bool> connection::answer(response r) {
  bool sent = false;
  bool failed = false;
  try {
    if (const auto* file = std::get_if<file_body>(&r.body))
      sent = co_await answer_file(r, *file);
    else if (const auto* events = std::get_if<event_stream>(&r.body))
      sent = co_await answer_stream(r, *events);
    else if (const auto* pieces = std::get_if<text_stream>(&r.body))
      sent = co_await answer_pieces(r, *pieces);
    else if (const auto* shared = std::get_if<shared_body>(&r.body))
      sent = co_await answer_text(r, *shared ? std::string_view(**shared) : std::string_view());
    else
      sent = co_await answer_text(r, std::get<std::string>(r.body));
  } catch (const std::exception& e) {
    // Thrown before anything was written: a header that cannot be sent.
    failed = true;
    log::error("answer_failed", {{"route", route_ == nullptr ? "" : route_->pattern},
                                 {"request_id", request_.request_id},
                                 {"reason", e.what()}});
  }
  if (failed) {
    const response defect =
        problem(fail(errc::internal, "This is our fault; it was logged."), request_.request_id);
    sent = co_await answer_text(defect, std::get<std::string>(defect.body));
  }
  record();
  if (out_.capacity() > kept_capacity) out_ = std::string();
  co_return sent&& keep_alive_;
}

awaitable<bool> connection::answer_text(const response& r, std::string_view body) {
  start_head(r, body.size());
  const bool bodiless = request_.verb == method::head || r.status == 204 || r.status == 304;
  if (bodiless) body = {};
  if (body.size() <= copied_body) {
    out_ += body;
    body = {};
  }
  co_return co_await write(out_, body);
}

awaitable<bool> connection::answer_file(const response& r, const file_body& file) {
  const file_plan plan = plan_file(request_, r, file);
  if (plan.file.get() < 0) co_return co_await answer_text(plan.head, std::get<0>(plan.head.body));
  start_head(plan.head, plan.length);
  if (request_.verb == method::head) co_return co_await write(out_, {});
  co_return co_await send_file_bytes(plan);
}

// Reads and writes piece by piece; the first goes with the headers.
awaitable<bool> connection::send_file_bytes(const file_plan& plan) {
  std::uint64_t at = plan.offset;
  std::uint64_t left = plan.length;
  do {
    const std::size_t before = out_.size();
    out_.resize(before + std::min<std::uint64_t>(left, file_piece));
    const ssize_t got = ::pread(plan.file.get(), out_.data() + before, out_.size() - before,
                                static_cast<off_t>(at));
    if (got < 0 || (got == 0 && left > 0)) {
      // Too late for another status: the short answer tells the client.
      log::error("file_cut_short", {{"request_id", request_.request_id}});
      co_return false;
    }
    out_.resize(before + static_cast<std::size_t>(got));
    at += static_cast<std::uint64_t>(got);
    left -= static_cast<std::uint64_t>(got);
    const bool sent = co_await write(out_, {});
    if (!sent) co_return false;
    out_.clear();
  } while (left > 0);
  co_return true;
}

// Chunked (RFC 9112, section 7.1), so that an answer that was cut short cannot pass for whole.
// Clients of HTTP/1.0 do not know that; for them the connection's end is the text's.
awaitable<bool> connection::answer_pieces(const response& r, const text_stream& text) {
  const bool chunked = !reader_.parsed().head().http_1_0;
  if (!chunked) keep_alive_ = false;
  response head;
  head.status = r.status;
  head.content_type = r.content_type;
  head.headers = r.headers;
  if (chunked) head.set("Transfer-Encoding", "chunked");
  start_head(head, std::nullopt);
  if (request_.verb == method::head) co_return co_await write(out_, {});
  bool ended = false;
  while (!ended) {
    deadline_.set(stage::streaming);  // what makes the pieces has deadlines of its own
    const result<std::string> piece = co_await text.next();
    if (!piece) {
      log::error("answer_cut_short",
                 {{"request_id", request_.request_id}, {"reason", name_of(piece.error().code)}});
      co_return false;
    }
    ended = piece->empty();
    if (chunked) out_ += fmt::format("{:x}\r\n", piece->size());
    out_ += *piece;
    if (chunked) out_ += "\r\n";
    const bool sent = co_await write({}, out_);
    if (!sent) co_return false;
    out_.clear();
  }
  co_return true;
}

// The answer of an event stream ends with its connection.
awaitable<bool> connection::answer_stream(const response& r, const event_stream& stream) {
  const stream_place place(*server_);
  if (!place.taken()) {
    error busy = fail(errc::overloaded, "Too many live streams are open. Try again soon.");
    busy.retry_after = std::chrono::seconds(10);
    const response full = problem(busy, request_.request_id);
    co_return co_await answer_text(full, std::get<std::string>(full.body));
  }
  const std::string& client = request_.client_address.reveal();
  const auto own_place = server_->unlimited.contains(client)
                             ? address_counts::place()
                             : server_->streams_by_address.take(client);
  if (!own_place.taken()) {
    error busy = fail(errc::too_many_requests, "Too many live streams are open from your address.");
    busy.retry_after = std::chrono::seconds(10);
    const response full = problem(busy, request_.request_id);
    co_return co_await answer_text(full, std::get<std::string>(full.body));
  }
  keep_alive_ = false;
  streamed_ = true;
  response head;
  head.status = r.status;
  head.headers = r.headers;
  head.content_type = "text/event-stream";
  head.set("X-Accel-Buffering", "no");  // nginx would collect events
  start_head(head, std::nullopt);
  if (request_.verb == method::head) co_return co_await write(out_, {});
  // Clients come back 1 to 3 s after a restart, not all at once.
  out_ += "retry: " + std::to_string(1000 + crypto::system_random().below(2000)) + "\n\n";
  event_channel channel(worker_->loop, *stream_, deadline_, server_->options.timeouts);
  events_ = &channel;
  if (server_->draining.load()) channel.close();
  co_await channel.serve(stream, out_);
  events_ = nullptr;
  sent_ += channel.sent_bytes();
  co_return false;
}

// Counts and logs the request. The route is named by its pattern: paths hold ids.
void connection::record() {
  const auto took = std::chrono::steady_clock::now() - started_;
  const double seconds = std::chrono::duration<double>(took).count();
  const route_metrics& counts = server_->metrics_of(route_);
  counts.answers[std::clamp(status_ / 100, 1U, 5U)].add();
  if (!streamed_) counts.seconds.observe(seconds);
  server_->sent_bytes.add(static_cast<double>(sent_));
  server_->received_bytes.add(static_cast<double>(reader_.take_received()));
  const bool slow = !streamed_ && took > server_->options.timeouts.slow_request;
  const log::level level = slow             ? log::level::warn
                           : status_ >= 500 ? log::level::info
                                            : log::level::debug;
  log::write(level, "request",
             {{"method", name_of(request_.verb)},
              {"route", route_ == nullptr ? std::string_view("none") : route_->pattern},
              {"status", status_},
              {"bytes", sent_},
              {"seconds", seconds},
              {"request_id", request_.request_id}});
}

}  // namespace agon::http

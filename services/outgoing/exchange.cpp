#include "services/outgoing/exchange.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <optional>

#include "services/outgoing/answer_parser.hpp"

namespace agon::outgoing {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

constexpr std::size_t read_bytes = 16UL * 1024;
constexpr std::size_t most_interim = 8;
// Of an answer that is no success only a reason is of interest.
constexpr std::size_t largest_refusal = 64UL * 1024;
// How long the end of a stream may take after its last event, so that its connection can
// be used again.
constexpr std::chrono::milliseconds last_words{50};

double seconds_since(steady::time_point then) {
  return std::chrono::duration<double>(steady::now() - then).count();
}

std::string what_is_wrong(const error_code& ec) {
  if (ec == beast_http::error::body_limit) return "too large a body";
  if (ec == beast_http::error::header_limit) return "too large a head";
  if (ec == beast_http::error::partial_message || ec == beast_http::error::end_of_stream)
    return "closed early";
  return "not HTTP";
}

class reader {
 public:
  reader(connection& c, watchdog& dog, const client_options& o, const body_sink& sink)
      : connection_(c), dog_(dog), options_(o), sink_(sink), began_(steady::now()) {}

  awaitable<exchange_result> read() {
    dog_.allow(options_.times.first_byte);
    for (std::size_t interim = 0; interim <= most_interim; ++interim) {
      parser_.emplace(answer_, body_, options_.sizes.header, options_.sizes.body);
      co_await read_one();
      if (!parser_->is_done() || !parser_->interim() || failed_) break;
    }
    if (!failed_ && parser_->interim()) failed_ = fail(errc::system_failed, "no final answer");
    finish();
    co_return std::move(out_);
  }

 private:
  // Until the answer is complete, enough, or failed.
  awaitable<void> read_one() {
    while (!failed_ && !parser_->is_done()) {
      const bool wants_more = parse();
      if (failed_ || parser_->is_done()) break;
      if (enough_ && steady::now() >= enough_until_) break;
      if (wants_more) co_await read_more();
      if (at_end_) break;
    }
  }

  // True if nothing can be done without further bytes.
  bool parse() {
    std::string& in = connection_.unread;
    if (in.empty()) return true;
    const bool head_was_done = parser_->is_header_done();
    error_code ec;
    const std::size_t used = parser_->put(asio::const_buffer(in.data(), in.size()), ec);
    in.erase(0, used);
    const bool need_more = ec == beast_http::error::need_more;
    if (ec && !need_more) {
      failed_ = fail(errc::system_failed, what_is_wrong(ec));
      return false;
    }
    if (!head_was_done && parser_->is_header_done()) dog_.allow(options_.times.idle);
    hand_over();
    if (need_more && in.size() > options_.sizes.header + read_bytes)
      failed_ = fail(errc::system_failed, "too large a head");
    return need_more || in.empty();
  }

  void hand_over() {
    if (!parser_->is_header_done() || parser_->interim()) return;
    if (!answer_.ok()) {
      if (body_.size() > largest_refusal) {
        body_.resize(largest_refusal);
        stop_reading();
      }
      return;
    }
    if (!sink_ || body_.empty()) return;
    if (!enough_) {
      out_.delivered = true;
      const auto go_on = sink_(answer_, body_);
      if (!go_on) failed_ = go_on.error();
      if (go_on && !*go_on) stop_reading();
    }
    body_.clear();
  }

  void stop_reading() {
    if (enough_) return;
    enough_ = true;
    enough_until_ = steady::now() + last_words;
    dog_.allow(last_words);
  }

  awaitable<void> read_more() {
    const bool given_up = co_await told_to_end();
    if (given_up) {
      failed_ = fail(errc::timeout, "The request was given up.");
      co_return;
    }
    std::string& in = connection_.unread;
    const std::size_t before = in.size();
    in.resize(before + read_bytes);
    const io_result got =
        co_await connection_.read_some(asio::buffer(in.data() + before, read_bytes));
    in.resize(before + got.bytes);
    if (got.bytes > 0 && !out_.answered) {
      out_.answered = true;
      answer_.first_seconds = seconds_since(began_);
    }
    // The whole head has one time limit, however slowly it drips.
    if (got.bytes > 0 && parser_->is_header_done() && !enough_) dog_.allow(options_.times.idle);
    if (got.error) co_await take_end(got.error);
  }

  awaitable<void> take_end(error_code ec) {
    at_end_ = true;
    if (enough_) co_return;
    const bool given_up = co_await told_to_end();
    if (given_up || dog_.expired()) {
      failed_ = given_up ? fail(errc::timeout, "The request was given up.")
                         : fail(errc::timeout, parser_->is_header_done() ? "too long: the body"
                                                                         : "too long: the answer");
      co_return;
    }
    // Without TLS's own farewell anybody may have cut the answer off.
    const bool clean = ec == asio::error::eof;
    if (!connection_.unread.empty()) parse();
    if (failed_ || parser_->is_done()) co_return;
    error_code incomplete = beast_http::make_error_code(beast_http::error::partial_message);
    if (clean && parser_->got_some()) {
      incomplete = {};
      parser_->put_eof(incomplete);
      hand_over();
    }
    out_.closed = !out_.answered;
    if (incomplete && !failed_) failed_ = fail(errc::system_failed, what_is_wrong(incomplete));
  }

  void finish() {
    out_.reusable = !failed_ && !at_end_ && parser_->is_done() && parser_->keep_alive() &&
                    connection_.unread.empty();
    if (failed_) {
      out_.value = std::move(*failed_);
      return;
    }
    answer_.body = std::move(body_);
    answer_.seconds = seconds_since(began_);
    out_.value = std::move(answer_);
  }

  connection& connection_;
  watchdog& dog_;
  const client_options& options_;
  const body_sink& sink_;
  steady::time_point began_;
  answer answer_;
  std::string body_;
  std::optional<answer_parser> parser_;
  exchange_result out_;
  std::optional<error> failed_;
  steady::time_point enough_until_{};
  bool enough_ = false;
  bool at_end_ = false;
};

}  // namespace

awaitable<exchange_result> exchange(connection& c, watchdog& dog, const client_options& options,
                                    const std::string& head, const std::string& body,
                                    const body_sink& sink) {
  dog.allow(options.times.idle);
  const io_result sent = co_await c.write(asio::buffer(head), asio::buffer(body));
  const bool given_up = co_await told_to_end();
  if (sent.error || given_up || dog.expired()) {
    exchange_result out;
    out.closed = !given_up && !dog.expired();
    out.value = out.closed ? fail(errc::unavailable, "sending failed")
                           : fail(errc::timeout,
                                  given_up ? "The request was given up." : "too long: sending");
    co_return out;
  }
  reader r(c, dog, options, sink);
  auto out = co_await r.read();
  co_return out;
}

}  // namespace agon::outgoing

// An answer as features give it: plain values, no Beast.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::http {

// A file sent with ranges (RFC 9110, section 14), ETag and conditional requests. The
// caller vouches for the path; it must not come from a client unchecked.
struct file_body {
  std::filesystem::path path;
  std::string etag;   // quoted, strong; made from size and time if empty
  bool dated = true;  // false: no Last-Modified, and conditions by date are not heeded
};

// One server-sent event. `data` may hold several lines. send() throws
// std::invalid_argument for a line break or NUL in `id` or `name`.
struct event {
  std::string id;    // empty: the client's last id stays
  std::string name;  // empty: "message"
  std::string data;
};

// Where a stream writes. Heartbeats and deadlines are the server's business.
class event_sink {
 public:
  virtual ~event_sink() = default;
  // False when the client is gone or the server drains: the stream then returns.
  [[nodiscard]] virtual awaitable<bool> send(event e) = 0;
  // True as soon as the client is gone or the server drains. Whatever the stream awaits
  // at that moment is cancelled (asio's terminal cancellation).
  [[nodiscard]] virtual bool closed() const = 0;
};

// Runs as long as it has events; returning ends the answer. Must return soon after
// sink.closed() turns true. The request is gone by then: keep what is needed by value.
struct event_stream {
  std::function<awaitable<void>(event_sink& sink)> run;
};

// Text that is made while it is sent, so that memory does not grow with it. next() gives piece
// after piece, and an empty one at the end. An error ends the answer short, which the client can
// tell: whatever can fail in advance is asked before. The request is gone by then: keep what is
// needed by value.
struct text_stream {
  std::function<awaitable<result<std::string>>()> next;
};

// Text that many answers share and none changes.
using shared_body = std::shared_ptr<const std::string>;

struct response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::variant<std::string, file_body, event_stream, shared_body, text_stream> body;
  // Beside those that the server adds itself (security, Date, Content-Length…).
  std::vector<std::pair<std::string, std::string>> headers{};

  response& set(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

[[nodiscard]] response json(std::string text, unsigned status = 200);
// JSON with an ETag made from its bytes, to be asked for again each time (no-cache);
// 304 if `if_none_match` names it.
[[nodiscard]] response cached_json(std::string text, std::string_view if_none_match);
// RFC 9457 application/problem+json for an expected failure. This is the one place
// that maps errc to a status; nothing internal is told to clients.
//   type         "/problems/" + name_of(errc): stable, relative to this server
//   title        the kind of failure in a few words; status: as the answer's
//   detail       error::detail, for people
//   instance     the request id, as in X-Request-Id and the log
//   errors       [{"pointer": JSON pointer, "reason": words}], if fields are at fault
//   retry_after  seconds, also as the header Retry-After, if trying again makes sense
// The server itself answers with these further types: bad-request (400),
// request-timeout (408), uri-too-long (414), headers-too-large (431), expectation-failed
// (417), method-not-allowed (405), unsupported-media-type (415), cross-site-refused
// (403), misdirected-request (421), range-not-satisfiable (416), version-not-supported (505).
[[nodiscard]] response problem(const error& e, std::string_view request_id);
[[nodiscard]] unsigned status_of(errc code);

}  // namespace agon::http

// Reads requests of one connection into one buffer that is used again and again.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "services/http/message_parser.hpp"
#include "services/http/transport.hpp"

namespace agon::http {

class message_reader {
 public:
  // `from` must outlive the reader. Headers may have `header_limit` bytes, which is
  // also the size of the buffer.
  message_reader(transport& from, std::size_t header_limit);

  // True if no byte of the next request is here yet.
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  // Waits for bytes; at the end of the stream, error::eof.
  [[nodiscard]] awaitable<boost::system::error_code> read_more();
  // Reads headers into `into`, whose views stay valid until finish(). Fails with an
  // error of Beast (malformed, header_limit) or of the transport.
  [[nodiscard]] awaitable<boost::system::error_code> read_head(request& into);
  // Then reads the body, of at most `cap` bytes (else http::error::body_limit).
  [[nodiscard]] awaitable<boost::system::error_code> read_body(std::size_t cap);
  // Forgets the request and keeps what came behind it.
  void finish();

  // Between read_head and finish.
  [[nodiscard]] const message_parser& parsed() const { return *parser_; }
  [[nodiscard]] bool complete() const { return parser_ && parser_->is_done(); }
  [[nodiscard]] const std::string& body() const { return body_; }

  [[nodiscard]] std::size_t take_received() { return std::exchange(received_, 0); }

 private:
  boost::system::error_code parse();
  void make_room();
  void skip_empty_lines();

  transport& from_;
  const std::size_t size_;
  std::unique_ptr<char[]> head_bytes_;  // where the views point
  std::unique_ptr<char[]> body_bytes_;  // made for the first body that does not fit behind
  char* buffer_;                        // one of both
  std::size_t begin_ = 0;               // unparsed bytes are [begin_, end_)
  std::size_t end_ = 0;
  std::size_t received_ = 0;
  std::optional<message_parser> parser_;
  std::string body_;
};

}  // namespace agon::http

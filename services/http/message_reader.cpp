#include "services/http/message_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>

namespace agon::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kept_body_capacity = 64UL * 1024;
constexpr std::size_t first_body_reserve = 64UL * 1024;

}  // namespace

message_reader::message_reader(transport& from, std::size_t header_limit)
    : from_(from),
      size_(header_limit),
      head_bytes_(std::make_unique_for_overwrite<char[]>(size_)),
      buffer_(head_bytes_.get()) {}

// Bytes behind the headers must not move the headers: a body that goes on is read
// into the second buffer.
void message_reader::make_room() {
  const bool head_done = parser_ && parser_->is_header_done();
  if (!head_done) return;
  if (buffer_ == head_bytes_.get()) {
    if (!body_bytes_) body_bytes_ = std::make_unique_for_overwrite<char[]>(size_);
    std::memcpy(body_bytes_.get(), buffer_ + begin_, end_ - begin_);
    buffer_ = body_bytes_.get();
  } else {
    std::memmove(buffer_, buffer_ + begin_, end_ - begin_);
  }
  end_ -= begin_;
  begin_ = 0;
}

awaitable<error_code> message_reader::read_more() {
  make_room();
  if (end_ == size_) co_return beast_http::make_error_code(beast_http::error::header_limit);
  const io_result got = co_await from_.read_some(boost::asio::buffer(buffer_ + end_, size_ - end_));
  end_ += got.bytes;
  received_ += got.bytes;
  co_return got.error;
}

void message_reader::skip_empty_lines() {
  while (begin_ < end_ && (buffer_[begin_] == '\r' || buffer_[begin_] == '\n')) ++begin_;
  if (begin_ == end_) begin_ = end_ = 0;
}

error_code message_reader::parse() {
  error_code error;
  begin_ += parser_->put(boost::asio::const_buffer(buffer_ + begin_, end_ - begin_), error);
  return error;
}

awaitable<error_code> message_reader::read_head(request& into) {
  parser_.emplace(into, body_, buffer_, buffer_ + size_);
  for (;;) {
    if (!parser_->got_some()) skip_empty_lines();
    if (begin_ < end_) {
      const error_code error = parse();
      if (parser_->is_header_done()) co_return error;
      if (error && error != beast_http::error::need_more) co_return error;
    }
    const error_code error = co_await read_more();
    if (error) co_return error;
  }
}

awaitable<error_code> message_reader::read_body(std::size_t cap) {
  parser_->eager(true);
  parser_->body_cap(cap);
  if (const auto length = parser_->content_length())
    body_.reserve(std::min<std::size_t>(*length, first_body_reserve));
  while (!parser_->is_done()) {
    if (begin_ < end_) {
      const error_code error = parse();
      if (error && error != beast_http::error::need_more) co_return error;
      if (!error) continue;
    }
    const error_code error = co_await read_more();
    if (error == beast_http::error::header_limit)
      co_return beast_http::make_error_code(beast_http::error::bad_chunk_extension);
    if (error) co_return error;
  }
  co_return error_code{};
}

void message_reader::finish() {
  const std::size_t left = end_ - begin_;
  if (left > 0) std::memmove(head_bytes_.get(), buffer_ + begin_, left);
  buffer_ = head_bytes_.get();
  begin_ = 0;
  end_ = left;
  parser_.reset();
  if (body_.capacity() > kept_body_capacity) body_ = std::string();
}

}  // namespace agon::http

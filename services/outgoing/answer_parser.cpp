#include "services/outgoing/answer_parser.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace agon::outgoing {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t most_fields = 200;

}  // namespace

answer_parser::answer_parser(answer& into, std::string& body, std::size_t header_bytes,
                             std::size_t body_bytes)
    : answer_(into), body_(body), room_(body_bytes) {
  header_limit(static_cast<std::uint32_t>(header_bytes));
  body_limit(boost::none);  // `room_` is the limit, also for bodies of unknown length
  eager(true);
  answer_.headers.clear();
}

void answer_parser::on_response_impl(int code, text, int, error_code& ec) {
  ec = {};
  answer_.status = static_cast<unsigned>(code);
}

void answer_parser::on_field_impl(beast_http::field name, text name_text, text value,
                                  error_code& ec) {
  ec = {};
  if (head_done_) return;  // trailers carry nothing that we want
  if (answer_.headers.size() >= most_fields) {
    ec = beast_http::error::header_limit;
    return;
  }
  if (name == beast_http::field::content_length) ++content_lengths_;
  if (name == beast_http::field::transfer_encoding) {
    ++transfer_encodings_;
    // We ask for no compression, so chunks are all that can come.
    if (!boost::beast::iequals(value, "chunked")) ec = beast_http::error::bad_transfer_encoding;
  }
  std::string lower(name_text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  answer_.headers.emplace_back(std::move(lower), std::string(value));
}

void answer_parser::on_header_impl(error_code& ec) {
  ec = {};
  head_done_ = true;
  // Two statements about the length: whoever believes the other one reads another answer.
  if (content_lengths_ + transfer_encodings_ > 1) ec = beast_http::error::bad_content_length;
}

void answer_parser::on_body_init_impl(boost::optional<std::uint64_t> const& length,
                                      error_code& ec) {
  ec = {};
  if (length && *length > room_) ec = beast_http::error::body_limit;
}

std::size_t answer_parser::on_body_impl(text bytes, error_code& ec) {
  ec = {};
  if (bytes.size() > room_) {
    ec = beast_http::error::body_limit;
    return 0;
  }
  room_ -= bytes.size();
  body_.append(bytes);
  return bytes.size();
}

std::size_t answer_parser::on_chunk_body_impl(std::uint64_t, text bytes, error_code& ec) {
  return on_body_impl(bytes, ec);
}

}  // namespace agon::outgoing

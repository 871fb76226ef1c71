#include "services/http/message_parser.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace agon::http {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t max_fields = 100;

std::optional<method> method_of(beast_http::verb v) {
  switch (v) {
    case beast_http::verb::get:
      return method::get;
    case beast_http::verb::head:
      return method::head;
    case beast_http::verb::post:
      return method::post;
    case beast_http::verb::put:
      return method::put;
    case beast_http::verb::patch:
      return method::patch;
    case beast_http::verb::delete_:
      return method::delete_;
    case beast_http::verb::options:
      return method::options;
    default:
      return std::nullopt;
  }
}

}  // namespace

message_parser::message_parser(request& into, std::string& body, char* begin, const char* end)
    : request_(into), body_(body), begin_(begin), end_(end) {
  // The buffer that we are fed from is the limit of the headers, and body_cap that of
  // the body.
  header_limit(static_cast<std::uint32_t>(end - begin));
  body_limit(boost::none);
  request_.headers.clear();
  body_.clear();
}

void message_parser::on_request_impl(beast_http::verb verb, text, text target, int version,
                                     error_code& ec) {
  head_.verb = method_of(verb);
  head_.target = target;
  head_.http_1_0 = version == 10;
  ec = {};
}

void message_parser::on_field_impl(beast_http::field name, text name_text, text value,
                                   error_code& ec) {
  ec = {};
  if (head_done_) return;  // trailers carry nothing that we want
  if (request_.headers.size() >= max_fields) {
    ec = beast_http::error::header_limit;
    return;
  }
  // RFC 9112 lets us refuse folded lines. Beast joins them in a buffer of its own, unless the
  // value begins on its second line: then the fold stands between the name and the value.
  char* const first = begin_ + (name_text.data() - begin_);
  const bool joined = value.data() < begin_ || value.data() >= end_;
  const bool folded = joined ? !value.empty()
                             : std::find(first, begin_ + (value.data() - begin_), '\n') !=
                                   begin_ + (value.data() - begin_);
  if (folded) head_.refused = "folded header lines are obsolete";
  for (char* c = first; c != first + name_text.size(); ++c)
    if (*c >= 'A' && *c <= 'Z') *c = static_cast<char>(*c - 'A' + 'a');
  if (name == beast_http::field::host) {
    ++head_.hosts;
    head_.host = value;
  } else if (name == beast_http::field::content_length) {
    ++head_.content_lengths;
  } else if (name == beast_http::field::transfer_encoding) {
    ++head_.transfer_encodings;
    if (!boost::beast::iequals(value, "chunked"))
      head_.refused = "the only transfer encoding here is chunked";
  } else if (name == beast_http::field::expect) {
    head_.expect = value;
  }
  if (!folded) request_.headers.emplace_back(std::string_view(first, name_text.size()), value);
}

void message_parser::on_header_impl(error_code& ec) {
  ec = {};
  head_done_ = true;
  if (!head_.refused.empty()) return;
  if (head_.hosts > 1 || (head_.hosts == 0 && !head_.http_1_0))
    head_.refused = "exactly one Host header is needed";
  else if (head_.content_lengths > 1)
    head_.refused = "more than one Content-Length header";
  else if (head_.transfer_encodings > 0 && (head_.content_lengths > 0 || head_.http_1_0))
    head_.refused = "Transfer-Encoding needs HTTP/1.1 and no Content-Length";
}

void message_parser::on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& ec) {
  ec = {};
}

std::size_t message_parser::on_body_impl(text bytes, error_code& ec) {
  if (bytes.size() > body_cap_ - body_.size()) {
    ec = beast_http::error::body_limit;
    return 0;
  }
  ec = {};
  body_.append(bytes);
  return bytes.size();
}

std::size_t message_parser::on_chunk_body_impl(std::uint64_t, text bytes, error_code& ec) {
  return on_body_impl(bytes, ec);
}

}  // namespace agon::http

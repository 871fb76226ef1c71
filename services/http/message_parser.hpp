// Beast's parser, filling our request. Views point into the bytes it is fed, so these
// must stay where they are until the request is done.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "services/http/request.hpp"

namespace agon::http {

// What the headers say about the message itself.
struct message_head {
  std::optional<method> verb;  // nothing: a method that we do not know
  std::string_view target;
  std::string_view host;
  std::string_view expect;
  std::string_view refused;  // why the headers are not accepted; empty if they are
  bool http_1_0 = false;
  unsigned hosts = 0;
  unsigned content_lengths = 0;
  unsigned transfer_encodings = 0;
};

class message_parser final : public boost::beast::http::basic_parser<true> {
 public:
  // Writes header fields, lower-casing their names in place within [begin, end), and
  // the body. All must outlive the parser.
  message_parser(request& into, std::string& body, char* begin, const char* end);

  [[nodiscard]] const message_head& head() const { return head_; }
  // Set between headers and body; a longer body ends with error::body_limit.
  void body_cap(std::size_t bytes) { body_cap_ = bytes; }

 private:
  using error_code = boost::beast::error_code;
  using text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, text, text target, int version,
                       error_code& ec) override;
  void on_response_impl(int, text, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field name, text name_text, text value,
                     error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& ec) override;
  std::size_t on_body_impl(text bytes, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text bytes, error_code& ec) override;
  void on_finish_impl(error_code&) override {}

  request& request_;
  std::string& body_;
  char* begin_;
  const char* end_;
  std::size_t body_cap_ = 0;
  bool head_done_ = false;
  message_head head_;
};

}  // namespace agon::http

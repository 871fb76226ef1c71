// Beast's parser, filling our answer.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "services/outgoing/message.hpp"

namespace agon::outgoing {

class answer_parser final : public boost::beast::http::basic_parser<false> {
 public:
  // Writes status and header fields to `into`, and what it finds of the body to `body`, which
  // the caller empties. Both outlive the parser.
  answer_parser(answer& into, std::string& body, std::size_t header_bytes, std::size_t body_bytes);

  // 100 to 199: another answer follows.
  [[nodiscard]] bool interim() const { return answer_.status < 200; }

 private:
  using error_code = boost::beast::error_code;
  using text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, text, text, int, error_code&) override {}
  void on_response_impl(int code, text reason, int version, error_code& ec) override;
  void on_field_impl(boost::beast::http::field name, text name_text, text value,
                     error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, error_code& ec) override;
  std::size_t on_body_impl(text bytes, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, text bytes, error_code& ec) override;
  void on_finish_impl(error_code&) override {}

  answer& answer_;
  std::string& body_;
  std::size_t room_;
  unsigned content_lengths_ = 0;
  unsigned transfer_encodings_ = 0;
  bool head_done_ = false;
};

}  // namespace agon::outgoing

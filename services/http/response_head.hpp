// The head of an answer as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/http/response.hpp"
#include "services/http/server.hpp"

namespace agon::http {

// Header lines that never change, made once per server, each ending in CRLF.
struct fixed_headers {
  std::string document;  // for pages, styles, media
  std::string data;      // for JSON and event streams
};
[[nodiscard]] fixed_headers make_fixed_headers(const security_headers& from, bool tls);

struct head_facts {
  std::string_view date;  // see http_date
  std::string_view request_id;
  bool keep_alive = true;
  bool http_1_0 = false;
  std::optional<std::uint64_t> content_length;  // nothing: the answer ends with the connection
};

// Appends status line, headers and the empty line. Cache-Control is no-store unless
// `r` sets it. Throws std::invalid_argument if a header of `r` holds a line break or NUL.
void append_head(std::string& out, const response& r, const fixed_headers& fixed,
                 const head_facts& facts);

}  // namespace agon::http

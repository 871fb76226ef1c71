#include "services/http/response_head.hpp"

#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <stdexcept>

namespace agon::http {
namespace {

void append_number(std::string& out, std::uint64_t n) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n);
  out.append(digits.data(), end.ptr);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool breaks_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_data(std::string_view content_type) {
  return content_type == "application/json" || content_type == "application/problem+json" ||
         content_type == "text/event-stream";
}

void append_own_headers(std::string& out, const response& r) {
  bool has_cache_control = false;
  for (const auto& [name, value] : r.headers) {
    if (breaks_line(name) || breaks_line(value))
      throw std::invalid_argument("a response header holds a line break");
    append_line(out, name, value);
    has_cache_control = has_cache_control || boost::beast::iequals(name, "cache-control");
  }
  if (!has_cache_control) out += "Cache-Control: no-store\r\n";
}

}  // namespace

fixed_headers make_fixed_headers(const security_headers& from, bool tls) {
  std::string common;
  append_line(common, "X-Content-Type-Options", "nosniff");
  append_line(common, "Referrer-Policy", "no-referrer");
  append_line(common, "Cross-Origin-Resource-Policy", "same-origin");
  if ((tls || from.behind_tls) && from.strict_transport.count() > 0)
    append_line(common, "Strict-Transport-Security",
                "max-age=" + std::to_string(from.strict_transport.count()));
  fixed_headers out{common, common};
  append_line(out.document, "Content-Security-Policy", from.content_security_policy);
  append_line(out.document, "Permissions-Policy", from.permissions_policy);
  append_line(out.document, "Cross-Origin-Opener-Policy", "same-origin");
  append_line(out.data, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  return out;
}

void append_head(std::string& out, const response& r, const fixed_headers& fixed,
                 const head_facts& facts) {
  out += "HTTP/1.1 ";
  append_number(out, r.status);
  out += ' ';
  out += boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(r.status));
  out += "\r\n";
  append_line(out, "Date", facts.date);
  append_line(out, "X-Request-Id", facts.request_id);
  const bool bodiless = r.status == 204 || r.status == 304;
  if (!bodiless) {
    if (breaks_line(r.content_type))
      throw std::invalid_argument("the content type holds a line break");
    append_line(out, "Content-Type", r.content_type);
    if (facts.content_length) {
      out += "Content-Length: ";
      append_number(out, *facts.content_length);
      out += "\r\n";
    }
  }
  if (!facts.keep_alive)
    out += "Connection: close\r\n";
  else if (facts.http_1_0)
    out += "Connection: keep-alive\r\n";
  append_own_headers(out, r);
  out += is_data(r.content_type) ? fixed.data : fixed.document;
  out += "\r\n";
}

}  // namespace agon::http

#include "services/http/response.hpp"

#include "services/http/cached.hpp"

#include "services/http/conditional.hpp"

namespace agon::http {

response json(std::string text, unsigned status) {
  response out;
  out.status = status;
  out.body = std::move(text);
  return out;
}

response cached_json(std::string text, std::string_view if_none_match) {
  return cached(std::move(text), "application/json", if_none_match);
}

response cached(std::string text, std::string content_type, std::string_view if_none_match) {
  std::string etag = etag_of(text);
  response out;
  out.content_type = std::move(content_type);
  if (names_etag(if_none_match, etag))
    out.status = 304;
  else
    out.body = std::move(text);
  out.set("ETag", std::move(etag)).set("Cache-Control", "no-cache");
  return out;
}

}  // namespace agon::http

#include "services/http/problem.hpp"

#include <nlohmann/json.hpp>

namespace agon::http {
namespace {

struct description {
  unsigned status;
  std::string_view name;
  std::string_view title;
};

constexpr description describe(errc code) {
  switch (code) {
    case errc::invalid_input:
      return {400, "", "The request is not valid"};
    case errc::not_found:
      return {404, "", "Not found"};
    case errc::unauthenticated:
      return {401, "", "A session is needed"};
    case errc::forbidden:
      return {403, "", "Not allowed"};
    case errc::consent_required:
      return {403, "", "Consent is needed first"};
    case errc::consent_outdated:
      return {403, "", "The consent text has changed"};
    case errc::gate_not_met:
      return {409, "", "Too little was seen or heard to judge"};
    case errc::already_judged:
      return {409, "", "This battle is judged already"};
    case errc::battle_not_ready:
      return {409, "", "The outputs are not ready"};
    case errc::battle_failed:
      return {409, "", "The outputs could not be made"};
    case errc::battle_expired:
      return {410, "", "The time to judge is over"};
    case errc::too_many_requests:
      return {429, "", "Too many requests"};
    case errc::overloaded:
      return {503, "", "The server is busy"};
    case errc::payload_too_large:
      return {413, "", "Too large"};
    case errc::unsupported:
      return {415, "", "Not supported"};
    case errc::request_unsupported:
      return {422, "", "Fewer than two systems can do this"};
    case errc::prompt_refused:
      return {422, "", "This prompt is not taken here"};
    case errc::system_failed:
      return {502, "", "A system failed"};
    case errc::timeout:
      return {504, "", "It took too long"};
    case errc::unavailable:
      return {503, "", "Not available for the moment"};
    case errc::conflict:
      return {409, "", "In conflict with an earlier request"};
    case errc::internal:
      return {500, "", "A defect in the server"};
  }
  return {500, "", "A defect in the server"};
}

constexpr description describe(protocol_error kind) {
  switch (kind) {
    case protocol_error::bad_request:
      return {400, "bad-request", "Not a valid HTTP request"};
    case protocol_error::request_timeout:
      return {408, "request-timeout", "The request came too slowly"};
    case protocol_error::uri_too_long:
      return {414, "uri-too-long", "The address is too long"};
    case protocol_error::headers_too_large:
      return {431, "headers-too-large", "The headers are too large"};
    case protocol_error::expectation_failed:
      return {417, "expectation-failed", "The expectation cannot be met"};
    case protocol_error::method_not_allowed:
      return {405, "method-not-allowed", "Method not allowed here"};
    case protocol_error::unsupported_media_type:
      return {415, "unsupported-media-type", "Media type not supported"};
    case protocol_error::cross_site_refused:
      return {403, "cross-site-refused", "Requests from other sites are refused"};
    case protocol_error::misdirected_request:
      return {421, "misdirected-request", "This server has another name"};
    case protocol_error::range_not_satisfiable:
      return {416, "range-not-satisfiable", "Range not satisfiable"};
    case protocol_error::version_not_supported:
      return {505, "version-not-supported", "HTTP version not supported"};
  }
  return {400, "bad-request", "Not a valid HTTP request"};
}

using json_object = nlohmann::ordered_json;

json_object body_of(const description& d, std::string_view name, std::string_view detail,
                    std::string_view request_id) {
  json_object body;
  body["type"] = "/problems/" + std::string(name);
  body["title"] = d.title;
  body["status"] = d.status;
  if (!detail.empty()) body["detail"] = detail;
  if (!request_id.empty()) body["instance"] = request_id;
  return body;
}

response answer(unsigned status, const json_object& body) {
  response out;
  out.status = status;
  out.content_type = "application/problem+json";
  // Field names come from clients and may have been cut within a character.
  out.body = body.dump(-1, ' ', false, json_object::error_handler_t::replace);
  return out;
}

}  // namespace

unsigned status_of(errc code) {
  return describe(code).status;
}

response problem(const error& e, std::string_view request_id) {
  const description d = describe(e.code);
  json_object body = body_of(d, name_of(e.code), e.detail, request_id);
  for (const field_error& f : e.fields)
    body["errors"].push_back({{"pointer", f.field}, {"reason", f.reason}});
  if (!e.reason.empty()) body["reason"] = e.reason;
  if (e.retry_after) body["retry_after"] = e.retry_after->count();
  response out = answer(d.status, body);
  if (e.retry_after) out.set("Retry-After", std::to_string(e.retry_after->count()));
  if (d.status == 401) out.set("WWW-Authenticate", R"(Session realm="agon")");
  return out;
}

response protocol_problem(protocol_error kind, std::string_view detail,
                          std::string_view request_id) {
  const description d = describe(kind);
  return answer(d.status, body_of(d, d.name, detail, request_id));
}

}  // namespace agon::http

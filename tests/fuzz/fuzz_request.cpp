// Requests: whatever a schema, a request, an endpoint's answer or a prompt holds, what comes out
// is valid by the schema, and the same bytes give the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "services/routing/endpoint_messages.hpp"
#include "services/routing/rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace agon::routing;
  static const request_schema fixed = request_schema::compile(R"({"properties": {
      "instrumental": {"type": "boolean", "default": false},
      "lyrics": {"type": "string", "maxLength": 30, "x-unless": "instrumental"},
      "duration": {"type": "integer", "minimum": 5, "maximum": 300, "default": 30},
      "bpm": {"type": "number", "minimum": 40, "multipleOf": 0.5},
      "language": {"type": "string", "enum": ["en", "de"]}}})")
                                          .value();
  static const routing_policy policy;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto schema = request_schema::compile(text)) {
    if (!schema->complaints(schema->completed({})).empty()) std::abort();
    if (request_schema::compile(schema->text())->text() != schema->text()) std::abort();
  }
  if (const auto r = request_from_json(text))
    if (request_from_json(to_json(*r)).value() != *r) std::abort();

  const routing_question q{std::string(text), {}, "", &fixed, &policy, {}};
  const decision d = decide_by_rules(q);
  if (!fixed.complaints(d.fields).empty()) std::abort();
  if (to_json(decide_by_rules(q).fields) != to_json(d.fields)) std::abort();
  if (const auto e = read_endpoint_answer(text, q))
    if (!fixed.complaints(e->fields).empty()) std::abort();
  return 0;
}

#include "services/arena/arena_file_routing.hpp"

#include <algorithm>

namespace agon::arena {
namespace {

constexpr std::size_t most_words = 2000;
constexpr std::string_view policies[] = {"weights", "uniform", "uncertainty", "variance",
                                         "dueling"};

routing::accepted_field read_accepted(yaml_reader& in, const std::string& field) {
  routing::accepted_field out;
  out.field = field;
  if (in.is_list(field)) {
    out.any_of = in.texts(field, 1, 500, 200);
    return out;
  }
  if (!in.is_mapping(field)) {
    out.must_be_absent = !in.boolean_or(field, true);
    return out;
  }
  constexpr double any = 1e15;
  yaml_reader rule = in.mapping(field, true);
  if (rule.has("min")) out.minimum = rule.number_or("min", 0, -any, any);
  if (rule.has("max")) out.maximum = rule.number_or("max", 0, -any, any);
  if (rule.has("any_of")) out.any_of = rule.texts("any_of", 1, 500, 200);
  const std::string beyond = rule.text_or("beyond", "none");
  if (beyond == "partial")
    out.beyond = routing::support::partial;
  else if (beyond != "none")
    rule.complain("beyond", "must be one of none, partial");
  rule.end();
  return out;
}

std::vector<std::string> read_modalities(yaml_reader& in, std::string_view key) {
  std::vector<std::string> out = in.texts(key, 0, 3, 16);
  for (const std::string& m : out)
    if (m != "text" && m != "image" && m != "audio")
      in.complain(key, "must be made of text, image, audio");
  return out;
}

}  // namespace

routing::request_schema read_request(yaml_reader& in) {
  const auto text = in.mapping_json("request");
  if (!text) return {};
  auto schema = routing::request_schema::compile(*text);
  if (schema) return std::move(*schema);
  if (schema.error().fields.empty()) in.complain("request", schema.error().detail);
  for (const field_error& f : schema.error().fields)
    in.complain_within("request", f.field, f.reason);
  return {};
}

sampling_rule read_sampling(yaml_reader& in) {
  sampling_rule out;
  yaml_reader part = in.mapping("sampling", false);
  out.policy = part.text_or("policy", out.policy);
  if (std::find(std::begin(policies), std::end(policies), out.policy) == std::end(policies))
    part.complain("policy", "must be one of weights, uniform, uncertainty, variance, dueling");
  // Weights are the operator's own word; what is computed is never trusted alone.
  out.epsilon = part.number_or("epsilon", out.policy == "weights" ? 0 : 0.1, 0, 1);
  part.end();
  return out;
}

routing::routing_policy read_routing(yaml_reader& in) {
  routing::routing_policy out;
  yaml_reader part = in.mapping("routing", false);
  out.ask_endpoint = part.boolean_or("endpoint", true);
  out.purpose = part.text_or("purpose", "", 1000);
  if (part.has("refuse")) {
    out.refuse.clear();
    for (const std::string& name : part.texts("refuse", 0, routing::all_refusals.size(), 64)) {
      if (const auto r = routing::parse_refusal(name))
        out.refuse.push_back(*r);
      else
        part.complain("refuse", "does not know " + name);
    }
  } else {
    (void)part.texts("refuse", 0, 0);
  }
  out.words = part.texts("words", 0, most_words, 100);
  out.allowed = part.texts("allow", 0, most_words, 100);
  part.end();
  return out;
}

routing::signature read_signature(yaml_reader& in, const arena& a,
                                  const std::vector<std::string>& languages) {
  routing::signature out;
  yaml_reader part = in.mapping("signature", false);
  yaml_reader accepts = part.mapping("accepts", false);
  for (const std::string& field : accepts.keys())
    out.accepts.push_back(read_accepted(accepts, field));
  accepts.end();
  out.ignores = part.texts("ignores", 0, 32, 64);
  if (part.has("inputs"))
    out.inputs = read_modalities(part, "inputs");
  else
    (void)part.texts("inputs", 0, 0);
  out.emits = part.text_or("emits", std::string(name_of(a.kind)), 16);
  if (out.emits != name_of(a.kind))
    part.complain("emits", "must be the arena's modality, " + std::string(name_of(a.kind)));
  out.turns = static_cast<int>(part.integer_or("turns", out.turns, 1, 1000));
  part.end();

  const bool told = std::any_of(out.accepts.begin(), out.accepts.end(),
                                [](const auto& f) { return f.field == "language"; });
  if (told && !languages.empty())
    in.complain("languages", "stands in the signature too: leave one of them out");
  if (!told && !languages.empty())
    out.accepts.push_back({.field = "language", .any_of = languages});
  for (const field_error& f : routing::complaints(out, a.request))
    in.complain("signature", f.field + " " + f.reason);
  return out;
}

}  // namespace agon::arena

#include "services/arena/arena_file_boards.hpp"

#include <algorithm>
#include <set>

#include "ratings/request_segments.hpp"

namespace agon::arena {
namespace {

constexpr std::size_t most_boards = 8;
constexpr std::size_t most_dimensions = 8;
constexpr double largest_anchor = 1e6;
constexpr double largest_weight = 1e9;

ratings::score_anchor read_anchor(yaml_reader in, const arena& a) {
  ratings::score_anchor out;
  out.system = in.text("system", 64);
  out.score = in.number_or("score", 1000, -largest_anchor, largest_anchor);
  const bool known = std::any_of(a.systems.begin(), a.systems.end(),
                                 [&](const auto& s) { return s.slug == out.system; });
  if (!out.system.empty() && !known) in.complain("system", "is not a system of this arena");
  in.end();
  return out;
}

// What is recorded of the outputs of this modality, as style control takes it by default.
std::vector<std::string> style_of(modality kind) {
  switch (kind) {
    case modality::text:
      return {"tokens", "headers", "list_items", "bold"};
    case modality::audio:
      return {"seconds", "loudness_lufs"};
    default:
      return {};
  }
}

ratings::planned_board style_controlled(modality kind) {
  ratings::planned_board b;
  b.method = ratings::method::contextual;
  b.features = style_of(kind);
  return b;
}

// The features that a contextual board names: those that outputs of this kind have.
std::vector<std::string> read_features(yaml_reader& in, const arena& a) {
  const std::vector<std::string> usual = style_of(a.kind);
  if (!in.has("features")) return usual;
  const auto& known = ratings::context_features();
  auto named = in.texts("features", 0, known.size(), 64);
  for (const std::string& f : named)
    if (f != "generation_seconds" && std::find(usual.begin(), usual.end(), f) == usual.end())
      in.complain("features", "has " + f + ", which is not recorded of " +
                                  std::string(name_of(a.kind)) + " outputs");
  return named;
}

// One weight of a board: absent, or a mapping whose number may be left to its usual value.
std::optional<double> read_weight(yaml_reader& in, std::string_view name, std::string_view number,
                                  double usual, double least, double most) {
  if (!in.has(name)) return std::nullopt;
  yaml_reader weight = in.mapping(name, true);
  const double out = weight.number_or(number, usual, least, most);
  weight.end();
  return out;
}

ratings::weight_settings read_weights(yaml_reader in) {
  ratings::weight_settings out;
  out.inverse_propensity = read_weight(in, "inverse_propensity", "clip", 10, 1, largest_weight);
  out.inverse_pair_count = read_weight(in, "inverse_pair_count", "least", 50, 1, largest_weight);
  out.participant_cap = read_weight(in, "participant_cap", "most", 100, 1, largest_weight);
  if (in.has("prompts")) {
    yaml_reader prompts = in.mapping("prompts", true);
    out.prompt_quantile = prompts.number_or("quantile", 0.9999, 0, 1);
    if (prompts.has("similarity"))
      out.prompt_similarity = prompts.number_or("similarity", 0.8, 0.01, 1);
    prompts.end();
  }
  in.end();
  return out;
}

// Whether each value of the field can have a board of its own.
bool has_few_values(const routing::request_field& f) {
  constexpr double most_values = 100;
  if (f.type == routing::field_type::boolean || !f.choices.empty()) return true;
  return f.type == routing::field_type::integer && f.minimum && f.maximum &&
         *f.maximum - *f.minimum < most_values;
}

ratings::planned_board read_board(yaml_reader& in, const arena& a) {
  ratings::planned_board b;
  const std::string method = in.text("method", 64);
  const auto known = ratings::method_from_text(method);
  if (known)
    b.method = *known;
  else if (!method.empty())
    in.complain("method",
                "must be one of bradley-terry, elo, davidson, rao-kupper, grounded-rao-kupper, "
                "contextual");
  if (const std::string policy = in.text_or("both_bad", "", 16); !policy.empty()) {
    b.both_bad = ratings::both_bad_policy_from_text(policy);
    if (!b.both_bad) in.complain("both_bad", "must be one of drop, tie, model");
  }
  if (in.has("anchor"))
    b.anchor = read_anchor(in.mapping("anchor", true), a);
  else
    in.text_or("anchor", "");
  b.simultaneous = in.boolean_or("simultaneous", false);
  b.segment_by = in.texts("segment_by", 0, most_dimensions, 64);
  for (const std::string& d : b.segment_by) {
    const auto name = ratings::request_field_of(d);
    if (!name) continue;
    const routing::request_field* field = a.request.find(*name);
    if (field == nullptr)
      in.complain("segment_by", "has " + d + ", which is not a field of the arena's request");
    else if (!has_few_values(*field))
      in.complain("segment_by", "has " + d +
                                    ", which is a free text or number: only switches and "
                                    "choices have boards");
  }
  if (b.method == ratings::method::contextual) {
    b.features = read_features(in, a);
    b.side_bias = in.boolean_or("side_bias", true);
  }
  if (in.has("weights")) b.weights = read_weights(in.mapping("weights", true));
  if (known)
    if (const auto bad = ratings::complaint_about(b)) in.complain(bad->field, bad->reason);
  in.end();
  return b;
}

}  // namespace

ratings::board_plan read_boards(yaml_reader& in, const arena& a) {
  ratings::board_plan plan;
  std::set<ratings::method> methods;
  for (yaml_reader& entry : in.mappings("boards", 0, most_boards)) {
    plan.push_back(read_board(entry, a));
    if (!methods.insert(plan.back().method).second) entry.complain("method", "stands twice");
  }
  if (!plan.empty()) return plan;
  plan = ratings::default_plan();
  if (ratings::planned_board style = style_controlled(a.kind); !style.features.empty())
    plan.push_back(std::move(style));
  return plan;
}

}  // namespace agon::arena

#include "ratings/board_plan.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "ratings/request_segments.hpp"

namespace agon::ratings {
namespace {

using json = nlohmann::json;

constexpr std::size_t longest_segment_value = 64;

bool plan_takes(method m, both_bad_policy p) {
  if (m == method::elo) return p != both_bad_policy::model;
  return (m == method::grounded_rao_kupper) == (p == both_bad_policy::model);
}

struct weight_field {
  const char* name;
  std::optional<double> weight_settings::*member;
};
constexpr std::array<weight_field, 5> weight_fields{{
    {"inverse_pair_count", &weight_settings::inverse_pair_count},
    {"inverse_propensity", &weight_settings::inverse_propensity},
    {"participant_cap", &weight_settings::participant_cap},
    {"prompt_quantile", &weight_settings::prompt_quantile},
    {"prompt_similarity", &weight_settings::prompt_similarity},
}};

// What is not written is as by default, so that plans of before keep their bytes.
void add_rows_settings(json& out, const planned_board& b) {
  if (!b.features.empty()) out["features"] = b.features;
  if (!b.side_bias) out["side_bias"] = false;
  if (!b.weights.any()) return;
  json w = json::object();
  for (const weight_field& f : weight_fields)
    if (b.weights.*f.member) w[f.name] = *(b.weights.*f.member);
  out["weights"] = std::move(w);
}

std::optional<plan_complaint> complaint_about_rows(const planned_board& b) {
  if (b.method != method::contextual) {
    if (!b.features.empty()) return plan_complaint{"features", "is known to contextual alone"};
    if (!b.side_bias) return plan_complaint{"side_bias", "is known to contextual alone"};
  }
  const auto& known = context_features();
  for (auto f = b.features.begin(); f != b.features.end(); ++f) {
    if (std::find(known.begin(), known.end(), *f) == known.end())
      return plan_complaint{"features", "has " + *f + ", which is not recorded of outputs"};
    if (std::find(b.features.begin(), f, *f) != f)
      return plan_complaint{"features", "has " + *f + " twice"};
  }
  if (b.method == method::elo && b.weights.any())
    return plan_complaint{"weights", "is not known to elo"};
  if (const auto field = out_of_range(b.weights))
    return plan_complaint{"weights", "has " + std::string(*field) + " out of its range"};
  return std::nullopt;
}

planned_board planned_board_from(const json& entry) {
  planned_board b;
  b.method = method_from_text(entry.at("method").get<std::string>()).value();
  if (!entry.at("both_bad").is_null())
    b.both_bad = both_bad_policy_from_text(entry.at("both_bad").get<std::string>()).value();
  if (const json& anchor = entry.at("anchor"); !anchor.is_null())
    b.anchor = {anchor.at("system").get<std::string>(), anchor.at("score").get<double>()};
  b.simultaneous = entry.at("simultaneous").get<bool>();
  b.segment_by = entry.at("segment_by").get<std::vector<std::string>>();
  b.features = entry.value("features", std::vector<std::string>());
  b.side_bias = entry.value("side_bias", true);
  if (entry.contains("weights")) {
    const json& w = entry["weights"];
    for (const weight_field& f : weight_fields)
      if (w.contains(f.name)) b.weights.*f.member = w[f.name].get<double>();
  }
  return b;
}

}  // namespace

board_plan default_plan() {
  planned_board elo;
  elo.method = method::elo;
  return {planned_board{}, std::move(elo)};
}

const std::vector<std::string>& context_features() {
  static const std::vector<std::string> all{"tokens",  "headers",       "list_items",        "bold",
                                            "seconds", "loudness_lufs", "generation_seconds"};
  return all;
}

const std::vector<std::string>& segment_dimensions() {
  static const std::vector<std::string> all{"language", "prompt", "day",
                                            "week",     "month",  "criterion"};
  return all;
}

std::optional<plan_complaint> complaint_about(const planned_board& b) {
  const method_input input = input_of(b.method);
  if (input == method_input::rankings)
    return plan_complaint{"method", "is not kept up to date by the rating job"};
  if (b.both_bad && !plan_takes(b.method, *b.both_bad))
    return plan_complaint{"both_bad", "cannot be " + std::string(to_text(*b.both_bad)) + " with " +
                                          std::string(to_text(b.method))};
  if (auto bad = complaint_about_rows(b)) return bad;
  const bool elo = b.method == method::elo;
  if (elo && b.anchor) return plan_complaint{"anchor", "is not known to elo"};
  if (elo && b.simultaneous) return plan_complaint{"simultaneous", "is not known to elo"};
  if (elo && !b.segment_by.empty())
    return plan_complaint{"segment_by", "is not known to elo, which depends on the order of votes"};
  const auto& known = segment_dimensions();
  for (std::size_t i = 0; i < b.segment_by.size(); ++i) {
    const std::string& d = b.segment_by[i];
    if (std::find(known.begin(), known.end(), d) == known.end() && !request_field_of(d))
      return plan_complaint{"segment_by",
                            "must be made of language, prompt, day, week, month, criterion and "
                            "request.NAME"};
    if (std::find(b.segment_by.begin(), b.segment_by.begin() + static_cast<std::ptrdiff_t>(i), d) !=
        b.segment_by.begin() + static_cast<std::ptrdiff_t>(i))
      return plan_complaint{"segment_by", "has " + d + " twice"};
  }
  return std::nullopt;
}

std::optional<std::string> segment_name(std::string_view dimension, std::string_view value) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (value.empty() || value.size() > longest_segment_value ||
      !std::all_of(value.begin(), value.end(), allowed))
    return std::nullopt;
  return std::string(dimension) + ":" + std::string(value);
}

std::string_view dimension_of(std::string_view segment) {
  const std::size_t colon = segment.find(':');
  return colon == std::string_view::npos ? std::string_view{} : segment.substr(0, colon);
}

pairwise_settings pairwise_settings_of(const planned_board& b) {
  pairwise_settings s;
  s.method = b.method;
  s.both_bad = b.both_bad;
  s.anchor = b.anchor;
  s.simultaneous = b.simultaneous;
  return s;
}

contextual_settings contextual_settings_of(const planned_board& b) {
  contextual_settings s;
  if (b.both_bad) s.both_bad = *b.both_bad;
  s.anchor = b.anchor;
  s.simultaneous = b.simultaneous;
  s.side_bias = b.side_bias;
  return s;
}

elo_settings elo_settings_of(const planned_board& b) {
  elo_settings s;
  if (b.both_bad) s.both_bad = *b.both_bad;
  return s;
}

std::string to_json(const board_plan& plan) {
  json out = json::array();
  for (const planned_board& b : plan) {
    json anchor = nullptr;
    if (b.anchor) anchor = {{"score", b.anchor->score}, {"system", b.anchor->system}};
    out.push_back({{"anchor", std::move(anchor)},
                   {"both_bad", b.both_bad ? json(to_text(*b.both_bad)) : json(nullptr)},
                   {"method", board_name(b.method)},
                   {"segment_by", b.segment_by},
                   {"simultaneous", b.simultaneous}});
    add_rows_settings(out.back(), b);
  }
  return crypto::canonical_json(out);
}

checked<board_plan> plan_from_json(std::string_view text) {
  const auto parsed = crypto::parse_json(text);
  if (!parsed || !parsed->is_array()) return data_error{"a board plan is a JSON array"};
  if (parsed->empty()) return default_plan();
  board_plan plan;
  try {
    for (const json& entry : *parsed) plan.push_back(planned_board_from(entry));
  } catch (const std::exception&) {
    return data_error{"a board of the plan is not of the form that is written"};
  }
  for (const planned_board& b : plan)
    if (const auto bad = complaint_about(b)) return data_error{bad->field + " " + bad->reason};
  return plan;
}

}  // namespace agon::ratings

#include <nlohmann/json.hpp>

#include "privacy/crypto/canonical_json.hpp"
#include "ratings/board.hpp"
#include "ratings/board_parts.hpp"

namespace agon::ratings {
namespace {

using json = nlohmann::json;

template <typename T>
json or_null(const std::optional<T>& v) {
  return v ? json(*v) : json(nullptr);
}

json anchor_json(const std::optional<score_anchor>& a) {
  return a ? json{{"score", a->score}, {"system", a->system}} : json(nullptr);
}

json settings_json(const bradley_terry_settings& s) {
  return {{"anchor", anchor_json(s.anchor)},
          {"both_bad", to_text(s.both_bad)},
          {"confidence", s.confidence},
          {"mean", s.mean},
          {"small_sample_error", s.small_sample_error}};
}

json settings_json(const pairwise_settings& s) {
  json bootstrap = nullptr;
  if (s.bootstrap.rounds > 0)
    bootstrap = {{"converge", s.bootstrap.converge},
                 {"rounds", s.bootstrap.rounds},
                 {"seed", s.bootstrap.seed},
                 {"unit", to_text(s.bootstrap.unit)}};
  return {{"anchor", anchor_json(s.anchor)},
          {"both_bad", to_text(effective_policy(s))},
          {"bootstrap", std::move(bootstrap)},
          {"confidence", s.confidence},
          {"mean", s.mean},
          {"simultaneous", s.simultaneous},
          {"small_sample_error", s.small_sample_error}};
}

json settings_json(const contextual_settings& s) {
  return {{"anchor", anchor_json(s.anchor)},
          {"both_bad", to_text(s.both_bad)},
          {"confidence", s.confidence},
          {"mean", s.mean},
          {"side_bias", s.side_bias},
          {"simultaneous", s.simultaneous},
          {"small_sample_error", s.small_sample_error}};
}

json settings_json(const ranking::plackett_luce_settings& s) {
  return {{"anchor", anchor_json(s.anchor)},
          {"confidence", s.confidence},
          {"mean", s.mean},
          {"pseudo", s.pseudo},
          {"small_sample_error", s.small_sample_error}};
}

json settings_json(const elo_settings& s) {
  return {{"both_bad", to_text(s.both_bad)}, {"initial", s.initial}, {"k", s.k}};
}

json weights_json(const stated_weights& w) {
  const weight_settings& s = w.settings;
  return {{"effective_votes", rounded_score(w.effective_votes)},
          {"inverse_pair_count", or_null(s.inverse_pair_count)},
          {"inverse_propensity", or_null(s.inverse_propensity)},
          {"participant_cap", or_null(s.participant_cap)},
          {"prompt_quantile", or_null(s.prompt_quantile)},
          {"prompt_similarity", or_null(s.prompt_similarity)}};
}

json entry_json(const board_entry& e) {
  return {{"both_bad", e.both_bad},
          {"losses", e.losses},
          {"lower", or_null(e.lower)},
          {"rank_lower", or_null(e.rank_lower)},
          {"rank_upper", or_null(e.rank_upper)},
          {"score", or_null(e.score)},
          {"status", to_text(e.status)},
          {"system", e.system},
          {"ties", e.ties},
          {"upper", or_null(e.upper)},
          {"votes", e.votes},
          {"wins", e.wins}};
}

}  // namespace

std::string to_json(const board& b) {
  json entries = json::array();
  for (const board_entry& e : b.entries) entries.push_back(entry_json(e));
  json certificate = nullptr;
  if (b.certificate)
    certificate = {{"gradient_norm_below", b.certificate->gradient_norm_below},
                   {"score_error_below", b.certificate->score_error_below}};
  json out = {{"anchored", b.anchored},
              {"certificate", std::move(certificate)},
              {"code", code_revision},
              {"entries", std::move(entries)},
              {"inputs_sha256", b.inputs_sha256},
              {"method", b.method},
              {"settings", std::visit([](const auto& s) { return settings_json(s); }, b.settings)},
              {"votes", b.votes}};
  if (b.weights) out["settings"]["weights"] = weights_json(*b.weights);
  // Only where there is something to say, so that boards without keep their bytes.
  if (!b.parameters.empty()) {
    json parameters = json::array();
    for (const model_parameter& p : b.parameters)
      parameters.push_back({{"lower", or_null(p.lower)},
                            {"name", p.name},
                            {"upper", or_null(p.upper)},
                            {"value", p.value}});
    out["parameters"] = std::move(parameters);
  }
  return crypto::canonical_json(out);
}

}  // namespace agon::ratings

#include "services/boards/kept_votes.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ratings/methods.hpp"
#include "services/feedback/style.hpp"

namespace agon::boards {
namespace {

bool is_level(std::string_view feature) {
  return feature == "loudness_lufs";
}

std::optional<std::pair<double, double>> values_of(const std::string& feature,
                                                   const counted_vote& v) {
  if (feature == "generation_seconds") {
    if (v.generation_seconds.size() != 2) return std::nullopt;
    return std::pair(v.generation_seconds[0], v.generation_seconds[1]);
  }
  const auto names = feedback::style_features(v.style_set);
  const auto place = std::find(names.begin(), names.end(), feature);
  if (place == names.end() || v.style.size() != 2 * names.size()) return std::nullopt;
  const auto i = static_cast<std::size_t>(place - names.begin());
  return std::pair(v.style[i], v.style[names.size() + i]);
}

}  // namespace

kept_columns columns_of(const ratings::board_plan& plan) {
  kept_columns out;
  for (const ratings::planned_board& b : plan) {
    if (!b.from_rows()) continue;
    out.any = true;
    for (const std::string& f : b.features)
      if (std::find(out.features.begin(), out.features.end(), f) == out.features.end())
        out.features.push_back(f);
    out.participants |= b.weights.participant_cap.has_value();
    out.probabilities |= b.weights.inverse_propensity.has_value();
    out.prompts |= b.weights.prompt_quantile.has_value();
    if (b.weights.prompt_similarity)
      out.similarity = std::min(out.similarity.value_or(1), *b.weights.prompt_similarity);
  }
  return out;
}

float feature_difference(const std::string& feature, const counted_vote& v) {
  const auto values = values_of(feature, v);
  if (!values) return 0;
  const auto [a, b] = *values;
  const double out = is_level(feature) ? a - b : ratings::style_difference(a, b);
  return std::isfinite(out) ? static_cast<float>(out) : 0;
}

void kept_votes::add(const counted_vote& v, const std::vector<std::string>& segments) {
  const auto number = static_cast<std::uint32_t>(rows_.size());
  row r{v.system_a, v.system_b, v.winner, 0, ratings::no_participant, ratings::no_prompt};
  if (columns_.probabilities) r.probability = static_cast<float>(v.probability);
  if (columns_.participants && !v.participant.empty())
    r.participant =
        participants_.try_emplace(v.participant, static_cast<std::uint32_t>(participants_.size()))
            .first->second;
  if (columns_.prompts) r.prompt = prompts_.add(v.prompt);
  for (const std::string& f : columns_.features) features_.push_back(feature_difference(f, v));
  rows_.push_back(r);
  for (const std::string& s : segments) segments_[s].push_back(number);
}

ratings::vote_log kept_votes::log_of(
    const ratings::planned_board& planned, const std::string& segment,
    const std::vector<std::pair<int, std::string>>& systems) const {
  ratings::vote_log log(planned.features);
  std::map<int, ratings::system_index> index;
  for (const auto& [id, slug] : systems) index[id] = log.add_system(slug);
  const auto place = [&](int id) {
    const auto known = index.find(id);
    if (known == index.end())
      throw std::runtime_error("a vote names a system that its arena does not have");
    return known->second;
  };
  std::vector<std::size_t> columns;
  for (const std::string& f : planned.features)
    columns.push_back(
        static_cast<std::size_t>(std::find(columns_.features.begin(), columns_.features.end(), f) -
                                 columns_.features.begin()));
  const auto rows = segments_.find(segment);
  if (rows == segments_.end()) return log;
  const ratings::weight_settings& weights = planned.weights;
  std::vector<float> features(columns.size());
  log.reserve(rows->second.size());
  for (const std::uint32_t i : rows->second) {
    const row& r = rows_[i];
    for (std::size_t f = 0; f < columns.size(); ++f)
      features[f] = features_[i * columns_.features.size() + columns[f]];
    ratings::logged_vote v{.a = place(r.a), .b = place(r.b), .result = r.winner};
    if (weights.inverse_propensity) v.probability = r.probability;
    if (weights.participant_cap) v.participant = r.participant;
    if (weights.prompt_quantile && r.prompt != ratings::no_prompt)
      v.prompt = weights.prompt_similarity ? prompts_.group(r.prompt) : r.prompt;
    v.features = features;
    log.add(v);
  }
  return log;
}

ratings::board kept_votes::board_of(const ratings::planned_board& planned,
                                    const std::string& segment,
                                    const std::vector<std::pair<int, std::string>>& systems) const {
  const ratings::vote_log log = log_of(planned, segment, systems);
  const std::vector<float> weights =
      planned.weights.any() ? ratings::weights_of(log, planned.weights) : std::vector<float>();
  ratings::board out =
      planned.method == ratings::method::contextual
          ? ratings::make_board(log, weights, ratings::contextual_settings_of(planned))
          : ratings::make_board(log, weights, ratings::pairwise_settings_of(planned));
  if (planned.weights.any()) out.weights = {planned.weights, ratings::effective_votes(weights)};
  return out;
}

}  // namespace agon::boards

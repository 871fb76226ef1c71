#include "ratings/board.hpp"

#include <cmath>
#include <stdexcept>

#include "ratings/board_parts.hpp"
#include "ratings/bootstrap.hpp"

namespace agon::ratings {
namespace {

board bradley_terry_board(const tally& sorted, const bradley_terry_settings& settings) {
  const bradley_terry_fit fit = fit_bradley_terry(sorted, settings);
  board out;
  out.method = "bradley_terry";
  out.settings = settings;
  out.entries = entries_of(sorted);
  out.votes = sorted.votes();
  out.inputs_sha256 = sorted.sha256();
  set_scores(out, rated_systems_of(fit));
  return out;
}

board elo_board(const tally& sorted, const elo_state& elo) {
  board out;
  out.method = "elo";
  out.settings = elo.settings();
  out.entries = entries_of(sorted);
  out.votes = elo.votes();
  out.inputs_sha256 = elo.chain();
  for (board_entry& e : out.entries) {
    const bool drop = elo.settings().both_bad == both_bad_policy::drop;
    const auto i = elo.systems().find(e.system);
    if (!i || e.votes == (drop ? e.both_bad : 0)) continue;
    e.status = rating_status::rated;
    e.score = rounded_score(elo.score(*i));
  }
  sort_entries(out.entries);
  return out;
}

// Percentiles instead of the sandwich's bounds.
void set_bounds(pairwise_fit& fit, const bootstrap_result& rounds, double confidence) {
  const auto bounds = rounds.percentiles(confidence);
  for (std::size_t i = 0; i < fit.rated.size(); ++i) {
    bradley_terry_rating& r = fit.ratings[fit.rated[i]];
    r.lower = fit.zero + points_per_unit * bounds[i].lower;
    r.upper = fit.zero + points_per_unit * bounds[i].upper;
  }
}

template <typename Tally>
board pairwise_board(const Tally& sorted, const tally& counts, const pairwise_fit& fit,
                     const pairwise_settings& settings) {
  board out;
  out.method = board_name(settings.method);
  out.settings = settings;
  out.entries = entries_of(counts);
  out.votes = counts.votes();
  out.inputs_sha256 = sorted.sha256();
  set_scores(out, rated_systems_of(fit));
  set_parameters(out, fit.parameters);
  return out;
}

// The tally with all systems that either knows, in the order of their names.
tally sorted_union(const tally& votes, const elo_state& elo) {
  if (votes.votes() != elo.votes())
    throw std::invalid_argument("board: the tally has " + std::to_string(votes.votes()) +
                                " votes and the Elo state " + std::to_string(elo.votes()));
  tally all = votes;
  for (system_index i = 0; i < elo.systems().size(); ++i) all.add_system(elo.systems().name(i));
  return all.sorted();
}

}  // namespace

std::vector<board> make_boards(const tally& votes, const elo_state& elo,
                               const board_settings& settings) {
  const tally sorted = sorted_union(votes, elo);
  std::vector<board> out;
  out.push_back(bradley_terry_board(sorted, settings.bradley_terry));
  out.push_back(elo_board(sorted, elo));
  return out;
}

board make_bradley_terry_board(const tally& votes, const bradley_terry_settings& settings) {
  return bradley_terry_board(votes.sorted(), settings);
}

board make_elo_board(const tally& votes, const elo_state& elo) {
  return elo_board(sorted_union(votes, elo), elo);
}

board make_pairwise_board(const tally& votes, const pairwise_settings& settings) {
  if (settings.method == method::bradley_terry && !settings.simultaneous &&
      settings.bootstrap.rounds == 0)
    return make_bradley_terry_board(votes, {.both_bad = effective_policy(settings),
                                            .confidence = settings.confidence,
                                            .mean = settings.mean,
                                            .anchor = settings.anchor,
                                            .small_sample_error = settings.small_sample_error});
  const tally sorted = votes.sorted();
  pairwise_fit fit = fit_pairwise(sorted, settings);
  if (settings.bootstrap.rounds > 0) {
    if (settings.bootstrap.unit == resampling_unit::participant)
      throw std::invalid_argument("board: a tally does not know participants");
    set_bounds(fit, bootstrap(fit, settings), settings.confidence);
  }
  return pairwise_board(sorted, sorted, fit, settings);
}

board make_pairwise_board(const weighted_tally& votes, const pairwise_settings& settings) {
  const weighted_tally sorted = votes.sorted();
  if (settings.bootstrap.rounds > 0)
    throw std::invalid_argument("board: weighted votes are resampled from their log");
  return pairwise_board(sorted, sorted.counts(), fit_pairwise(sorted, settings), settings);
}

board make_pairwise_board(const vote_log& votes, std::span<const float> weights,
                          const pairwise_settings& settings) {
  const bool from_log =
      settings.bootstrap.rounds > 0 &&
      (!weights.empty() || settings.bootstrap.unit == resampling_unit::participant);
  if (!from_log && weights.empty()) return make_pairwise_board(count(votes), settings);
  if (!from_log) return make_pairwise_board(count(votes, weights), settings);
  const auto board_of = [&](const auto& counted, const tally& counts) {
    pairwise_fit fit = fit_pairwise(counted, settings);
    set_bounds(fit, bootstrap(votes, weights, fit, settings), settings.confidence);
    return pairwise_board(counted, counts, fit, settings);
  };
  if (weights.empty()) {
    const tally counts = count(votes);
    return board_of(counts, counts);
  }
  const weighted_tally counts = count(votes, weights);
  return board_of(counts, counts.counts());
}

board make_contextual_board(const vote_log& votes, const contextual_settings& settings,
                            std::span<const float> weights) {
  const contextual_fit fit = fit_contextual(votes, settings, weights);
  board out;
  out.method = board_name(method::contextual);
  out.settings = settings;
  out.entries = entries_of(count(votes));
  out.votes = votes.size();
  out.inputs_sha256 = votes.sha256(weights);
  set_scores(out, rated_systems_of(fit));
  std::vector<model_parameter> effects;
  for (const context_effect& e : fit.effects)
    effects.push_back({e.name, e.points, e.lower, e.upper});
  set_parameters(out, effects);
  return out;
}

}  // namespace agon::ratings

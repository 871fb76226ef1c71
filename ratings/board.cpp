#include "ratings/board.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ratings/bootstrap.hpp"
#include "ratings/intervals.hpp"

namespace agon::ratings {
namespace {

double rounded(double v) {
  static const double unit = std::pow(10.0, score_decimals);
  return std::round(v * unit) / unit + 0.0;  // no negative zero
}

// The least power of ten that is not below the bound, at least 1e-6.
double power_of_ten_above(double bound) {
  int exponent = -6;
  while (std::pow(10.0, exponent) < bound) ++exponent;
  return std::pow(10.0, exponent);
}

// One entry per system, with its counts; the tally's systems are sorted by name.
std::vector<board_entry> entries_of(const tally& votes) {
  const auto counts = votes.per_system();
  std::vector<board_entry> out(counts.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].system = votes.systems().name(static_cast<system_index>(i));
    out[i].votes = counts[i].votes();
    out[i].wins = counts[i].wins;
    out[i].losses = counts[i].losses;
    out[i].ties = counts[i].ties;
    out[i].both_bad = counts[i].both_bad;
  }
  return out;
}

// From the rounded bounds, so that a reader of the board can check them.
void set_ranks(std::vector<board_entry>& entries) {
  std::vector<board_entry*> rated;
  std::vector<interval> intervals;
  for (board_entry& e : entries) {
    if (!e.lower || !e.upper) continue;
    rated.push_back(&e);
    intervals.push_back({*e.lower, *e.upper});
  }
  const auto ranks = rank_ranges(intervals);
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    rated[i]->rank_upper = ranks[i].upper;
    rated[i]->rank_lower = ranks[i].lower;
  }
}

void sort_entries(std::vector<board_entry>& entries) {
  const auto before = [](const board_entry& x, const board_entry& y) {
    if (x.score.has_value() != y.score.has_value()) return x.score.has_value();
    if (x.rank_upper != y.rank_upper) return x.rank_upper < y.rank_upper;
    if (x.score != y.score) return x.score > y.score;
    return x.system < y.system;
  };
  std::sort(entries.begin(), entries.end(), before);
}

double six_digits(double v) {
  if (v == 0 || !std::isfinite(v)) return 0;
  const double unit = std::pow(10.0, 5 - std::floor(std::log10(std::fabs(v))));
  return std::round(v * unit) / unit + 0.0;
}

// What all fits of tallies put on a board.
template <typename Fit>
void set_scores(board& out, const Fit& fit) {
  out.anchored = fit.anchored;
  for (std::size_t i = 0; i < out.entries.size(); ++i) {
    const bradley_terry_rating& r = fit.ratings[i];
    board_entry& e = out.entries[i];
    e.status = r.status;
    if (r.status != rating_status::rated) continue;
    e.score = rounded(r.score);
    e.lower = rounded(r.lower);
    e.upper = rounded(r.upper);
  }
  if (!fit.rated.empty())
    out.certificate = {power_of_ten_above(fit.certificate.gradient_norm),
                       power_of_ten_above(fit.certificate.score_error)};
  set_ranks(out.entries);
  sort_entries(out.entries);
}

board bradley_terry_board(const tally& sorted, const bradley_terry_settings& settings) {
  const bradley_terry_fit fit = fit_bradley_terry(sorted, settings);
  board out;
  out.method = "bradley_terry";
  out.settings = settings;
  out.entries = entries_of(sorted);
  out.votes = sorted.votes();
  out.inputs_sha256 = sorted.sha256();
  set_scores(out, fit);
  return out;
}

void set_parameters(board& out, const std::vector<model_parameter>& parameters) {
  for (model_parameter p : parameters) {
    p.value = six_digits(p.value);
    if (p.lower) p.lower = six_digits(*p.lower);
    if (p.upper) p.upper = six_digits(*p.upper);
    out.parameters.push_back(std::move(p));
  }
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
    e.score = rounded(elo.score(*i));
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
  set_scores(out, fit);
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
  set_scores(out, fit);
  std::vector<model_parameter> effects;
  for (const context_effect& e : fit.effects)
    effects.push_back({e.name, e.points, e.lower, e.upper});
  set_parameters(out, effects);
  return out;
}

}  // namespace agon::ratings

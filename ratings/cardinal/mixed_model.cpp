#include "ratings/cardinal/mixed_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <stdexcept>

#include "ratings/cardinal/mixed_em.hpp"
#include "ratings/intervals.hpp"
#include "ratings/random.hpp"

namespace agon::ratings::cardinal {
namespace {

constexpr std::uint32_t most_participants = 1U << 24;
constexpr std::size_t scale_needs = 5;  // participants with scores for two systems
constexpr int round_iterations = 60;    // a round starts at the full fit

void require_valid(const mixed_settings& s) {
  if (!(s.confidence > 0 && s.confidence < 1))
    throw std::invalid_argument("confidence must be between 0 and 1");
  if (s.rounds > 100'000) throw std::invalid_argument("rounds: at most 100,000");
  if (s.most_iterations < 1) throw std::invalid_argument("most_iterations must be positive");
  if (!(s.tolerance >= 0 && s.tolerance <= 1)) throw std::invalid_argument("tolerance: 0 to 1");
}

// How scores are standardised: y = (score − middle) / unit.
struct standard {
  double middle = 0;
  double unit = 1;
};

std::optional<data_error> wrong_scores(std::size_t systems, std::span<const given_score> scores) {
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!(std::fabs(scores[i].score) <= 1e100))
      return data_error{"score " + std::to_string(i) + ": not a finite number"};
    if (scores[i].system >= systems)
      return data_error{"score " + std::to_string(i) + ": no such system"};
    if (scores[i].participant >= most_participants)
      return data_error{"score " + std::to_string(i) + ": participant out of range"};
  }
  return std::nullopt;
}

standard standard_of(std::span<const given_score> scores) {
  const auto [low, high] = std::minmax_element(
      scores.begin(), scores.end(), [](const auto& x, const auto& y) { return x.score < y.score; });
  standard out;
  if (low->score == high->score) return {low->score, 0};
  const auto n = static_cast<double>(scores.size());
  for (const given_score& s : scores) out.middle += s.score / n;
  // In units of the range first, so that squares stay in range.
  const double range = high->score - low->score;
  double squares = 0;
  for (const given_score& s : scores) {
    const double d = (s.score - out.middle) / range;
    squares += d * d / n;
  }
  out.unit = range * std::sqrt(squares);
  return out;
}

score_data grouped(std::size_t systems, std::span<const given_score> scores, const standard& z) {
  score_data out;
  out.systems = systems;
  std::uint32_t participants = 0;
  for (const given_score& s : scores) participants = std::max(participants, s.participant + 1);
  out.start.assign(std::size_t{participants} + 1, 0);
  for (const given_score& s : scores) ++out.start[std::size_t{s.participant} + 1];
  std::partial_sum(out.start.begin(), out.start.end(), out.start.begin());
  out.scores.resize(scores.size());
  auto next = out.start;
  for (const given_score& s : scores)
    out.scores[next[s.participant]++] = {s.system, z.unit > 0 ? (s.score - z.middle) / z.unit : 0};
  return out;
}

void count_scores(const score_data& data, mixed_fit& fit, std::size_t& able) {
  fit.participants.resize(data.participants());
  for (std::size_t p = 0; p < data.participants(); ++p) {
    std::set<std::uint32_t> judged;
    for (const standard_score& s : data.of(p)) {
      ++fit.systems[s.system].scores;
      judged.insert(s.system);
    }
    for (const std::uint32_t s : judged) ++fit.systems[s].participants;
    fit.participants[p].scores = data.of(p).size();
    able += judged.size() > 1 ? 1 : 0;
  }
  for (auto& s : fit.systems)
    if (s.scores > 0) s.status = rating_status::rated;
}

// Values of one quantity over the rounds of a bootstrap.
void set_bounds(std::vector<double>& values, const mixed_settings& s, bounded& out) {
  if (values.size() * 2 < s.rounds || values.size() < 2) return;
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
  };
  const double tail = (1 - s.confidence) / 2;
  out.lower = at(tail);
  out.upper = at(1 - tail);
}

void set_intervals(const score_data& data, const mixed_parameters& full,
                   const std::vector<std::size_t>& active, const standard& z,
                   const mixed_settings& settings, mixed_fit& fit) {
  std::vector<std::vector<double>> means(data.systems), deviations(data.systems);
  std::vector<double> weight(data.participants());
  for (std::uint32_t round = 0; round < settings.rounds; ++round) {
    seeded_random random(settings.seed, round);
    std::fill(weight.begin(), weight.end(), 0.0);
    for (std::size_t n = 0; n < active.size(); ++n)
      weight[active[random.below(active.size())]] += 1;
    mixed_parameters at = full;
    run_em(data, weight, fit.scale_used, round_iterations, settings.tolerance * 100, at);
    for (std::size_t s = 0; s < data.systems; ++s) {
      if (!at.seen[s]) continue;
      means[s].push_back(z.middle + z.unit * (at.level + at.worth[s]));
      deviations[s].push_back(z.unit * at.worth[s]);
    }
  }
  std::vector<interval> intervals;
  std::vector<std::size_t> ranked;
  for (std::size_t s = 0; s < data.systems; ++s) {
    set_bounds(means[s], settings, fit.systems[s].mean);
    bounded& d = fit.systems[s].deviation;
    set_bounds(deviations[s], settings, d);
    if (!d.lower) continue;
    intervals.push_back({*d.lower, *d.upper});
    ranked.push_back(s);
  }
  const auto ranks = rank_ranges(intervals);
  for (std::size_t k = 0; k < ranked.size(); ++k) {
    fit.systems[ranked[k]].rank_upper = ranks[k].upper;
    fit.systems[ranked[k]].rank_lower = ranks[k].lower;
  }
}

mixed_parameters start_of(std::size_t systems, bool with_scale) {
  mixed_parameters out;
  out.worth.assign(systems, 0.0);
  out.seen.assign(systems, true);
  out.spread = Eigen::Vector2d(0.3, with_scale ? 0.1 : 0).asDiagonal();
  out.noise = 0.5;
  return out;
}

void fill_values(const score_data& data, const mixed_parameters& at, const standard& z,
                 mixed_fit& fit) {
  for (std::size_t s = 0; s < data.systems; ++s) {
    if (fit.systems[s].scores == 0) continue;
    fit.systems[s].mean.value = z.middle + z.unit * (at.level + at.worth[s]);
    fit.systems[s].deviation.value = z.unit * at.worth[s];
  }
  for (std::size_t p = 0; p < data.participants(); ++p) {
    if (data.of(p).empty()) continue;
    const expected_use use = expect_use(data.of(p), at, fit.scale_used);
    fit.participants[p].shift = z.unit * use.mean[0];
    fit.participants[p].scale = 1 + use.mean[1];
  }
  fit.shift_sd = z.unit * std::sqrt(at.spread(0, 0));
  fit.scale_sd = fit.scale_used ? std::sqrt(at.spread(1, 1)) : 0;
  fit.residual_sd = z.unit * std::sqrt(at.noise);
}

}  // namespace

checked<mixed_fit> fit_mixed(std::size_t systems, std::span<const given_score> scores,
                             const mixed_settings& settings) {
  require_valid(settings);
  if (auto wrong = wrong_scores(systems, scores)) return *std::move(wrong);
  mixed_fit fit;
  fit.systems.resize(systems);
  if (scores.empty()) {
    fit.no_interval = "there are no scores";
    return fit;
  }
  const standard z = standard_of(scores);
  const score_data data = grouped(systems, scores, z);
  std::size_t able = 0;
  count_scores(data, fit, able);
  if (z.unit <= 0) {
    for (auto& s : fit.systems)
      if (s.scores > 0) s.mean.value = z.middle;
    fit.no_interval = "all scores are alike";
    return fit;
  }
  fit.scale_used = settings.with_scale && able >= scale_needs;
  std::vector<std::size_t> active;
  for (std::size_t p = 0; p < data.participants(); ++p)
    if (!data.of(p).empty()) active.push_back(p);

  mixed_parameters at = start_of(systems, fit.scale_used);
  for (std::size_t s = 0; s < systems; ++s) at.seen[s] = fit.systems[s].scores > 0;
  const std::vector<double> once(data.participants(), 1.0);
  const em_run run =
      run_em(data, once, fit.scale_used, settings.most_iterations, settings.tolerance, at);
  fit.iterations = run.iterations;
  fit.converged = run.converged;
  fit.log_likelihood = run.log_likelihood - static_cast<double>(scores.size()) * std::log(z.unit);
  fill_values(data, at, z, fit);
  if (settings.rounds == 0)
    fit.no_interval = "no bootstrap was asked for";
  else if (active.size() < 2)
    fit.no_interval = "one participant alone tells nothing about others";
  else
    set_intervals(data, at, active, z, settings, fit);
  return fit;
}

}  // namespace agon::ratings::cardinal

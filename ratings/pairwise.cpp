#include "ratings/pairwise.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ratings/connectivity.hpp"
#include "ratings/intervals.hpp"
#include "ratings/pairwise_cells.hpp"
#include "ratings/pairwise_solver.hpp"
#include "ratings/score_scale.hpp"
#include "ratings/tie_bound.hpp"

namespace agon::ratings {
namespace {

// As for Bradley–Terry: a fit that cannot prove its scores to this many points is not shown.
constexpr double accepted_pairwise_error = 1e-4;
constexpr double largest_pairwise_offset = 1e6;

bool takes_policy(method m, both_bad_policy p) {
  return (m == method::grounded_rao_kupper) == (p == both_bad_policy::model);
}

// The set of systems to rate. In grounded Rao–Kupper the ground takes part as a system of
// its own: each win or tie is one against it, each both_bad a loss of both to it.
struct rated_set {
  std::vector<rating_status> status;
  std::vector<std::uint32_t> rated;
  bool grounded = false;
};

rated_set find_rated(std::size_t systems, std::span<const pair_cell> cells, bool with_ground) {
  std::vector<comparison> votes = comparisons_of(cells);
  if (with_ground) {
    const auto ground = static_cast<std::uint32_t>(systems);
    std::vector<comparison> own(systems);
    for (std::uint32_t i = 0; i < systems; ++i) own[i] = {i, ground, 0, 0, 0};
    for (const pair_cell& c : cells) {
      own[c.a].wins += c.weight[0] + c.weight[2];
      own[c.b].wins += c.weight[1] + c.weight[2];
      own[c.a].losses += c.weight[3];
      own[c.b].losses += c.weight[3];
    }
    for (const comparison& c : own)
      if (c.wins + c.losses > 0) votes.push_back(c);
  }
  connectivity found = find_comparable(systems + (with_ground ? 1 : 0), votes);
  rated_set out{std::move(found.status), std::move(found.rated), false};
  if (!with_ground) return out;
  out.grounded = out.status.back() == rating_status::rated;
  out.status.pop_back();
  if (out.grounded) out.rated.pop_back();
  if (out.rated.size() == 1) {  // one system and the ground: nothing to rank it among
    out.status[out.rated.front()] = rating_status::disconnected;
    out.rated.clear();
  }
  return out;
}

// The votes inside the rated set, with its systems numbered 0, 1, …. Beside a system that
// lies infinitely far below, a rated one competes with the ground alone.
std::vector<pair_cell> cells_inside(std::span<const pair_cell> cells, const rated_set& set) {
  std::vector<std::uint32_t> place(set.status.size());
  for (std::uint32_t i = 0; i < set.rated.size(); ++i) place[set.rated[i]] = i;
  const auto is_rated = [&](std::uint32_t i) { return set.status[i] == rating_status::rated; };
  std::vector<pair_cell> out;
  for (pair_cell c : cells) {
    if (is_rated(c.a) && is_rated(c.b)) {
      c.a = place[c.a];
      c.b = place[c.b];
      out.push_back(c);
    } else if (set.grounded && is_rated(c.a) != is_rated(c.b)) {
      if (is_rated(c.b)) {
        std::swap(c.a, c.b);
        std::swap(c.weight[0], c.weight[1]);
        std::swap(c.squared[0], c.squared[1]);
      }
      c.a = place[c.a];
      c.b = the_ground;
      c.weight[1] = c.weight[2] = c.squared[1] = c.squared[2] = 0;
      if (c.total() > 0) out.push_back(c);
    }
  }
  return out;
}

std::vector<double> by_rows(const Eigen::MatrixXd& m) {
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(m.size()));
  for (Eigen::Index i = 0; i < m.rows(); ++i)
    for (Eigen::Index j = 0; j < m.cols(); ++j) out.push_back(m(i, j));
  return out;
}

void add_parameters(pairwise_fit& fit, const pairwise_settings& settings,
                    const pairwise_solution& s, double zero, double width) {
  const bool davidson = settings.method == method::davidson;
  const auto add = [&](const char* name, auto of, double phi, double variance) {
    model_parameter p{name, of(phi), {}, {}};
    if (variance > 0) {
      p.lower = of(phi - width * std::sqrt(variance));
      p.upper = of(phi + width * std::sqrt(variance));
    }
    fit.parameters.push_back(std::move(p));
  };
  const auto exponential = [](double phi) { return std::exp(phi); };
  const auto itself = [](double phi) { return phi; };
  const auto factor = [](double phi) { return std::exp(phi) + least_tie_factor; };
  const double variance = s.fit_ties ? s.phi_variance : 0;
  if (davidson) add("nu", exponential, s.phi, variance);
  if (settings.method == method::rao_kupper) {
    add(
        "eta", [](double phi) { return std::max(0.0, phi); }, s.phi, variance);
  }
  if (settings.method == method::grounded_rao_kupper) {
    if (s.fit_ties) add("eta", itself, s.phi, variance);
    add("theta_prime", factor, s.phi, variance);
    if (fit.ground_level)
      add(
          "ground_score", [&](double level) { return zero - points_per_unit * level; },
          *fit.ground_level, 0);
  }
}

void fill(pairwise_fit& fit, const pairwise_solution& s, const roster& systems,
          const pairwise_settings& settings, bool grounded) {
  const double level = s.theta.mean();
  if (grounded) fit.ground_level = level;
  if (s.fit_ties) fit.tie_parameter = s.phi;
  for (Eigen::Index i = 0; i < s.theta.size(); ++i) fit.theta.push_back(s.theta[i] - level);
  // The model's own error is that of so many votes; weights say so only up to a factor.
  double weight = 0;
  double squared = 0;
  for (const pair_cell& c : fit.cells) {
    weight += c.total();
    for (const double w : c.squared) squared += w;
  }
  const double per_vote = weight > 0 ? squared / weight : 1;
  std::vector<theta_error> errors;
  for (Eigen::Index i = 0; i < s.theta.size(); ++i)
    errors.push_back(
        {std::sqrt(s.robust_variances[i]), std::sqrt(s.model_variances[i] * per_vote)});
  fit.width = static_cast<std::size_t>(s.response.cols());
  fit.response = by_rows(s.response);
  fit.other_response = by_rows(s.others);
  const double zero =
      zero_of_scores(settings.anchor, settings.mean, systems, fit.rated, fit.theta, fit.anchored);
  fit.zero = zero;
  const double normal = normal_quantile_two_sided(settings.confidence);
  const double width =
      settings.simultaneous ? simultaneous_quantile(settings.confidence, fit.rated.size()) : normal;
  set_ratings(fit.ratings, fit.rated, fit.theta, errors,
              {zero, width, settings.small_sample_error});
  add_parameters(fit, settings, s, zero, normal);
}

}  // namespace

void require_valid(const pairwise_settings& s) {
  if (input_of(s.method) != method_input::tally)
    throw std::invalid_argument("pairwise: the method " + std::string(to_text(s.method)) +
                                " is not fitted to tallies");
  if (!takes_policy(s.method, effective_policy(s)))
    throw std::invalid_argument(
        "pairwise: " + std::string(to_text(s.method)) +
        " cannot be fitted with both_bad = " + std::string(to_text(effective_policy(s))));
  // Written so that NaN fails.
  const bool anchor_ok = !s.anchor || std::fabs(s.anchor->score) <= largest_pairwise_offset;
  if (!(s.confidence > 0 && s.confidence < 1) || !(std::fabs(s.mean) <= largest_pairwise_offset) ||
      !(s.small_sample_error >= 0 && s.small_sample_error <= largest_pairwise_offset) || !anchor_ok)
    throw std::invalid_argument(
        "pairwise: confidence must be in (0, 1), mean and anchor within ±1e6, "
        "small_sample_error in [0, 1e6]");
  const bootstrap_settings& b = s.bootstrap;
  if (b.rounds < 0 || b.rounds > 100'000 || b.seed > std::uint64_t{1} << 53 ||
      (b.rounds > 0 && s.simultaneous))
    throw std::invalid_argument(
        "pairwise: bootstrap rounds must be in 0 … 100,000, its seed at most 2^53, and its "
        "bounds are marginal");
}

pairwise_fit fit_pairwise_cells(const std::vector<pair_cell>& cells, const roster& systems,
                                const pairwise_settings& settings) {
  const bool with_ground = settings.method == method::grounded_rao_kupper;
  rated_set set = find_rated(systems.size(), cells, with_ground);
  pairwise_fit fit;
  fit.ratings.resize(systems.size());
  for (std::size_t i = 0; i < set.status.size(); ++i) fit.ratings[i].status = set.status[i];
  if (set.rated.empty()) return fit;
  const auto refuse = [&](rating_status why) {
    fit.cells.clear();
    for (const system_index i : set.rated) fit.ratings[i].status = why;
    return fit;
  };

  fit.cells = cells_inside(cells, set);
  const std::vector<pair_cell>& inside = fit.cells;
  pairwise_problem problem{pair_model_of(settings.method, set.grounded), set.rated.size(), inside,
                           false};
  double ties = 0;
  for (const pair_cell& c : inside) {
    ties += c.weight[2];
    fit.votes += c.total();
  }
  problem.fit_ties = ties > 0 && problem.model != pair_model::bradley_terry;
  if (problem.fit_ties && !ties_are_bounded(problem.systems, inside))
    return refuse(rating_status::separated);

  const pairwise_solution s = solve_pairwise(problem);
  if (!(s.certificate.score_error * points_per_unit <= accepted_pairwise_error))
    return refuse(rating_status::not_converged);
  fit.certificate = s.certificate;
  fit.certificate.score_error *= points_per_unit;
  fit.log_likelihood = s.log_likelihood;
  fit.rated = std::move(set.rated);
  fill(fit, s, systems, settings, set.grounded);
  return fit;
}

both_bad_policy effective_policy(const pairwise_settings& settings) {
  if (settings.both_bad) return *settings.both_bad;
  return settings.method == method::grounded_rao_kupper ? both_bad_policy::model
                                                        : both_bad_policy::drop;
}

pairwise_fit fit_pairwise(const tally& votes, const pairwise_settings& settings) {
  require_valid(settings);
  return fit_pairwise_cells(cells_of(votes, effective_policy(settings)), votes.systems(), settings);
}

pairwise_fit fit_pairwise(const weighted_tally& votes, const pairwise_settings& settings) {
  require_valid(settings);
  return fit_pairwise_cells(cells_of(votes, effective_policy(settings)), votes.systems(), settings);
}

std::array<double, outcome_count> predicted(const pairwise_fit& fit,
                                            const pairwise_settings& settings, std::size_t i,
                                            std::size_t j) {
  const pair_model model = model_of(fit, settings);
  const double level = fit.ground_level.value_or(0);
  const double phi = fit.tie_parameter.value_or(phi_without_ties(model));
  const pair_terms t = terms_of(model, fit.theta.at(i) + level, fit.theta.at(j) + level, phi);
  const bool ties =
      fit.tie_parameter || model == pair_model::grounded || model == pair_model::groundless;
  return {std::exp(t.log_p[0]), std::exp(t.log_p[1]),
          ties && model != pair_model::bradley_terry ? std::exp(t.log_p[2]) : 0,
          model == pair_model::grounded ? std::exp(t.log_p[3]) : 0};
}

}  // namespace agon::ratings

#include "ratings/pair_terms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace agon::ratings {
namespace {

constexpr std::size_t a_wins = static_cast<std::size_t>(outcome::a);
constexpr std::size_t b_wins = static_cast<std::size_t>(outcome::b);
constexpr std::size_t tied = static_cast<std::size_t>(outcome::tie);
constexpr std::size_t both_failed = static_cast<std::size_t>(outcome::both_bad);

// ln σ(x), σ(x) and σ(−x), each to full relative accuracy.
struct logistic {
  double log;
  double up;
  double down;

  explicit logistic(double x) {
    const double e = std::exp(-std::fabs(x));
    const double large = 1 / (1 + e);
    const double small = e / (1 + e);
    log = std::min(x, 0.0) - std::log1p(e);
    up = x > 0 ? large : small;
    down = x > 0 ? small : large;
  }
};

// Writes the derivatives of an outcome that depends on z = θ_a − θ_b and φ.
void set(pair_terms& out, std::size_t k, double log_p, std::array<double, 2> by_z_and_phi,
         std::array<double, 3> zz_zphi_phiphi) {
  const auto [z, phi] = by_z_and_phi;
  const auto [zz, zphi, phiphi] = zz_zphi_phiphi;
  out.log_p[k] = log_p;
  out.gradient[k] = {z, -z, phi};
  out.information[k] = {zz, -zz, zz, zphi, -zphi, phiphi};
}

pair_terms bradley_terry_terms(double z) {
  pair_terms out;
  const logistic l(z);
  const double w = l.up * l.down;
  const double log_loss = l.log - z;
  set(out, a_wins, l.log, {l.down, 0}, {w, 0, 0});
  set(out, b_wins, log_loss, {-l.up, 0}, {w, 0, 0});
  set(out, tied, (l.log + log_loss) / 2, {(l.down - l.up) / 2, 0}, {w, 0, 0});
  return out;
}

pair_terms davidson_terms(double z, double log_nu) {
  pair_terms out;
  const double top = std::max(std::fabs(z) / 2, log_nu);
  const double ea = std::exp(z / 2 - top);
  const double eb = std::exp(-z / 2 - top);
  const double et = std::exp(log_nu - top);
  const double sum = ea + eb + et;
  const double a = ea / sum;
  const double b = eb / sum;
  const double t = et / sum;
  const double log_sum = top + std::log(sum);
  // Moments of the statistic (±½ or 0, [tie]).
  const std::array<double, 3> covariance{a * b + t * (a + b) / 4, -(a - b) * t / 2, t * (a + b)};
  set(out, a_wins, z / 2 - log_sum, {b + t / 2, -t}, covariance);
  set(out, b_wins, -z / 2 - log_sum, {-(a + t / 2), -t}, covariance);
  if (t > 0) set(out, tied, log_nu - log_sum, {(b - a) / 2, a + b}, covariance);
  return out;
}

pair_terms rao_kupper_terms(double z, double eta) {
  pair_terms out;
  const logistic u(z - eta);
  const logistic v(-z - eta);
  const double wu = u.up * u.down;
  const double wv = v.up * v.down;
  set(out, a_wins, u.log, {u.down, -u.down}, {wu, -wu, wu});
  set(out, b_wins, v.log, {-v.down, -v.down}, {wv, wv, wv});
  if (eta <= 0) return out;
  // P(tie) = (e^{2η} − 1) σ(z−η) σ(−z−η).
  const double gap = -std::expm1(-2 * eta);
  const double curve = 4 * std::exp(-2 * eta) / (gap * gap);
  set(out, tied, 2 * eta + std::log(gap) + u.log + v.log,
      {u.down - v.down, 2 / gap - u.down - v.down}, {wu + wv, wv - wu, wu + wv + curve});
  return out;
}

// ln Σ e^x of terms whose exponents are small multiples of θ_a, θ_b, η and a constant.
struct summand {
  double exponent;
  std::array<double, 3> slope;
};

struct log_sum {
  double value = 0;
  std::array<double, 3> gradient{};
  std::array<double, 6> curvature{};  // as pair_terms::information, of the sum itself

  explicit log_sum(std::span<const summand> terms) {
    double top = -std::numeric_limits<double>::infinity();
    for (const summand& s : terms) top = std::max(top, s.exponent);
    double sum = 0;
    for (const summand& s : terms) {
      const double e = std::exp(s.exponent - top);
      sum += e;
      const auto [a, b, phi] = s.slope;
      for (std::size_t i = 0; i < 3; ++i) gradient[i] += e * s.slope[i];
      const std::array<double, 6> square{a * a, a * b, b * b, a * phi, b * phi, phi * phi};
      for (std::size_t i = 0; i < 6; ++i) curvature[i] += e * square[i];
    }
    for (double& g : gradient) g /= sum;
    for (double& c : curvature) c /= sum;
    const auto [a, b, phi] = gradient;
    const std::array<double, 6> square{a * a, a * b, b * b, a * phi, b * phi, phi * phi};
    for (std::size_t i = 0; i < 6; ++i) curvature[i] -= square[i];
    value = top + std::log(sum);
  }
};

void add(pair_terms& out, std::size_t k, double sign, const log_sum& l) {
  out.log_p[k] += sign * l.value;
  for (std::size_t i = 0; i < 3; ++i) out.gradient[k][i] += sign * l.gradient[i];
  for (std::size_t i = 0; i < 6; ++i) out.information[k][i] -= sign * l.curvature[i];
}

// `one` is the exponent of the ground's strength: 0, or −∞ without a ground.
pair_terms grounded_terms(double ta, double tb, double eta, double one) {
  static const double log_c = std::log(least_tie_factor);
  static const double log_c1 = std::log(least_tie_factor + 1);
  static const double log_rest = std::log(least_tie_factor - 1);
  const summand ground{one, {0, 0, 0}};
  const summand a{ta, {1, 0, 0}};
  const summand b{tb, {0, 1, 0}};
  const summand eta_a{eta + ta, {1, 0, 1}};
  const summand eta_b{eta + tb, {0, 1, 1}};
  const log_sum all(std::array{a, b, ground});
  const log_sum a_side(std::array{a, eta_b, summand{log_c + tb, b.slope}, ground});
  const log_sum b_side(std::array{b, eta_a, summand{log_c + ta, a.slope}, ground});
  pair_terms out;
  add(out, a_wins, 1, log_sum(std::span(&a, 1)));
  add(out, a_wins, -1, a_side);
  add(out, b_wins, 1, log_sum(std::span(&b, 1)));
  add(out, b_wins, -1, b_side);
  if (one == 0) add(out, both_failed, -1, all);
  // P(tie) = (t − 1) π_a π_b (D_a + D_b) / ((1 + π_a + π_b) D_a D_b), D the sides above.
  const log_sum both_sides(std::array{eta_a, summand{log_c1 + ta, a.slope}, eta_b,
                                      summand{log_c1 + tb, b.slope},
                                      summand{one + std::log(2.0), {0, 0, 0}}});
  add(out, tied, 1, log_sum(std::array{summand{eta, {0, 0, 1}}, summand{log_rest, {0, 0, 0}}}));
  add(out, tied, 1, log_sum(std::span(&a, 1)));
  add(out, tied, 1, log_sum(std::span(&b, 1)));
  add(out, tied, 1, both_sides);
  add(out, tied, -1, all);
  add(out, tied, -1, a_side);
  add(out, tied, -1, b_side);
  return out;
}

pair_terms ground_only_terms(double ta) {
  const pair_terms alone = bradley_terry_terms(ta);
  pair_terms out;
  const auto of_a = [&](std::size_t to, std::size_t from) {
    out.log_p[to] = alone.log_p[from];
    out.gradient[to] = {alone.gradient[from][0], 0, 0};
    out.information[to] = {alone.information[from][0], 0, 0, 0, 0, 0};
  };
  of_a(a_wins, a_wins);
  of_a(both_failed, b_wins);
  return out;
}

}  // namespace

pair_terms terms_of(pair_model model, double theta_a, double theta_b, double phi) {
  const double z = theta_a - theta_b;
  switch (model) {
    case pair_model::bradley_terry:
      return bradley_terry_terms(z);
    case pair_model::davidson:
      return davidson_terms(z, phi);
    case pair_model::rao_kupper:
      return rao_kupper_terms(z, phi);
    case pair_model::grounded:
      return grounded_terms(theta_a, theta_b, phi, 0);
    case pair_model::groundless:
      // Of no effect on the result, but keeps the exponents near 0.
      return grounded_terms(z / 2, -z / 2, phi, -std::numeric_limits<double>::infinity());
    case pair_model::ground_only:
      return ground_only_terms(theta_a);
  }
  return {};
}

}  // namespace agon::ratings

#include "ratings/board_parts.hpp"

#include <algorithm>
#include <cmath>

#include "ratings/intervals.hpp"

namespace agon::ratings {
namespace {

// The least power of ten that is not below the bound, at least 1e-6.
double power_of_ten_above(double bound) {
  int exponent = -6;
  while (std::pow(10.0, exponent) < bound) ++exponent;
  return std::pow(10.0, exponent);
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

double six_digits(double v) {
  if (v == 0 || !std::isfinite(v)) return 0;
  const double unit = std::pow(10.0, 5 - std::floor(std::log10(std::fabs(v))));
  return std::round(v * unit) / unit + 0.0;
}

}  // namespace

double rounded_score(double v) {
  static const double unit = std::pow(10.0, score_decimals);
  return std::round(v * unit) / unit + 0.0;  // no negative zero
}

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

void sort_entries(std::vector<board_entry>& entries) {
  const auto before = [](const board_entry& x, const board_entry& y) {
    if (x.score.has_value() != y.score.has_value()) return x.score.has_value();
    if (x.rank_upper != y.rank_upper) return x.rank_upper < y.rank_upper;
    if (x.score != y.score) return x.score > y.score;
    return x.system < y.system;
  };
  std::sort(entries.begin(), entries.end(), before);
}

void set_scores(board& out, const rated_systems& fit) {
  out.anchored = fit.anchored;
  for (std::size_t i = 0; i < out.entries.size(); ++i) {
    const bradley_terry_rating& r = fit.ratings[i];
    board_entry& e = out.entries[i];
    e.status = r.status;
    if (r.status != rating_status::rated) continue;
    e.score = rounded_score(r.score);
    e.lower = rounded_score(r.lower);
    e.upper = rounded_score(r.upper);
  }
  if (fit.any_rated)
    out.certificate = {power_of_ten_above(fit.certificate.gradient_norm),
                       power_of_ten_above(fit.certificate.score_error)};
  set_ranks(out.entries);
  sort_entries(out.entries);
}

void set_parameters(board& out, const std::vector<model_parameter>& parameters) {
  for (model_parameter p : parameters) {
    p.value = six_digits(p.value);
    if (p.lower) p.lower = six_digits(*p.lower);
    if (p.upper) p.upper = six_digits(*p.upper);
    out.parameters.push_back(std::move(p));
  }
}

}  // namespace agon::ratings

#include "ratings/agreement/krippendorff.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>

#include "ratings/agreement/bootstrap.hpp"

namespace agon::ratings::agreement {
namespace {

using counts_by_item = std::span<const std::uint32_t>;

double square(double x) {
  return x * x;
}

std::optional<data_error> wrong_distances(const std::vector<double>& d, std::size_t k) {
  if (d.size() != k * k)
    return data_error{"custom distance: expected " + std::to_string(k * k) + " numbers"};
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double x = d[i * k + j];
      if (!(std::isfinite(x) && x >= 0) || x != d[j * k + i] || (i == j && x != 0))
        return data_error{
            "custom distance: must be finite, symmetric, not negative, zero on the diagonal"};
    }
  }
  return std::nullopt;
}

std::optional<data_error> wrong_scale(const answer_table& answers, const scale& s) {
  if (answers.repeated())
    return data_error{"participant " + std::to_string(answers.repeated()->participant) +
                      " answered item " + std::to_string(answers.repeated()->item) + " twice"};
  if (s.kind == level::custom) return wrong_distances(s.squared_distances, answers.categories());
  if (s.kind == level::nominal || s.values.empty()) return std::nullopt;
  if (s.values.size() != answers.categories())
    return data_error{"scale: one value for each category"};
  for (const double v : s.values)
    if (!std::isfinite(v) || std::fabs(v) > 1e100 || (s.kind == level::ratio && v < 0))
      return data_error{"scale: value out of range"};
  return std::nullopt;
}

// α of weighted items. Reads the table and the scale that it was made from.
class alpha_computer {
 public:
  alpha_computer(const answer_table& answers, const scale& s) : answers_(answers), scale_(s) {
    values_ = s.values;
    if (values_.empty()) {
      values_.resize(answers.categories());
      std::iota(values_.begin(), values_.end(), 0.0);
    }
    by_value_.resize(answers.categories());
    std::iota(by_value_.begin(), by_value_.end(), std::size_t{0});
    std::stable_sort(by_value_.begin(), by_value_.end(),
                     [&](std::size_t i, std::size_t j) { return values_[i] < values_[j]; });
  }

  coefficient operator()(counts_by_item counts) const {
    coefficient out;
    const std::vector<double> margin = margins(counts, out);
    const double n = std::accumulate(margin.begin(), margin.end(), 0.0);
    if (out.items == 0) return finished(out);
    const std::vector<double> place = scale_.kind == level::ordinal ? mid_ranks(margin) : values_;
    for (std::size_t i = 0; i < answers_.items(); ++i)
      if (counts[i] > 0) out.observed += counts[i] * disagreement(answers_.item(i), place);
    out.observed /= n;
    out.expected = expected(margin, place, n) / (n * (n - 1));
    return finished(out);
  }

 private:
  // How often each category was answered on items that have a pair.
  std::vector<double> margins(counts_by_item counts, coefficient& out) const {
    std::vector<double> margin(answers_.categories(), 0.0);
    for (std::size_t i = 0; i < answers_.items(); ++i) {
      const auto cells = answers_.item(i);
      if (cells.size() < 2 || counts[i] == 0) continue;
      out.items += counts[i];
      out.answers += counts[i] * cells.size();
      for (const auto& c : cells) margin[c.category] += counts[i];
    }
    return margin;
  }

  std::vector<double> mid_ranks(const std::vector<double>& margin) const {
    std::vector<double> out(margin.size());
    double below = 0;
    for (std::size_t first = 0; first < by_value_.size();) {
      std::size_t last = first;
      double here = 0;
      for (; last < by_value_.size() && values_[by_value_[last]] == values_[by_value_[first]];
           ++last)
        here += margin[by_value_[last]];
      for (; first < last; ++first) out[by_value_[first]] = below + here / 2;
      below += here;
    }
    return out;
  }

  double squared_distance(std::size_t c, std::size_t k, const std::vector<double>& place) const {
    switch (scale_.kind) {
      case level::nominal:
        return c == k ? 0 : 1;
      case level::custom:
        return scale_.squared_distances[c * answers_.categories() + k];
      case level::ratio: {
        const double sum = place[c] + place[k];
        return sum > 0 ? square((place[c] - place[k]) / sum) : 0;
      }
      default:
        return square(place[c] - place[k]);
    }
  }

  double disagreement(std::span<const answer_table::cell> cells,
                      const std::vector<double>& place) const {
    double sum = 0;
    for (std::size_t x = 1; x < cells.size(); ++x)
      for (std::size_t y = 0; y < x; ++y)
        sum += squared_distance(cells[x].category, cells[y].category, place);
    return cells.size() < 2 ? 0 : 2 * sum / static_cast<double>(cells.size() - 1);
  }

  static bool all_in_one_place(const std::vector<double>& margin,
                               const std::vector<double>& place) {
    std::optional<double> seen;
    for (std::size_t c = 0; c < margin.size(); ++c) {
      if (margin[c] <= 0) continue;
      if (seen && *seen != place[c]) return false;
      seen = place[c];
    }
    return true;
  }

  // Σ n_c n_k δ²(c, k).
  double expected(const std::vector<double>& margin, const std::vector<double>& place,
                  double n) const {
    double sum = 0;
    if (scale_.kind == level::nominal) {
      for (const double m : margin) sum += m * (n - m);
    } else if (scale_.kind == level::interval || scale_.kind == level::ordinal) {
      // A mean that was rounded must not make variation out of nothing.
      if (all_in_one_place(margin, place)) return 0;
      double mean = 0;
      for (std::size_t c = 0; c < margin.size(); ++c) mean += margin[c] / n * place[c];
      // Centred first, so that nothing cancels: Σ n_c n_k (x−y)² = 2 n Σ n_c (x − mean)².
      for (std::size_t c = 0; c < margin.size(); ++c)
        if (margin[c] > 0) sum += 2 * n * margin[c] * square(place[c] - mean);
    } else {
      for (std::size_t c = 1; c < margin.size(); ++c)
        for (std::size_t k = 0; margin[c] > 0 && k < c; ++k)
          if (margin[k] > 0) sum += 2 * margin[c] * margin[k] * squared_distance(c, k, place);
    }
    return sum;
  }

  const answer_table& answers_;
  const scale& scale_;
  std::vector<double> values_;
  std::vector<std::size_t> by_value_;
};

}  // namespace

checked<coefficient> krippendorff_alpha(const answer_table& answers, const scale& measure) {
  if (auto wrong = wrong_scale(answers, measure)) return *std::move(wrong);
  const std::vector<std::uint32_t> once(answers.items(), 1);
  return alpha_computer(answers, measure)(once);
}

checked<interval_estimate> krippendorff_alpha_interval(const answer_table& answers,
                                                       const scale& measure,
                                                       const bootstrap_settings& settings) {
  if (auto wrong = wrong_scale(answers, measure)) return *std::move(wrong);
  return bootstrap_items(answers.items(), alpha_computer(answers, measure), settings);
}

}  // namespace agon::ratings::agreement

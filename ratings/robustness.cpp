#include "ratings/robustness.hpp"

#include <algorithm>
#include <cmath>

#include "ratings/pair_index.hpp"
#include "ratings/pairwise_cells.hpp"
#include "ratings/parallel.hpp"
#include "ratings/resampled_fit.hpp"

namespace agon::ratings {
namespace {

// Each stage removes what the fit of the votes that are left says.
constexpr int most_stages = 60;
// … but never more than this part of all that holds the upper system up: influences change
// as votes go.
constexpr double most_of_support = 0.25;

class margin_finder {
 public:
  margin_finder(const tally& votes, const pairwise_fit& fit, const pairwise_settings& settings)
      : fit_(fit),
        settings_(settings),
        systems_(votes.systems()),
        all_(cells_of(votes, effective_policy(settings))) {
    for (const pair_cell& c : all_) place_.add(c.a, c.b);
  }

  [[nodiscard]] swap_margin find(system_index above, system_index below, bool confirm) const {
    swap_margin out;
    out.above = above;
    out.below = below;
    if (!confirm) {
      take(fit_, 1, out);
    } else {
      std::vector<pair_cell> rest = all_;
      pairwise_fit fit = fit_;
      for (int stage = 0; stage < most_stages && !out.confirmed; ++stage) {
        const std::size_t before = out.removed.size();
        if (!take(fit, most_of_support, out)) break;
        for (std::size_t k = before; k < out.removed.size(); ++k) remove(out.removed[k], rest);
        fit = fit_pairwise_cells(without_empty(rest), systems_, settings_);
        out.confirmed = exchanged(fit, out);
      }
      if (!out.confirmed) out.removed.clear();
    }
    merge_equal(out);
    for (const removed_votes& v : out.removed) out.votes += v.count;
    out.share = fit_.votes > 0 ? static_cast<double>(out.votes) / fit_.votes : 0;
    return out;
  }

 private:
  // Appends the fewest votes whose influences sum to the gap, or to the given part of all
  // support if that is less. False if there is no support, or not enough for the gap and
  // all of it may be taken.
  bool take(const pairwise_fit& fit, double part, swap_margin& out) const {
    const auto place_in = [&](system_index s) {
      return static_cast<std::size_t>(std::lower_bound(fit.rated.begin(), fit.rated.end(), s) -
                                      fit.rated.begin());
    };
    const std::size_t i = place_in(out.above);
    const std::size_t j = place_in(out.below);
    const double gap = fit.theta[i] - fit.theta[j];
    const resampled_fit near(fit, settings_);
    const auto supporters = support(fit, near, i, j);
    double sum = 0;
    for (const support_of& s : supporters) sum += s.influence * near.entries()[s.entry].weight;
    if (supporters.empty() || (part >= 1 && sum <= gap)) return false;
    double left = std::min(gap, part * sum);
    for (const support_of& s : supporters) {
      const auto& entry = near.entries()[s.entry];
      const pair_cell& c = fit.cells[entry.cell];
      const double n = std::min(entry.weight, std::floor(left / s.influence) + 1);
      out.removed.push_back({fit.rated[c.a], fit.rated[c.b], static_cast<outcome>(entry.slot),
                             static_cast<std::uint64_t>(n)});
      left -= n * s.influence;
      if (left < 0) break;
    }
    return true;
  }

  struct support_of {
    double influence;
    std::size_t entry;
  };

  // What holds i above j, the strongest votes first.
  [[nodiscard]] static std::vector<support_of> support(const pairwise_fit& fit,
                                                       const resampled_fit& near, std::size_t i,
                                                       std::size_t j) {
    std::vector<double> r(fit.width);
    for (std::size_t k = 0; k < r.size(); ++k)
      r[k] = fit.response[i * fit.width + k] - fit.response[j * fit.width + k];
    const double by_phi = fit.width > fit.rated.size() ? r.back() : 0;
    std::vector<support_of> out;
    for (std::size_t e = 0; e < near.entries().size(); ++e) {
      const auto& entry = near.entries()[e];
      const pair_cell& c = fit.cells[entry.cell];
      if (c.b == the_ground) continue;  // its other system is not known any more
      const double influence =
          r[c.a] * entry.gradient[0] + r[c.b] * entry.gradient[1] + by_phi * entry.gradient[2];
      if (influence > 0) out.push_back({influence, e});
    }
    std::sort(out.begin(), out.end(), [](const support_of& x, const support_of& y) {
      return x.influence != y.influence ? x.influence > y.influence : x.entry < y.entry;
    });
    return out;
  }

  void remove(const removed_votes& v, std::vector<pair_cell>& from) const {
    pair_cell& c = from[*place_.find(v.a, v.b)];
    const auto slot = static_cast<std::size_t>(v.result);
    c.weight[slot] -= static_cast<double>(v.count);
    c.squared[slot] = c.weight[slot];
  }

  static std::vector<pair_cell> without_empty(std::vector<pair_cell> cells) {
    std::erase_if(cells, [](const pair_cell& c) { return !(c.total() > 0); });
    return cells;
  }

  static bool exchanged(const pairwise_fit& fit, const swap_margin& m) {
    const auto& above = fit.ratings[m.above];
    const auto& below = fit.ratings[m.below];
    return above.status != rating_status::rated || below.status != rating_status::rated ||
           above.score < below.score;
  }

  // Several stages may have taken from one cell.
  static void merge_equal(swap_margin& m) {
    std::vector<removed_votes> out;
    for (const removed_votes& v : m.removed) {
      const auto same = std::find_if(out.begin(), out.end(), [&](const removed_votes& o) {
        return o.a == v.a && o.b == v.b && o.result == v.result;
      });
      if (same == out.end())
        out.push_back(v);
      else
        same->count += v.count;
    }
    m.removed = std::move(out);
  }

  const pairwise_fit& fit_;
  const pairwise_settings& settings_;
  const roster& systems_;
  std::vector<pair_cell> all_;
  pair_index place_;
};

}  // namespace

std::vector<swap_margin> robustness(const tally& votes, const pairwise_fit& fit,
                                    const pairwise_settings& settings, bool confirm,
                                    unsigned threads) {
  require_valid(settings);
  std::vector<std::uint32_t> order(fit.rated.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t x, std::uint32_t y) {
    return fit.theta[x] != fit.theta[y] ? fit.theta[x] > fit.theta[y] : x < y;
  });
  if (order.size() < 2) return {};
  const margin_finder finder(votes, fit, settings);
  std::vector<swap_margin> out(order.size() - 1);
  in_parallel(out.size(), threads, [&](std::size_t k) {
    out[k] = finder.find(fit.rated[order[k]], fit.rated[order[k + 1]], confirm);
  });
  return out;
}

}  // namespace agon::ratings

#include "ratings/bootstrap.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>

#include "ratings/binomial.hpp"
#include "ratings/pair_index.hpp"
#include "ratings/pairwise_cells.hpp"
#include "ratings/parallel.hpp"
#include "ratings/resampled_fit.hpp"

namespace agon::ratings {
namespace {

constexpr std::uint32_t no_entry = ~std::uint32_t{0};

// Runs the rounds; draw(random, weights) fills the weights of one resample.
template <typename Draw>
bootstrap_result run_rounds(const resampled_fit& near, std::size_t systems,
                            const bootstrap_settings& settings, unsigned threads, Draw draw) {
  bootstrap_result out;
  out.rounds = static_cast<std::size_t>(settings.rounds);
  out.systems = systems;
  out.theta.resize(out.rounds * systems);
  std::atomic<std::size_t> failed{0};
  in_parallel(out.rounds, threads, [&](std::size_t round) {
    seeded_random random(settings.seed, round);
    std::vector<double> weights(near.entries().size());
    draw(random, weights);
    const std::span theta(out.theta.data() + round * systems, systems);
    if (!settings.converge)
      near.step(weights, theta);
    else if (!near.converge(weights, theta))
      ++failed;
  });
  out.not_converged = failed;
  return out;
}

// The multinomial as a chain of binomials: each outcome's share of what is left.
void draw_counts(const resampled_fit& near, std::uint64_t votes, seeded_random& random,
                 std::vector<double>& weights) {
  std::uint64_t left = votes;
  auto rest = static_cast<double>(votes);
  const auto& entries = near.entries();
  for (std::size_t e = 0; e < entries.size(); ++e) {
    const bool last = e + 1 == entries.size();
    const std::uint64_t n = last ? left : binomial(random, left, entries[e].weight / rest);
    weights[e] = static_cast<double>(n);
    left -= n;
    rest -= entries[e].weight;
  }
}

// Where the votes of a log are among the entries of the fit.
class entry_finder {
 public:
  entry_finder(const vote_log& votes, const pairwise_fit& fit, const pairwise_settings& settings,
               const resampled_fit& near)
      : position_(votes.systems().size(), no_entry), policy_(effective_policy(settings)) {
    for (std::uint32_t i = 0; i < fit.rated.size(); ++i) position_.at(fit.rated[i]) = i;
    entry_.resize(outcome_count * fit.cells.size(), no_entry);
    for (std::uint32_t c = 0; c < fit.cells.size(); ++c)
      if (cells_.add(fit.cells[c].a, fit.cells[c].b) == cell_of_.size()) cell_of_.push_back(c);
    for (std::uint32_t e = 0; e < near.entries().size(); ++e)
      entry_[outcome_count * near.entries()[e].cell + near.entries()[e].slot] = e;
  }

  // no_entry for votes that the fit does not count.
  [[nodiscard]] std::uint32_t operator()(system_index first, system_index second, outcome o) const {
    std::uint32_t a = position_[first];
    std::uint32_t b = position_[second];
    if (a > b) {
      std::swap(a, b);
      o = mirrored(o);
    }
    if (a == no_entry) return no_entry;
    auto slot = static_cast<std::size_t>(o);
    if (o == outcome::both_bad) {
      if (policy_ == both_bad_policy::drop) return no_entry;
      if (policy_ == both_bad_policy::tie) slot = static_cast<std::size_t>(outcome::tie);
    }
    // An unrated system has the number of the ground, which then stands for it.
    const auto cell = cells_.find(a, b);
    return cell ? entry_[outcome_count * cell_of_[*cell] + slot] : no_entry;
  }

 private:
  static_assert(no_entry == the_ground);
  std::vector<std::uint32_t> position_;
  both_bad_policy policy_;
  pair_index cells_;
  std::vector<std::uint32_t> cell_of_;  // by number in cells_
  std::vector<std::uint32_t> entry_;
};

// Votes grouped by what is drawn together.
struct units {
  std::vector<std::size_t> start;    // one more than units
  std::vector<std::uint32_t> entry;  // by unit
  std::vector<float> weight;         // empty: all 1
};

units units_of(const vote_log& votes, std::span<const float> weights, const entry_finder& find,
               resampling_unit unit) {
  const auto participants = votes.participant_column();
  const bool by_participant = unit == resampling_unit::participant && !participants.empty();
  // Participants first, then one unit for each vote that has none.
  std::vector<std::uint32_t> unit_of(votes.size());
  std::size_t count = by_participant ? votes.participants() : 0;
  for (std::size_t i = 0; i < votes.size(); ++i)
    if (by_participant && participants[i] != no_participant)
      count = std::max<std::size_t>(count, participants[i] + std::size_t{1});
  for (std::size_t i = 0; i < votes.size(); ++i)
    unit_of[i] = by_participant && participants[i] != no_participant
                     ? participants[i]
                     : static_cast<std::uint32_t>(count++);
  units out;
  out.start.resize(count + 1);
  for (const std::uint32_t u : unit_of) ++out.start[u + std::size_t{1}];
  for (std::size_t u = 0; u < count; ++u) out.start[u + 1] += out.start[u];
  std::vector<std::size_t> next(out.start.begin(), out.start.end() - 1);
  out.entry.resize(votes.size());
  out.weight.resize(weights.empty() ? 0 : votes.size());
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const std::size_t to = next[unit_of[i]]++;
    out.entry[to] = find(votes.first(i), votes.second(i), votes.result(i));
    if (!weights.empty()) out.weight[to] = weights[i];
  }
  return out;
}

void draw_units(const units& all, seeded_random& random, std::vector<double>& weights) {
  const std::size_t count = all.start.size() - 1;
  std::vector<std::uint32_t> times(count);
  for (std::size_t i = 0; i < count; ++i)
    ++times[static_cast<std::size_t>(random.unit() * static_cast<double>(count))];
  for (std::size_t u = 0; u < count; ++u) {
    if (times[u] == 0) continue;
    for (std::size_t i = all.start[u]; i < all.start[u + 1]; ++i) {
      if (all.entry[i] == no_entry) continue;
      weights[all.entry[i]] +=
          times[u] * (all.weight.empty() ? 1.0 : static_cast<double>(all.weight[i]));
    }
  }
}

double quantile_of(std::vector<double>& sorted, double at) {
  const double place = at * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<bootstrap_result::bounds> bootstrap_result::percentiles(double confidence) const {
  std::vector<bounds> out(systems);
  if (rounds == 0) return out;
  std::vector<double> column(rounds);
  for (std::size_t i = 0; i < systems; ++i) {
    for (std::size_t r = 0; r < rounds; ++r) column[r] = theta[r * systems + i];
    std::sort(column.begin(), column.end());
    out[i] = {quantile_of(column, (1 - confidence) / 2), quantile_of(column, (1 + confidence) / 2)};
  }
  return out;
}

bootstrap_result bootstrap(const pairwise_fit& fit, const pairwise_settings& settings,
                           unsigned threads) {
  require_valid(settings);
  double votes = 0;
  for (const pair_cell& c : fit.cells) {
    if (c.weight != c.squared)
      throw std::invalid_argument("bootstrap: weighted votes are resampled from their log");
    votes += c.total();
  }
  const resampled_fit near(fit, settings);
  return run_rounds(near, fit.rated.size(), settings.bootstrap, threads,
                    [&](seeded_random& random, std::vector<double>& weights) {
                      draw_counts(near, static_cast<std::uint64_t>(votes), random, weights);
                    });
}

bootstrap_result bootstrap(const vote_log& votes, std::span<const float> weights,
                           const pairwise_fit& fit, const pairwise_settings& settings,
                           unsigned threads) {
  require_valid(settings);
  if (!weights.empty() && weights.size() != votes.size())
    throw std::invalid_argument("bootstrap: as many weights as votes, or none");
  if (weights.empty() && settings.bootstrap.unit == resampling_unit::battle)
    return bootstrap(fit, settings, threads);
  const resampled_fit near(fit, settings);
  const units all =
      units_of(votes, weights, entry_finder(votes, fit, settings, near), settings.bootstrap.unit);
  return run_rounds(
      near, fit.rated.size(), settings.bootstrap, threads,
      [&](seeded_random& random, std::vector<double>& drawn) { draw_units(all, random, drawn); });
}

}  // namespace agon::ratings

#include "ratings/connectivity.hpp"

#include <algorithm>
#include <numeric>

namespace agon::ratings {
namespace {

constexpr std::uint32_t none = ~std::uint32_t{0};

// Who was beaten (or tied with) by whom, as one array of losers cut by winner.
struct win_graph {
  std::vector<std::size_t> start;
  std::vector<std::uint32_t> losers;

  win_graph(std::size_t systems, std::span<const comparison> votes) : start(systems + 1) {
    const auto for_each_arc = [&](auto visit) {
      for (const comparison& c : votes) {
        if (c.wins > 0 || c.ties > 0) visit(c.a, c.b);
        if (c.losses > 0 || c.ties > 0) visit(c.b, c.a);
      }
    };
    for_each_arc([&](std::uint32_t from, std::uint32_t) { ++start[from + 1]; });
    std::partial_sum(start.begin(), start.end(), start.begin());
    losers.resize(start.back());
    auto next = start;
    for_each_arc([&](std::uint32_t from, std::uint32_t to) { losers[next[from]++] = to; });
  }
};

// Tarjan's algorithm with its own stack. Returns the component of each system.
class component_finder {
 public:
  explicit component_finder(const win_graph& graph)
      : graph_(graph),
        order_(graph.start.size() - 1, none),
        low_(order_.size(), none),
        component_(order_.size(), none),
        next_(graph.start.begin(), graph.start.end() - 1) {}

  std::vector<std::uint32_t> run() {
    for (std::uint32_t root = 0; root < order_.size(); ++root) {
      if (order_[root] != none) continue;
      enter(root);
      while (!path_.empty()) step();
    }
    return std::move(component_);
  }

 private:
  void enter(std::uint32_t v) {
    order_[v] = low_[v] = counter_++;
    path_.push_back(v);
    open_.push_back(v);
  }

  void step() {
    const std::uint32_t v = path_.back();
    if (next_[v] < graph_.start[v + 1]) {
      const std::uint32_t w = graph_.losers[next_[v]++];
      if (order_[w] == none)
        enter(w);
      else if (component_[w] == none)
        low_[v] = std::min(low_[v], order_[w]);
      return;
    }
    path_.pop_back();
    if (!path_.empty()) low_[path_.back()] = std::min(low_[path_.back()], low_[v]);
    if (low_[v] == order_[v]) close(v);
  }

  void close(std::uint32_t v) {
    std::uint32_t w = none;
    do {
      w = open_.back();
      open_.pop_back();
      component_[w] = components_;
    } while (w != v);
    ++components_;
  }

  const win_graph& graph_;
  std::vector<std::uint32_t> order_, low_, component_;
  std::vector<std::size_t> next_;
  std::vector<std::uint32_t> path_, open_;
  std::uint32_t counter_ = 0;
  std::uint32_t components_ = 0;
};

// The component to rate, or none if all have one system only.
std::uint32_t largest(const std::vector<std::uint32_t>& component,
                      std::span<const comparison> votes) {
  struct extent {
    std::size_t systems = 0;
    double votes = 0;
  };
  std::vector<extent> extents(component.size());
  for (const std::uint32_t c : component) ++extents[c].systems;
  for (const comparison& c : votes)
    if (component[c.a] == component[c.b])
      extents[component[c.a]].votes += c.wins + c.losses + c.ties;
  std::uint32_t best = none;
  for (const std::uint32_t c : component) {  // ascending by lowest index
    if (extents[c].systems < 2) continue;
    if (best == none || extents[c].systems > extents[best].systems ||
        (extents[c].systems == extents[best].systems && extents[c].votes > extents[best].votes))
      best = c;
  }
  return best;
}

// Marks what chains of votes, whoever won, join to the given systems.
std::vector<bool> joined_to(const std::vector<std::uint32_t>& seeds, std::size_t systems,
                            std::span<const comparison> votes) {
  std::vector<std::uint32_t> parent(systems);
  std::iota(parent.begin(), parent.end(), 0U);
  const auto root = [&](std::uint32_t v) {
    while (parent[v] != v) v = parent[v] = parent[parent[v]];
    return v;
  };
  for (const comparison& c : votes) parent[root(c.a)] = root(c.b);
  std::vector<bool> joined(systems);
  if (seeds.empty()) return joined;
  const std::uint32_t home = root(seeds.front());
  for (std::uint32_t v = 0; v < systems; ++v) joined[v] = root(v) == home;
  return joined;
}

}  // namespace

connectivity find_comparable(std::size_t systems, std::span<const comparison> votes) {
  connectivity out;
  out.status.resize(systems, rating_status::no_votes);
  const auto component = component_finder(win_graph(systems, votes)).run();
  const std::uint32_t best = largest(component, votes);
  for (std::uint32_t v = 0; v < systems; ++v)
    if (best != none && component[v] == best) out.rated.push_back(v);

  std::vector<bool> won(systems), lost(systems);
  for (const comparison& c : votes) {
    if (c.wins > 0 || c.ties > 0) won[c.a] = lost[c.b] = true;
    if (c.losses > 0 || c.ties > 0) won[c.b] = lost[c.a] = true;
  }
  const auto joined = joined_to(out.rated, systems, votes);
  for (std::uint32_t v = 0; v < systems; ++v) {
    if (!won[v] && !lost[v]) continue;
    if (best != none && component[v] == best)
      out.status[v] = rating_status::rated;
    else if (!lost[v])
      out.status[v] = rating_status::only_wins;
    else if (!won[v])
      out.status[v] = rating_status::only_losses;
    else
      out.status[v] =
          best == none || joined[v] ? rating_status::separated : rating_status::disconnected;
  }
  return out;
}

}  // namespace agon::ratings

#include "services/boards/board_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "privacy/crypto/canonical_json.hpp"
#include "ratings/robustness.hpp"
#include "ratings/segment_difference.hpp"
#include "services/boards/csv.hpp"
#include "services/core/json_reader.hpp"

namespace agon::boards {
namespace {

using json = nlohmann::json;

constexpr std::size_t largest_analysed = 16UL << 20;
// Above this the margins are not checked by refits, which take a time in the fourth power.
constexpr std::size_t most_confirmed = 60;

double to_decimals(double v, double unit) {
  return std::round(v * unit) / unit + 0.0;  // no negative zero
}
double points(double v) {
  return to_decimals(v, 1e3);
}
double share(double v) {
  return to_decimals(v, 1e6);
}

json analysis_head(const view_of& of, const stored_board& board) {
  json out = {{"arena", of.arena.slug}, {"method", of.method}, {"version", board.version}};
  if (!of.segment.empty()) out["segment"] = of.segment;
  return out;
}

json body_of(const stored_board& board) {
  return crypto::parse_json(board.body, {.bytes = largest_analysed}).value();
}

std::optional<double> optional_number(const json& entry, const char* key) {
  if (entry.at(key).is_null()) return std::nullopt;
  return entry.at(key).get<double>();
}

// One pair, a before b on the board.
struct pair_view {
  std::size_t a = 0, b = 0;
  ratings::tally::cell counts{};  // seen from a
  std::optional<double> predicted;

  [[nodiscard]] std::uint64_t votes() const {
    return counts[0] + counts[1] + counts[2] + counts[3];
  }
  [[nodiscard]] std::optional<double> observed() const {
    const std::uint64_t decided = counts[0] + counts[1] + counts[2];
    if (decided == 0) return std::nullopt;
    return (static_cast<double>(counts[0]) + static_cast<double>(counts[2]) / 2) /
           static_cast<double>(decided);
  }
};

// Expected score of one rated system against another, a tie being half.
class predictor {
 public:
  predictor(const analysed_board& a, const json& body, const ratings::tally& votes) {
    const json& entries = body.at("entries");
    if (a.planned.method == ratings::method::elo ||
        a.planned.method == ratings::method::contextual) {
      for (const json& e : entries) scores_.push_back(optional_number(e, "score"));
      return;
    }
    settings_ = ratings::pairwise_settings_of(a.planned);
    if (a.planned.from_rows()) {
      take_from(body);
      return;
    }
    fit_ = ratings::fit_pairwise(votes, settings_);
    for (const json& e : entries) {
      const auto index = votes.systems().find(e.at("system").get<std::string>());
      const auto place = std::find(fit_.rated.begin(), fit_.rated.end(),
                                   index.value_or(~ratings::system_index{0}));
      places_.push_back(place == fit_.rated.end()
                            ? std::optional<std::size_t>()
                            : static_cast<std::size_t>(place - fit_.rated.begin()));
    }
  }

  // By positions on the board; nothing unless both are rated.
  [[nodiscard]] std::optional<double> operator()(std::size_t a, std::size_t b) const {
    if (places_.empty()) {
      if (!scores_[a] || !scores_[b]) return std::nullopt;
      return 1 / (1 + std::pow(10.0, (*scores_[b] - *scores_[a]) / 400));
    }
    if (!places_[a] || !places_[b]) return std::nullopt;
    const auto p = ratings::predicted(fit_, settings_, *places_[a], *places_[b]);
    return (p[0] + p[2] / 2) / (p[0] + p[1] + p[2]);
  }

 private:
  // The fit of weighted votes, from what the board says of it: its weights are not at hand.
  void take_from(const json& body) {
    const double points = 400 / std::log(10.0);
    for (const json& e : body.at("entries")) {
      const auto score = optional_number(e, "score");
      places_.push_back(score ? std::optional(fit_.theta.size()) : std::nullopt);
      if (score) fit_.theta.push_back(*score / points);
    }
    for (const json& p : body.value("parameters", json::array())) {
      const double value = p.at("value").get<double>();
      if (p.at("name") == "nu") fit_.tie_parameter = std::log(value);
      if (p.at("name") == "eta") fit_.tie_parameter = value;
      if (p.at("name") == "ground_score") fit_.ground_level = -value / points;
    }
  }

  ratings::pairwise_settings settings_;
  ratings::pairwise_fit fit_;
  std::vector<std::optional<std::size_t>> places_;
  std::vector<std::optional<double>> scores_;
};

struct pairs_view {
  std::vector<std::string> systems;
  std::vector<pair_view> pairs;
};

pairs_view pairs_of(const analysed_board& a) {
  const json body = body_of(*a.counted.board);
  const json& entries = body.at("entries");
  const ratings::tally votes = to_tally(a.counted.tallies, a.counted.systems);
  const predictor predict(a, body, votes);
  pairs_view out;
  std::vector<std::optional<ratings::system_index>> index;
  for (const json& e : entries) {
    out.systems.push_back(e.at("system").get<std::string>());
    index.push_back(votes.systems().find(out.systems.back()));
  }
  for (std::size_t x = 0; x < out.systems.size(); ++x)
    for (std::size_t y = x + 1; y < out.systems.size(); ++y) {
      pair_view p{x, y, {}, predict(x, y)};
      if (index[x] && index[y]) {
        p.counts = votes.pair(std::min(*index[x], *index[y]), std::max(*index[x], *index[y]));
        if (*index[x] > *index[y]) std::swap(p.counts[0], p.counts[1]);
      }
      if (p.votes() > 0 || p.predicted) out.pairs.push_back(p);
    }
  return out;
}

// Between two boards as they are, against the mean of the systems that both rate. The boards
// share votes, so the interval, which takes them to be independent, is rather too wide.
std::vector<ratings::score_difference> differences_of_boards(const analysed_board& a) {
  std::vector<ratings::score_difference> out;
  if (!a.counted.base) return out;
  const json body = body_of(*a.counted.board);
  const json base = body_of(*a.counted.base);
  const auto half = [](const json& e) {
    const auto lower = optional_number(e, "lower");
    const auto upper = optional_number(e, "upper");
    return lower && upper ? (*upper - *lower) / 2 : 0.0;
  };
  std::unordered_map<std::string, const json*> before;
  for (const json& e : base.at("entries"))
    if (!e.at("score").is_null()) before[e.at("system").get<std::string>()] = &e;
  double sum = 0;
  for (const json& e : body.at("entries")) {
    const auto known = before.find(e.at("system").get<std::string>());
    if (e.at("score").is_null() || known == before.end()) continue;
    const auto system = std::find_if(a.counted.systems.begin(), a.counted.systems.end(),
                                     [&](const auto& s) { return s.second == known->first; });
    if (system == a.counted.systems.end()) continue;
    ratings::score_difference d;
    d.system = static_cast<ratings::system_index>(system - a.counted.systems.begin());
    d.difference = e.at("score").get<double>() - known->second->at("score").get<double>();
    d.upper = std::hypot(half(e), half(*known->second));
    sum += d.difference;
    out.push_back(d);
  }
  for (ratings::score_difference& d : out) {
    d.difference -= sum / static_cast<double>(out.size());
    d.lower = d.difference - d.upper;
    d.upper += d.difference;
  }
  return out;
}

std::vector<ratings::score_difference> differences_of_tallies(const analysed_board& a) {
  const ratings::tally inside = to_tally(a.counted.tallies, a.counted.systems);
  const ratings::tally all = to_tally(a.counted.overall, a.counted.systems);
  const auto settings = ratings::pairwise_settings_of(a.planned);
  std::vector<ratings::score_difference> out;
  if (a.of.segment == ratings::unfiltered_segment) {
    // Here the votes of the public board are among those of the segment.
    out = ratings::segment_difference(all, inside, true, settings);
    for (ratings::score_difference& d : out) {
      d.difference = -d.difference;
      d.lower = -std::exchange(d.upper, -d.lower);
    }
  } else {
    const bool nested = ratings::dimension_of(a.of.segment) != "criterion";
    out = ratings::segment_difference(inside, all, nested, settings);
  }
  return out;
}

std::vector<ratings::score_difference> differences_of(const analysed_board& a) {
  auto out = a.planned.from_rows() ? differences_of_boards(a) : differences_of_tallies(a);
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& x, const auto& y) { return x.difference > y.difference; });
  return out;
}

// A rated system whose speed is known.
struct plane_point {
  json entry;
  system_speed speed;
  std::vector<std::string> front;
};

// Marks by `name` the points that no other is better and faster than.
template <class Measure>
void mark_front(std::vector<plane_point>& by_score, const char* name, Measure measure) {
  std::optional<double> fastest;
  for (plane_point& p : by_score) {
    const std::optional<double> value = measure(p.speed);
    if (!value || (fastest && *value >= *fastest)) continue;
    fastest = value;
    p.front.emplace_back(name);
  }
}

std::vector<plane_point> plane_of(const stored_board& board,
                                  const std::vector<system_speed>& speeds) {
  std::vector<plane_point> out;
  const json body = body_of(board);
  for (const json& e : body.at("entries")) {
    if (e.at("score").is_null()) continue;
    const auto speed = std::find_if(speeds.begin(), speeds.end(), [&](const system_speed& s) {
      return s.system == e.at("system").get_ref<const std::string&>();
    });
    if (speed != speeds.end()) out.push_back({e, *speed, {}});
  }
  std::stable_sort(out.begin(), out.end(), [](const plane_point& x, const plane_point& y) {
    return x.entry.at("score").get<double>() > y.entry.at("score").get<double>();
  });
  mark_front(out, "generation_seconds",
             [](const system_speed& s) { return std::optional(s.seconds_median); });
  mark_front(out, "real_time_factor", [](const system_speed& s) { return s.real_time_factor; });
  return out;
}

}  // namespace

std::string pairs_json(const analysed_board& a) {
  const pairs_view view = pairs_of(a);
  json out = analysis_head(a.of, *a.counted.board);
  out["computed_at"] = to_rfc3339(a.counted.board->computed_at);
  out["votes"] = a.counted.board->votes;
  out["systems"] = view.systems;
  out["pairs"] = json::array();
  for (const pair_view& p : view.pairs) {
    json pair = {{"a", p.a},
                 {"b", p.b},
                 {"votes", p.votes()},
                 {"wins_a", p.counts[0]},
                 {"wins_b", p.counts[1]},
                 {"ties", p.counts[2]},
                 {"both_bad", p.counts[3]}};
    if (const auto observed = p.observed()) pair["observed"] = share(*observed);
    if (p.predicted) pair["predicted"] = share(*p.predicted);
    out["pairs"].push_back(std::move(pair));
  }
  return print_json(out);
}

std::string pairs_csv(const analysed_board& a) {
  const pairs_view view = pairs_of(a);
  csv_text out("system_a,system_b,votes,wins_a,wins_b,ties,both_bad,observed,predicted");
  for (const pair_view& p : view.pairs) {
    out.field(view.systems[p.a]).field(view.systems[p.b]);
    out.field(static_cast<std::int64_t>(p.votes()));
    for (const std::uint64_t n : p.counts) out.field(static_cast<std::int64_t>(n));
    const auto observed = p.observed();
    out.field(observed ? std::optional(share(*observed)) : std::nullopt);
    out.field(p.predicted ? std::optional(share(*p.predicted)) : std::nullopt).end();
  }
  return std::move(out).finish();
}

std::string difference_json(const analysed_board& a) {
  std::unordered_map<std::string, std::int64_t> votes;
  const json body = body_of(*a.counted.board);
  for (const json& e : body.at("entries"))
    votes[e.at("system").get<std::string>()] = e.at("votes").get<std::int64_t>();
  json out = analysis_head(a.of, *a.counted.board);
  out["votes"] = a.counted.board->votes;
  out["entries"] = json::array();
  for (const ratings::score_difference& d : differences_of(a)) {
    const std::string& system = a.counted.systems.at(d.system).second;
    out["entries"].push_back({{"system", system},
                              {"name", a.of.arena.name_of(system)},
                              {"difference", points(d.difference)},
                              {"lower", points(d.lower)},
                              {"upper", points(d.upper)},
                              {"votes", votes[system]}});
  }
  return print_json(out);
}

std::string difference_csv(const analysed_board& a) {
  csv_text out("system,name,difference,lower,upper");
  for (const ratings::score_difference& d : differences_of(a)) {
    const std::string& system = a.counted.systems.at(d.system).second;
    out.field(system).field(a.of.arena.name_of(system)).field(std::optional(points(d.difference)));
    out.field(std::optional(points(d.lower))).field(std::optional(points(d.upper))).end();
  }
  return std::move(out).finish();
}

std::string robustness_json(const analysed_board& a) {
  json out = analysis_head(a.of, *a.counted.board);
  out["votes"] = a.counted.board->votes;
  out["margins"] = json::array();
  out["unrated"] = json::array();
  const json body = body_of(*a.counted.board);
  for (const json& e : body.at("entries")) {
    if (e.at("status") == "rated") continue;
    const std::string system = e.at("system").get<std::string>();
    out["unrated"].push_back({{"system", system},
                              {"name", a.of.arena.name_of(system)},
                              {"status", e.at("status")},
                              {"votes", e.at("votes")}});
  }
  // By counts alone: what weights and style would make of it is not known here.
  if (a.planned.method == ratings::method::elo || a.planned.from_rows()) return print_json(out);
  const ratings::tally votes = to_tally(a.counted.tallies, a.counted.systems);
  const auto settings = ratings::pairwise_settings_of(a.planned);
  const ratings::pairwise_fit fit = ratings::fit_pairwise(votes, settings);
  const bool confirm = fit.rated.size() <= most_confirmed;
  for (const ratings::swap_margin& m : ratings::robustness(votes, fit, settings, confirm, 1)) {
    json margin = {{"above", votes.systems().name(m.above)},
                   {"below", votes.systems().name(m.below)},
                   {"confirmed", m.confirmed}};
    if (m.votes > 0) {
      margin["votes"] = m.votes;
      margin["share"] = share(m.share);
    }
    out["margins"].push_back(std::move(margin));
  }
  return print_json(out);
}

std::string plane_json(const view_of& of, const stored_board& board,
                       const std::vector<system_speed>& speeds) {
  json out = analysis_head(of, board);
  if (!speeds.empty()) out["measured_at"] = to_rfc3339(speeds.front().measured_at);
  out["entries"] = json::array();
  for (const plane_point& p : plane_of(board, speeds)) {
    json entry = {{"system", p.speed.system},
                  {"name", of.arena.name_of(p.speed.system)},
                  {"score", p.entry.at("score")},
                  {"outputs", p.speed.outputs},
                  {"failures", p.speed.failures},
                  {"generation_seconds", points(p.speed.seconds_median)},
                  {"generation_seconds_p90", points(p.speed.seconds_p90)},
                  {"front", p.front}};
    for (const char* key : {"lower", "upper"})
      if (!p.entry.at(key).is_null()) entry[key] = p.entry.at(key);
    if (p.speed.real_time_factor) entry["real_time_factor"] = share(*p.speed.real_time_factor);
    out["entries"].push_back(std::move(entry));
  }
  return print_json(out);
}

std::string plane_csv(const view_of& of, const stored_board& board,
                      const std::vector<system_speed>& speeds) {
  csv_text out(
      "system,name,score,lower,upper,outputs,failures,generation_seconds,generation_seconds_p90,"
      "real_time_factor,front");
  for (const plane_point& p : plane_of(board, speeds)) {
    out.field(p.speed.system).field(of.arena.name_of(p.speed.system));
    for (const char* key : {"score", "lower", "upper"}) out.field(optional_number(p.entry, key));
    out.field(p.speed.outputs).field(p.speed.failures);
    out.field(std::optional(points(p.speed.seconds_median)));
    out.field(std::optional(points(p.speed.seconds_p90)));
    out.field(p.speed.real_time_factor ? std::optional(share(*p.speed.real_time_factor))
                                       : std::nullopt);
    std::string front;
    for (const std::string& name : p.front) front += (front.empty() ? "" : " ") + name;
    out.field(front).end();
  }
  return std::move(out).finish();
}

}  // namespace agon::boards

#include "services/offline/rate_votes.hpp"

#include <cmath>

#include "ratings/ranking/ranking_board.hpp"

namespace agon::offline {
namespace {

ratings::pairwise_settings pairwise(const rate_settings& s) {
  ratings::pairwise_settings out;
  out.method = s.method;
  out.both_bad = s.both_bad;
  out.confidence = s.confidence;
  out.anchor = s.anchor;
  out.simultaneous = s.simultaneous;
  out.bootstrap = s.bootstrap;
  return out;
}

ratings::contextual_settings contextual(const rate_settings& s) {
  ratings::contextual_settings out;
  out.both_bad = s.both_bad.value_or(ratings::both_bad_policy::drop);
  out.confidence = s.confidence;
  out.anchor = s.anchor;
  out.side_bias = s.side_bias;
  out.simultaneous = s.simultaneous;
  return out;
}

ratings::ranking::plackett_luce_settings plackett_luce(const rate_settings& s) {
  ratings::ranking::plackett_luce_settings out;
  out.confidence = s.confidence;
  out.anchor = s.anchor;
  return out;
}

// Of `file_votes` or `segment_votes`.
template <typename Votes>
ratings::board rate(const Votes& v, const rate_settings& s) {
  using ratings::method;
  if (s.method == method::elo) return ratings::make_board(v.votes, v.elo.value());
  if (s.method == method::contextual) return ratings::make_board(v.log.value(), {}, contextual(s));
  if (s.method == method::plackett_luce)
    return ratings::ranking::make_plackett_luce_board(
        v.votes, s.both_bad.value_or(ratings::both_bad_policy::drop), plackett_luce(s));
  return ratings::make_board(v.votes, pairwise(s));
}

}  // namespace

std::optional<std::string> check(const rate_settings& s) {
  using ratings::both_bad_policy;
  if (s.method == ratings::method::elo && (s.anchor || s.simultaneous || s.bootstrap.rounds > 0))
    return "Elo has no intervals and no anchor: its scores start at 1000";
  const bool contextual = s.method == ratings::method::contextual;
  if (!contextual && (!s.features.empty() || !s.side_bias))
    return "--style, --feature and --no-side-bias are for --method contextual";
  if (s.bootstrap.rounds > 0 && (contextual || s.method == ratings::method::plackett_luce))
    return "this method has no bootstrap: its intervals are the sandwich's";
  if (s.simultaneous && s.method == ratings::method::plackett_luce)
    return "plackett-luce has no simultaneous intervals";
  const bool grounded = s.method == ratings::method::grounded_rao_kupper;
  if (s.both_bad && grounded != (*s.both_bad == both_bad_policy::model))
    return "--both-bad model is for grounded-rao-kupper, which knows no other";
  if (s.anchor && !(std::fabs(s.anchor->score) <= 1e6)) return "an anchor's score is within ±1e6";
  if (!(s.confidence > 0 && s.confidence < 1)) return "the confidence is between 0 and 1";
  if (s.bootstrap.rounds > 0 && s.simultaneous)
    return "a bootstrap's intervals hold each by itself: leave out --simultaneous";
  if (s.bootstrap.rounds < 0 || s.bootstrap.rounds > 100'000)
    return "a bootstrap has at most 100000 rounds";
  if (s.bootstrap.seed > std::uint64_t{1} << 53U) return "a seed is at most 2^53";
  if (!(s.k > 0 && s.k <= 1000)) return "K is above 0 and at most 1000";
  return std::nullopt;
}

read_settings needed_by(const rate_settings& settings) {
  read_settings out;
  if (settings.method == ratings::method::elo) {
    out.elo.emplace();
    out.elo->k = settings.k;
    out.elo->both_bad = settings.both_bad.value_or(ratings::both_bad_policy::drop);
  }
  out.log = settings.method == ratings::method::contextual;
  out.features = settings.features;
  return out;
}

files::checked<std::vector<named_board>> rate_votes(const file_votes& votes,
                                                    const rate_settings& settings) {
  if (votes.votes.systems().size() == 0) return files::file_error{"has no votes"};
  if (settings.anchor && !votes.votes.systems().find(settings.anchor->system))
    return files::file_error{"has no vote on the anchor " + files::shown(settings.anchor->system)};
  std::vector<named_board> out;
  out.push_back({"", rate(votes, settings)});
  for (const segment_votes& s : votes.segments) out.push_back({s.name, rate(s, settings)});
  return out;
}

files::checked<std::vector<named_board>> rate_rankings(const file_rankings& rankings,
                                                       const rate_settings& settings) {
  const auto& all = rankings.all;
  if (all.rankings().empty()) return files::file_error{"has no rankings"};
  if (settings.anchor && !all.systems().find(settings.anchor->system))
    return files::file_error{"has no ranking of the anchor " +
                             files::shown(settings.anchor->system)};
  std::vector<named_board> out;
  const auto add = [&](const std::string& name, const auto& tally) {
    out.push_back(
        {name, ratings::ranking::make_plackett_luce_board(tally, plackett_luce(settings))});
  };
  add("", all);
  for (const segment_rankings& s : rankings.segments) add(s.name, s.rankings);
  return out;
}

}  // namespace agon::offline

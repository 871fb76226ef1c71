#include "services/offline/rate_votes.hpp"

#include <cmath>

namespace agon::offline {
namespace {

bool on_tallies(ratings::method m) {
  return ratings::input_of(m) == ratings::method_input::tally;
}

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

ratings::board rate(const ratings::tally& votes, const std::optional<ratings::elo_state>& elo,
                    const rate_settings& settings) {
  if (settings.method == ratings::method::elo) return ratings::make_board(votes, elo.value());
  return ratings::make_board(votes, pairwise(settings));
}

}  // namespace

std::vector<std::string> rating_method_texts() {
  std::vector<std::string> out;
  for (const ratings::method m : ratings::all_methods())
    if (m == ratings::method::elo || on_tallies(m)) out.emplace_back(ratings::to_text(m));
  return out;
}

std::optional<std::string> check(const rate_settings& s) {
  using ratings::both_bad_policy;
  if (s.method == ratings::method::elo && (s.anchor || s.simultaneous || s.bootstrap.rounds > 0))
    return "Elo has no intervals and no anchor: its scores start at 1000";
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
  return out;
}

files::checked<std::vector<named_board>> rate_votes(const file_votes& votes,
                                                    const rate_settings& settings) {
  if (votes.votes.systems().size() == 0) return files::file_error{"has no votes"};
  if (settings.anchor && !votes.votes.systems().find(settings.anchor->system))
    return files::file_error{"has no vote on the anchor " + files::shown(settings.anchor->system)};
  std::vector<named_board> out;
  out.push_back({"", rate(votes.votes, votes.elo, settings)});
  for (const segment_votes& s : votes.segments)
    out.push_back({s.name, rate(s.votes, s.elo, settings)});
  return out;
}

}  // namespace agon::offline

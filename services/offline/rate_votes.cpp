#include "services/offline/rate_votes.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace agon::offline {
namespace {

constexpr std::array<std::pair<std::string_view, rating_method>, 2> methods{{
    {"elo", rating_method::elo},
    {"bradley-terry", rating_method::bradley_terry},
}};

ratings::board rate(const ratings::tally& votes, const std::optional<ratings::elo_state>& elo,
                    const rate_settings& settings) {
  if (settings.method == rating_method::elo) return ratings::make_elo_board(votes, elo.value());
  ratings::bradley_terry_settings s;
  s.both_bad = settings.both_bad;
  s.confidence = settings.confidence;
  s.anchor = settings.anchor;
  return ratings::make_bradley_terry_board(votes, s);
}

}  // namespace

std::optional<rating_method> rating_method_from_text(std::string_view text) {
  for (const auto& [name, method] : methods)
    if (name == text) return method;
  return std::nullopt;
}

std::vector<std::string> rating_method_texts() {
  std::vector<std::string> out;
  for (const auto& [name, method] : methods) out.emplace_back(name);
  return out;
}

std::optional<std::string> check(const rate_settings& s) {
  if (s.method == rating_method::elo && s.anchor)
    return "Elo has no anchor: its scores start at 1000";
  if (s.anchor && !(std::fabs(s.anchor->score) <= 1e6)) return "an anchor's score is within ±1e6";
  if (!(s.confidence > 0 && s.confidence < 1)) return "the confidence is between 0 and 1";
  if (!(s.k > 0 && s.k <= 1000)) return "K is above 0 and at most 1000";
  return std::nullopt;
}

read_settings needed_by(const rate_settings& settings) {
  read_settings out;
  if (settings.method == rating_method::elo) {
    out.elo.emplace();
    out.elo->k = settings.k;
    out.elo->both_bad = settings.both_bad;
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

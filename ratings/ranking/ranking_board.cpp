#include "ratings/ranking/ranking_board.hpp"

#include "ratings/board_parts.hpp"
#include "ratings/intervals.hpp"
#include "ratings/method.hpp"

namespace agon::ratings::ranking {
namespace {

// `sorted` and `counts` have the same systems, by name.
board ranking_board(const ranking_tally& sorted, const tally& counts,
                    const plackett_luce_settings& settings) {
  const plackett_luce_fit fit = fit_plackett_luce(sorted, settings);
  board out;
  out.method = board_name(method::plackett_luce);
  out.settings = settings;
  out.entries = entries_of(counts);
  set_scores(out, rated_systems_of(fit));
  const double z = normal_quantile_two_sided(settings.confidence);
  std::vector<model_parameter> ties;
  for (const tie_strength& t : fit.ties)
    ties.push_back({"log_delta_" + std::to_string(t.size), t.log_delta,
                    t.log_delta - z * t.standard_error, t.log_delta + z * t.standard_error});
  set_parameters(out, ties);
  return out;
}

}  // namespace

board make_plackett_luce_board(const ranking_tally& rankings,
                               const plackett_luce_settings& settings) {
  const ranking_tally sorted = rankings.sorted();
  board out = ranking_board(sorted, sorted.implied_pairs(), settings);
  for (const auto& [r, count] : sorted.rankings()) out.votes += count;
  out.inputs_sha256 = sorted.sha256();
  return out;
}

board make_plackett_luce_board(const tally& votes, both_bad_policy both_bad,
                               const plackett_luce_settings& settings) {
  const tally sorted = votes.sorted();
  board out = ranking_board(ranking_tally::of(sorted, both_bad), sorted, settings);
  out.votes = sorted.votes();
  out.inputs_sha256 = sorted.sha256();
  return out;
}

}  // namespace agon::ratings::ranking

#include "services/arena/arena_file_boards.hpp"

#include <algorithm>
#include <set>

namespace agon::arena {
namespace {

constexpr std::size_t most_boards = 8;
constexpr std::size_t most_dimensions = 8;
constexpr double largest_anchor = 1e6;

ratings::score_anchor read_anchor(yaml_reader in, const arena& a) {
  ratings::score_anchor out;
  out.system = in.text("system", 64);
  out.score = in.number_or("score", 1000, -largest_anchor, largest_anchor);
  const bool known = std::any_of(a.systems.begin(), a.systems.end(),
                                 [&](const auto& s) { return s.slug == out.system; });
  if (!out.system.empty() && !known) in.complain("system", "is not a system of this arena");
  in.end();
  return out;
}

ratings::planned_board read_board(yaml_reader& in, const arena& a) {
  ratings::planned_board b;
  const std::string method = in.text("method", 64);
  const auto known = ratings::method_from_text(method);
  if (known)
    b.method = *known;
  else if (!method.empty())
    in.complain("method",
                "must be one of bradley-terry, elo, davidson, rao-kupper, grounded-rao-kupper");
  if (const std::string policy = in.text_or("both_bad", "", 16); !policy.empty()) {
    b.both_bad = ratings::both_bad_policy_from_text(policy);
    if (!b.both_bad) in.complain("both_bad", "must be one of drop, tie, model");
  }
  if (in.has("anchor"))
    b.anchor = read_anchor(in.mapping("anchor", true), a);
  else
    in.text_or("anchor", "");
  b.simultaneous = in.boolean_or("simultaneous", false);
  b.segment_by = in.texts("segment_by", 0, most_dimensions, 64);
  if (known)
    if (const auto bad = ratings::complaint_about(b)) in.complain(bad->field, bad->reason);
  in.end();
  return b;
}

}  // namespace

ratings::board_plan read_boards(yaml_reader& in, const arena& a) {
  ratings::board_plan plan;
  std::set<ratings::method> methods;
  for (yaml_reader& entry : in.mappings("boards", 0, most_boards)) {
    plan.push_back(read_board(entry, a));
    if (!methods.insert(plan.back().method).second) entry.complain("method", "stands twice");
  }
  return plan.empty() ? ratings::default_plan() : plan;
}

}  // namespace agon::arena

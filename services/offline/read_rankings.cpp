#include "services/offline/read_rankings.hpp"

#include <algorithm>
#include <map>

#include "services/offline/read_votes.hpp"

namespace agon::offline {
namespace {

using ratings::ranking::ranking_tally;
using ranked_groups = std::vector<std::vector<std::string_view>>;

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Of both tallies the numbers are the registered ones, so that equal rankings are one.
const char* add_to(ranking_tally& out, const ranked_groups& groups) {
  ratings::ranking::ranking r;
  for (const auto& group : groups) {
    auto& numbers = r.groups.emplace_back();
    for (const std::string_view name : group) {
      if (!out.systems().find(name) && out.systems().size() >= ratings::roster::capacity)
        return "too many systems";
      numbers.push_back(out.add_system(name));
    }
  }
  return out.add(std::move(r)).has_error() ? "no ranking" : nullptr;
}

class ranking_sink final : public files::row_sink {
 public:
  ranking_sink(const ranking_columns& columns, bool skip_unjudged)
      : column_(columns.ranking), segmented_(!columns.segment.empty()), skip_(skip_unjudged) {}

  const char* take(std::span<const files::cell> cells, std::uint64_t) override {
    const files::cell& ranked = cells[0];
    const bool empty =
        without_spaces(ranked.text).empty() &&
        (ranked.kind == files::cell_kind::absent || ranked.kind == files::cell_kind::text);
    if (empty && skip_) {
      ++out_.unjudged;
      return nullptr;
    }
    const auto groups = ranked.kind == files::cell_kind::text ? parse_ranking(ranked.text)
                                                              : std::optional<ranked_groups>();
    if (!groups) {
      refusal_ = "no ranking in " + files::shown(column_) + ": " + files::shown(ranked.text) +
                 " (as in \"best > second = also second > last\")";
      return refusal_.c_str();
    }
    if (const char* bad = add_to(out_.all, *groups)) return bad;
    if (!segmented_) return nullptr;
    if (cells[1].kind == files::cell_kind::nested) return "its segment is an array or an object";
    if (cells[1].text.empty()) return nullptr;
    const auto [place, is_new] = segments_.try_emplace(std::string(cells[1].text));
    if (is_new && segments_.size() > most_segments)
      return "more than 1000 segments: is the column one of ids?";
    return add_to(place->second, *groups);
  }

  file_rankings finish() {
    for (auto& [name, rankings] : segments_) out_.segments.push_back({name, std::move(rankings)});
    return std::move(out_);
  }

 private:
  std::string column_;
  bool segmented_;
  bool skip_;
  std::string refusal_;
  file_rankings out_;
  std::map<std::string, ranking_tally> segments_;
};

}  // namespace

std::optional<std::vector<std::vector<std::string_view>>> parse_ranking(std::string_view text) {
  ranked_groups out(1);
  std::vector<std::string_view> names;
  while (true) {
    const std::size_t end = text.find_first_of(">=");
    const std::string_view name = without_spaces(text.substr(0, end));
    if (name.empty()) return std::nullopt;
    out.back().push_back(name);
    names.push_back(name);
    if (end == std::string_view::npos) break;
    if (text[end] == '>') out.emplace_back();
    text.remove_prefix(end + 1);
  }
  std::sort(names.begin(), names.end());
  const bool twice = std::adjacent_find(names.begin(), names.end()) != names.end();
  if (twice || names.size() < 2) return std::nullopt;
  return out;
}

files::checked<file_rankings> read_rankings(files::row_file& file, const ranking_columns& columns,
                                            bool skip_unjudged) {
  std::vector<std::string> wanted{columns.ranking};
  if (!columns.segment.empty()) wanted.push_back(columns.segment);
  if (!file.has(columns.ranking))
    return files::file_error{"has no column " + files::shown(columns.ranking)};
  ranking_sink sink(columns, skip_unjudged);
  if (const auto bad = file.for_each_row(wanted, sink)) return *bad;
  file_rankings out = sink.finish();
  if (!columns.segment.empty() && out.segments.empty() && !out.all.rankings().empty())
    return files::file_error{"has no column " + files::shown(columns.segment)};
  return out;
}

}  // namespace agon::offline

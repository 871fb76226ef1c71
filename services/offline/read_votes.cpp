#include "services/offline/read_votes.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <thread>

#include "services/files/in_order.hpp"
#include "services/offline/name_table.hpp"

namespace agon::offline {
namespace {

using files::cell;
using files::cell_kind;
using files::file_error;
using ratings::outcome;
using ratings::system_index;

constexpr std::uint32_t no_segment = 0xFFFFFFFF;

std::string too_many_systems() {
  return "more than " + std::to_string(ratings::roster::capacity) + " systems";
}

struct numbered_vote {
  std::uint32_t a;
  std::uint32_t b;
  std::uint32_t segment;
  outcome result;
};

struct new_name {
  std::string name;
  std::uint64_t line;
};

// In the numbers of the worker that read the block.
struct vote_block final : files::block_result {
  std::vector<numbered_vote> votes;
  std::vector<float> features;    // row by row
  std::vector<new_name> systems;  // first seen by that worker in this block
  std::vector<new_name> segments;
  std::uint64_t unjudged = 0;
  bool last = false;  // of Parquet
};

class vote_worker final : public files::block_worker, private files::row_sink {
 public:
  vote_worker(std::unique_ptr<files::row_parser> rows, bool segmented,
              const read_settings& settings)
      : rows_(std::move(rows)), segmented_(segmented), settings_(settings) {}

  std::unique_ptr<files::block_result> work(files::block& records,
                                            std::unique_ptr<files::block_result> spent) override {
    auto out = begin(std::move(spent));
    out->error = rows_->parse(records, *this);
    return out;
  }

  // The next rows of a file without blocks.
  std::unique_ptr<vote_block> work(files::parquet_rows& rows,
                                   std::unique_ptr<files::block_result> spent) {
    constexpr std::size_t at_a_time = 1U << 15U;
    auto out = begin(std::move(spent));
    const auto taken = rows.take(*this, at_a_time);
    if (taken.has_error()) out->error = taken.error();
    out->last = taken.has_error() || *taken < at_a_time;
    return out;
  }

 private:
  std::unique_ptr<vote_block> begin(std::unique_ptr<files::block_result> spent) {
    std::unique_ptr<vote_block> out(static_cast<vote_block*>(spent.release()));
    if (!out) out = std::make_unique<vote_block>();
    out->votes.clear();
    out->features.clear();
    out->systems.clear();
    out->segments.clear();
    out->unjudged = 0;
    out_ = out.get();
    return out;
  }

  const char* take(std::span<const cell> cells, std::uint64_t line) override {
    const cell& winner = cells[2];
    if (settings_.skip_unjudged && winner.text.empty() &&
        (winner.kind == cell_kind::absent || winner.kind == cell_kind::text)) {
      ++out_->unjudged;
      return nullptr;
    }
    if (const char* bad = check_name(cells[0], "first")) return bad;
    if (const char* bad = check_name(cells[1], "second")) return bad;
    if (cells[0].text == cells[1].text)
      return refuse("a system against itself: " + files::shown(cells[0].text));
    const auto result = winner.kind == cell_kind::text ? outcome_from_spelling(winner.text)
                                                       : std::optional<outcome>();
    if (!result) return refuse_outcome(winner);
    numbered_vote vote{number(systems_, cells[0].text, line, out_->systems),
                       number(systems_, cells[1].text, line, out_->systems), no_segment, *result};
    if (segmented_) {
      if (cells[3].kind == cell_kind::nested) return refuse("its segment is an array or an object");
      if (!cells[3].text.empty())
        vote.segment = number(segments_, cells[3].text, line, out_->segments);
    }
    if (const char* bad = take_features(cells.subspan(segmented_ ? 4 : 3))) return bad;
    out_->votes.push_back(vote);
    // The consumer refuses what is too much; until it does, it must not fill the memory.
    if (systems_.size() > ratings::roster::capacity) return refuse(too_many_systems());
    if (segments_.size() > most_segments)
      return "more than 1000 segments: is the column one of ids?";
    return nullptr;
  }

  const char* take_features(std::span<const cell> cells) {
    std::size_t at = 0;
    for (const feature_columns& f : settings_.features) {
      const auto first = number_in(cells[at++]);
      if (!first) return refuse("no number in " + files::shown(f.first));
      double value = *first;
      if (!f.second.empty()) {
        const auto second = number_in(cells[at++]);
        if (!second) return refuse("no number in " + files::shown(f.second));
        if (*first < 0 || *second < 0)
          return refuse("a negative number in " + files::shown(*first < 0 ? f.first : f.second));
        value = ratings::style_difference(*first, *second);
      }
      const auto kept = static_cast<float>(value);
      if (!std::isfinite(kept)) return refuse("too large a number in " + files::shown(f.first));
      out_->features.push_back(kept);
    }
    return nullptr;
  }

  static std::optional<double> number_in(const cell& c) {
    double out = 0;
    if (c.kind != cell_kind::text && c.kind != cell_kind::number) return std::nullopt;
    const char* const end = c.text.data() + c.text.size();
    const auto [stop, failed] = std::from_chars(c.text.data(), end, out);
    if (failed != std::errc() || stop != end || !std::isfinite(out)) return std::nullopt;
    return out;
  }

  const char* check_name(const cell& c, const char* which) {
    if (c.kind == cell_kind::text && !c.text.empty()) return nullptr;
    return refuse("no name of the " + std::string(which) + " system" +
                  (c.kind == cell_kind::text || c.kind == cell_kind::absent
                       ? ""
                       : ": a name is a text in quotes"));
  }

  const char* refuse_outcome(const cell& winner) {
    if (winner.text.empty()) return refuse("no outcome (--skip-unjudged leaves such rows out)");
    return refuse("unknown outcome " + files::shown(winner.text) + "; known are " +
                  std::string(outcome_spellings()));
  }

  const char* refuse(std::string reason) {
    refusal_ = std::move(reason);
    return refusal_.c_str();
  }

  static std::uint32_t number(name_table& names, std::string_view name, std::uint64_t line,
                              std::vector<new_name>& fresh) {
    const std::size_t known = names.size();
    const std::uint32_t out = names.number_of(name);
    if (names.size() != known) fresh.push_back({std::string(name), line});
    return out;
  }

  std::unique_ptr<files::row_parser> rows_;
  bool segmented_;
  const read_settings& settings_;
  name_table systems_;
  name_table segments_;
  vote_block* out_ = nullptr;
  std::string refusal_;
};

// Counts per segment and pair, sparse: few of a thousand segments hold most pairs.
class segment_counts {
 public:
  explicit segment_counts(const read_settings& settings)
      : elo_settings_(settings.elo), logged_(settings.log) {}

  static_assert(ratings::roster::capacity <= 1U << 16U);  // see the key

  void add(std::uint32_t segment, system_index a, system_index b, outcome o,
           std::span<const float> features, const file_votes& all) {
    const ratings::roster& systems = all.votes.systems();
    const bool swapped = a > b;
    const std::uint64_t key = (std::uint64_t{segment} << 32U) |
                              (std::uint64_t{std::min(a, b)} << 16U) |
                              std::uint64_t{std::max(a, b)};
    ++cells_[key][static_cast<std::size_t>(swapped ? ratings::mirrored(o) : o)];
    if (elo_settings_) {
      while (elo_.size() <= segment) elo_.emplace_back(*elo_settings_);
      elo_[segment].add(systems.name(a), systems.name(b), o);
    }
    if (logged_) {
      while (logs_.size() <= segment) logs_.emplace_back(all.log->features());
      ratings::vote_log& log = logs_[segment];
      log.add({.a = log.add_system(systems.name(a)),
               .b = log.add_system(systems.name(b)),
               .result = o,
               .features = features});
    }
  }

  std::vector<segment_votes> finish(const name_table& segments, const ratings::roster& systems) {
    std::map<std::string, segment_votes> by_name;
    for (const auto& [key, counts] : cells_) {
      const auto segment = static_cast<std::uint32_t>(key >> 32U);
      const std::string& name = segments.name(segment);
      segment_votes& s = by_name.try_emplace(name).first->second;
      if (s.name.empty()) {
        s.name = name;
        if (elo_settings_) s.elo = std::move(elo_[segment]);
        if (logged_) s.log = std::move(logs_[segment]);
      }
      const auto a =
          s.votes.add_system(systems.name(static_cast<system_index>(key >> 16U & 0xFFFFU)));
      const auto b = s.votes.add_system(systems.name(static_cast<system_index>(key & 0xFFFFU)));
      for (std::size_t o = 0; o < ratings::outcome_count; ++o)
        s.votes.add(a, b, static_cast<outcome>(o), counts[o]);
    }
    std::vector<segment_votes> out;
    for (auto& [name, votes] : by_name) out.push_back(std::move(votes));
    return out;
  }

 private:
  std::optional<ratings::elo_settings> elo_settings_;
  std::unordered_map<std::uint64_t, ratings::tally::cell> cells_;
  bool logged_;
  std::vector<ratings::elo_state> elo_;  // by segment
  std::vector<ratings::vote_log> logs_;  // likewise
};

// Brings the numbers of the workers together and counts.
class vote_counter {
 public:
  vote_counter(std::size_t workers, const read_settings& settings)
      : settings_(settings), counts_(settings), system_of_(workers), segment_of_(workers) {
    if (settings.elo) out_.elo.emplace(*settings.elo);
    if (settings.log) {
      std::vector<std::string> names;
      for (const feature_columns& f : settings.features) names.push_back(f.name);
      out_.log.emplace(std::move(names));
    }
  }

  std::optional<file_error> add(std::size_t worker, const vote_block& read) {
    auto& systems = system_of_[worker];
    for (const new_name& n : read.systems) {
      if (out_.votes.systems().size() == ratings::roster::capacity &&
          !out_.votes.systems().find(n.name))
        return file_error{too_many_systems(), n.line};
      systems.push_back(out_.votes.add_system(n.name));
      if (out_.elo) out_.elo->add_system(n.name);
      if (out_.log) out_.log->add_system(n.name);
    }
    auto& segments = segment_of_[worker];
    for (const new_name& n : read.segments) {
      segments.push_back(segments_.number_of(n.name));
      if (segments_.size() > most_segments)
        return file_error{"more than 1000 segments: is the column one of ids?", n.line};
    }
    std::span<const float> features(read.features);
    const std::size_t width = settings_.features.size();
    for (const numbered_vote& v : read.votes) {
      const system_index a = systems[v.a];
      const system_index b = systems[v.b];
      out_.votes.add(a, b, v.result);
      if (out_.elo) out_.elo->add(a, b, v.result);
      const auto row = features.first(width);
      features = features.subspan(width);
      if (out_.log) out_.log->add({.a = a, .b = b, .result = v.result, .features = row});
      if (v.segment != no_segment) counts_.add(segments[v.segment], a, b, v.result, row, out_);
    }
    out_.unjudged += read.unjudged;
    bytes_ += read.bytes;
    votes_ += read.votes.size();
    if (settings_.progress) settings_.progress(bytes_, votes_);
    return std::nullopt;
  }

  files::checked<file_votes> finish(const std::string& segment) {
    if (!segment.empty() && segments_.size() == 0 && votes_ > 0)
      return file_error{"has no vote with a segment in " + files::shown(segment)};
    out_.segments = counts_.finish(segments_, out_.votes.systems());
    return std::move(out_);
  }

 private:
  const read_settings& settings_;
  file_votes out_;
  name_table segments_;
  segment_counts counts_;
  std::vector<std::vector<system_index>> system_of_;  // by worker, then its number
  std::vector<std::vector<std::uint32_t>> segment_of_;
  std::uint64_t bytes_ = 0;
  std::uint64_t votes_ = 0;
};

files::checked<file_votes> read_parquet(files::row_file& file,
                                        const std::vector<std::string>& wanted,
                                        const std::string& segment, const read_settings& settings) {
  files::parquet_rows& rows = *file.parquet();
  if (const auto bad = rows.select(wanted)) return *bad;
  vote_worker worker(nullptr, !segment.empty(), settings);
  vote_counter counter(1, settings);
  for (std::unique_ptr<vote_block> read; !read || !read->last;) {
    read = worker.work(rows, std::move(read));
    if (const auto bad = counter.add(0, *read)) return *bad;
    if (read->error) return *read->error;
  }
  return counter.finish(segment);
}

}  // namespace

files::checked<file_votes> read_votes(files::row_file& file, const read_settings& settings) {
  const auto columns = find_columns(file, settings.columns);
  if (columns.has_error()) return columns.error();
  std::vector<std::string> wanted{columns->model_a, columns->model_b, columns->winner};
  const bool segmented = !columns->segment.empty();
  if (segmented) wanted.push_back(columns->segment);
  for (const feature_columns& f : settings.features) {
    wanted.push_back(f.first);
    if (!f.second.empty()) wanted.push_back(f.second);
  }

  if (file.parquet() != nullptr) return read_parquet(file, wanted, columns->segment, settings);
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::unique_ptr<files::block_worker>> workers;
  for (std::size_t i = 0; i < (settings.threads > 0 ? settings.threads : cores); ++i) {
    auto rows = file.parser(wanted);
    if (rows.has_error()) return rows.error();
    workers.push_back(std::make_unique<vote_worker>(std::move(*rows), segmented, settings));
  }
  vote_counter counter(workers.size(), settings);
  const auto bad =
      files::work_in_order(file, workers, [&](std::size_t worker, files::block_result& read) {
        return counter.add(worker, static_cast<const vote_block&>(read));
      });
  if (bad) return *bad;
  return counter.finish(columns->segment);
}

}  // namespace agon::offline

#include "services/boards/rating_job.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "privacy/crypto/canonical_json.hpp"
#include "privacy/crypto/encoding.hpp"
#include "privacy/crypto/hash.hpp"
#include "ratings/methods.hpp"
#include "ratings/request_segments.hpp"
#include "services/core/log.hpp"

namespace agon::boards {
namespace {

// Pairs of segments kept in memory between steps; those of all votes come on top.
constexpr std::size_t most_pairs_kept = 1'000'000;
// Of 2026-11-25.
constexpr std::size_t month_letters = 7;

const std::string& slug_of(const std::vector<std::pair<int, std::string>>& systems, int id) {
  for (const auto& [known, slug] : systems)
    if (known == id) return slug;
  throw std::runtime_error("a vote names a system that its arena does not have");
}

std::set<std::string> dimensions_of(const ratings::board_plan& plan) {
  std::set<std::string> out;
  for (const ratings::planned_board& b : plan) out.insert(b.segment_by.begin(), b.segment_by.end());
  return out;
}

ratings::elo_settings elo_of(const ratings::board_plan& plan) {
  for (const ratings::planned_board& b : plan)
    if (b.method == ratings::method::elo) return ratings::elo_settings_of(b);
  return {};
}

// What the tallies depend on beside the votes. The number in front: how votes are counted.
std::string counting_rules(const ratings::board_plan& plan, const std::string& quarantine) {
  std::string out = "1";
  for (const std::string& d : dimensions_of(plan)) out += " " + d;
  return out + " elo=" + std::string(ratings::to_text(elo_of(plan).both_bad)) +
         " quarantine=" + quarantine;
}

// What the boards depend on beside the tallies.
std::string publishing_rules(const rated_arena& arena) {
  std::string text(ratings::code_revision);
  text += "\n" + arena.plan;
  for (const auto& [id, slug] : arena.systems) text += "\n" + std::to_string(id) + " " + slug;
  return crypto::to_hex(crypto::bytes_of(crypto::sha256(text)));
}

// Of each field of the request that has boards: the segment of its value.
void add_request_segments(const std::string& request, const std::set<std::string>& dims,
                          std::vector<std::string>& out) {
  if (request.empty()) return;
  const auto parsed = crypto::parse_json(request);
  if (!parsed || !parsed->is_object()) return;
  for (const std::string& d : dims) {
    const auto field = ratings::request_field_of(d);
    if (!field) continue;
    const auto found = parsed->find(std::string(*field));
    if (found == parsed->end() || found->is_null() || found->is_structured()) continue;
    std::string value = found->is_string() ? found->get<std::string>() : found->dump();
    std::replace(value.begin(), value.end(), ' ', '-');
    if (auto name = ratings::segment_name(d, value)) out.push_back(std::move(*name));
  }
}

// `unfiltered`: there is a board beside for the votes of those in quarantine, too.
std::vector<std::string> segments_of(const counted_vote& v, const std::set<std::string>& dims,
                                     bool unfiltered) {
  std::vector<std::string> out;
  if (unfiltered && v.criterion.empty()) out.emplace_back(ratings::unfiltered_segment);
  if (v.quarantined) return out;
  const auto add = [&](const char* dimension, const std::string& value) {
    if (!dims.contains(dimension)) return;
    if (auto name = ratings::segment_name(dimension, value)) out.push_back(std::move(*name));
  };
  if (!v.criterion.empty()) {
    add("criterion", v.criterion);
    return out;
  }
  out.emplace_back();
  add("language", v.language);
  add("prompt", v.prompt_source);
  add("day", v.day);
  add("week", v.week);
  add("month", v.day.substr(0, month_letters));
  add_request_segments(v.request, dims, out);
  return out;
}

vote_columns columns_read(const std::set<std::string>& dims, const kept_columns& kept) {
  return {.criteria = dims.contains("criterion"),
          .context = !kept.features.empty(),
          .probability = kept.probabilities,
          .participant = kept.participants,
          .prompt = kept.prompts,
          .request = std::any_of(dims.begin(), dims.end(), [](const std::string& d) {
            return ratings::request_field_of(d).has_value();
          })};
}

bool has_board(const ratings::planned_board& b, const std::string& segment) {
  if (segment.empty()) return true;
  if (b.method == ratings::method::elo) return false;
  if (segment == ratings::unfiltered_segment) return true;
  const auto& by = b.segment_by;
  return std::find(by.begin(), by.end(), ratings::dimension_of(segment)) != by.end();
}

}  // namespace

rating_job::arena_state rating_job::load(const rated_arena& arena, bool rebuild) {
  arena_state state;
  state.plan = ratings::plan_from_json(arena.plan).value();
  state.counted_as = counting_rules(state.plan, arena.quarantine);
  state.published_as = publishing_rules(arena);
  state.systems = arena.systems;
  const rating_progress stored = store_.progress(arena.arena);
  state.stored_watermark = stored.watermark;
  state.afresh = rebuild || stored.watermark == 0 || stored.counted_as != state.counted_as;
  state.elo = ratings::elo_state(elo_of(state.plan));
  if (!state.afresh) {
    state.watermark = stored.watermark;
    state.votes = stored.votes;
    state.published_as = stored.published_as;
    state.elo = ratings::elo_state::load(stored.elo).value();
  }
  for (const auto& [id, slug] : arena.systems) state.elo.add_system(slug);
  return state;
}

pair_counts& rating_job::segment_of(arena_state& state, int arena, const std::string& segment) {
  const auto [it, is_new] = state.segments.try_emplace(segment);
  if (is_new && !state.afresh)
    for (const tally_row& row : store_.tallies(arena, segment)) it->second.add(row);
  return it->second;
}

void rating_job::keep_rows(arena_state& state, const rated_arena& arena) {
  const kept_columns wanted = columns_of(state.plan);
  if (state.rows.columns() == wanted) return;
  state.rows = kept_votes(wanted);
  if (!wanted.any || state.watermark == 0) return;
  const std::set<std::string> dims = dimensions_of(state.plan);
  const bool unfiltered = !arena.quarantine.empty();
  store_.read_votes(
      arena.arena, 0, state.watermark, columns_read(dims, wanted),
      [&](const counted_vote& v) { state.rows.add(v, segments_of(v, dims, unfiltered)); });
}

rating_job::changes rating_job::count(arena_state& state, const rated_arena& arena,
                                      std::uint64_t horizon, std::int64_t& counted) {
  changes added;
  if (horizon <= state.watermark) return added;
  const std::set<std::string> dims = dimensions_of(state.plan);
  const bool unfiltered = !arena.quarantine.empty();
  const auto count_one = [&](const counted_vote& v) {
    const std::vector<std::string> segments = segments_of(v, dims, unfiltered);
    for (const std::string& segment : segments)
      added[segment].add(v.system_a, v.system_b, v.winner);
    if (state.rows.columns().any) state.rows.add(v, segments);
    if (v.quarantined || !v.criterion.empty()) return;
    state.elo.add(slug_of(state.systems, v.system_a), slug_of(state.systems, v.system_b), v.winner);
    ++counted;
  };
  store_.read_votes(arena.arena, state.watermark, horizon, columns_read(dims, state.rows.columns()),
                    count_one);
  state.watermark = horizon;
  state.votes += counted;
  return added;
}

std::vector<stored_board> rating_job::boards_of(arena_state& state, int arena,
                                                const std::set<std::string>& segments) {
  std::vector<stored_board> out;
  for (const std::string& segment : segments) {
    const ratings::tally votes = to_tally(segment_of(state, arena, segment).rows(), state.systems);
    for (const ratings::planned_board& planned : state.plan) {
      if (!has_board(planned, segment)) continue;
      const ratings::board b =
          planned.method == ratings::method::elo ? ratings::make_board(votes, state.elo)
          : planned.from_rows()
              ? state.rows.board_of(planned, segment, state.systems)
              : ratings::make_board(votes, ratings::pairwise_settings_of(planned));
      stored_board s;
      s.arena = arena;
      s.method = b.method;
      s.segment = segment;
      s.computed_at = clock_.now();
      s.votes = static_cast<std::int64_t>(b.votes);
      s.inputs_sha256 = b.inputs_sha256;
      s.body = ratings::to_json(b);
      out.push_back(std::move(s));
    }
  }
  return out;
}

bool rating_job::due(const rated_arena& arena, std::uint64_t from, std::uint64_t horizon) {
  if (rule_.votes <= 1) return true;
  // A job that has just begun does not know when the boards moved, and waits.
  const auto known = published_.try_emplace(arena.arena, clock_.now()).first;
  const auto still = clock_.now() - known->second;
  if (rule_.interval.count() > 0 && still >= rule_.interval) return true;
  if (store_.new_votes(arena.arena, from, horizon, rule_.votes) >= rule_.votes) return true;
  // What was taken back or erased leaves the boards within a day, however few vote.
  return still >= std::chrono::hours(24) && store_.votes_withdrawn(arena.arena, from, horizon);
}

int rating_job::update(const rated_arena& arena, std::uint64_t horizon, bool rebuild,
                       std::int64_t& new_votes) {
  auto it = arenas_.find(arena.arena);
  if (it != arenas_.end() &&
      it->second.counted_as !=
          counting_rules(ratings::plan_from_json(arena.plan).value(), arena.quarantine)) {
    log::info("rating_counts_afresh", {{"arena", arena.arena}});
    arenas_.erase(it);
    it = arenas_.end();
  }
  if (it == arenas_.end()) it = arenas_.emplace(arena.arena, load(arena, rebuild)).first;
  if (!rebuild && it->second.stored_watermark > 0 &&
      it->second.published_as == publishing_rules(arena) &&
      !due(arena, it->second.watermark, horizon))
    return 0;
  if (!it->second.afresh && horizon > it->second.watermark &&
      store_.votes_withdrawn(arena.arena, it->second.watermark, horizon)) {
    log::info("rating_counts_afresh", {{"arena", arena.arena}, {"reason", "withdrawal"}});
    it->second = load(arena, true);
  }
  arena_state& state = it->second;
  if (state.systems != arena.systems) {
    for (const auto& [id, slug] : arena.systems) state.elo.add_system(slug);
    state.systems = arena.systems;
  }
  state.plan = ratings::plan_from_json(arena.plan).value();
  keep_rows(state, arena);

  std::int64_t counted = 0;
  const changes added = count(state, arena, horizon, counted);
  const std::string published_as = publishing_rules(arena);
  if (state.votes == 0 && added.empty() && state.stored_watermark == 0) return 0;
  if (added.empty() && !state.afresh && state.published_as == published_as) return 0;

  publication p;
  p.expected_watermark = state.stored_watermark;
  p.afresh = state.afresh;
  p.progress = {arena.arena, state.watermark,  state.elo.save(),
                state.votes, state.counted_as, published_as};
  std::set<std::string> moved;
  for (const auto& [segment, counts] : added) {
    pair_counts& all = segment_of(state, arena.arena, segment);
    all.add(counts);
    p.tallies[segment] = all.rows_of(counts);
    moved.insert(segment);
  }
  if (state.afresh || state.published_as != published_as) {
    moved.insert("");
    for (const auto& [segment, counts] : state.segments) moved.insert(segment);
    // The stored ones, too: what is counted afresh may leave nothing of a segment, and its board
    // must say so. That of all votes beside a quarantine is gone with the quarantine.
    for (std::string& segment : store_.segments(arena.arena))
      if (segment != ratings::unfiltered_segment || !arena.quarantine.empty())
        moved.insert(std::move(segment));
  }
  p.boards = boards_of(state, arena.arena, moved);
  const std::optional<int> published = store_.publish(p);
  if (!published) {
    // Another job has counted meanwhile: forget, and read what it stored.
    arenas_.erase(it);
    log::warn("rating_overtaken", {{"arena", arena.arena}});
    return 0;
  }
  if (*published > 0) published_[arena.arena] = clock_.now();
  state.stored_watermark = state.watermark;
  state.afresh = false;
  state.published_as = published_as;
  std::size_t kept = 0;
  for (const auto& [segment, counts] : state.segments) kept += counts.pairs();
  if (kept > most_pairs_kept)
    std::erase_if(state.segments, [](const auto& entry) { return !entry.first.empty(); });
  new_votes += counted;
  return *published;
}

step_report rating_job::run(bool rebuild) {
  step_report report;
  try {
    report.elected = elected_ = store_.elected();
    if (!report.elected || rebuild) arenas_.clear();
    if (!report.elected) return report;
    const std::uint64_t horizon = store_.horizon();
    for (const rated_arena& arena : store_.arenas())
      report.boards += update(arena, horizon, rebuild, report.new_votes);
  } catch (...) {
    arenas_.clear();  // what is in memory may be ahead of what is stored
    throw;
  }
  return report;
}

void rating_job::measure_speed() {
  if (!elected_) return;
  for (const rated_arena& arena : store_.arenas()) store_.measure_speed(arena.arena);
}

}  // namespace agon::boards

#include "services/boards/rating_job.hpp"

#include <stdexcept>

#include "services/core/log.hpp"

namespace agon::boards {
namespace {

using id_and_slug = std::pair<int, std::string>;

const std::string& slug_of(const std::vector<id_and_slug>& systems, int id) {
  for (const auto& [known, slug] : systems)
    if (known == id) return slug;
  throw std::runtime_error("a vote names a system that its arena does not have");
}

int id_of(const std::vector<id_and_slug>& systems, const std::string& slug) {
  for (const auto& [id, known] : systems)
    if (known == slug) return id;
  throw std::runtime_error("a tally names a system that its arena does not have");
}

}  // namespace

rating_job::arena_state rating_job::load(const rating_store::rated_arena& arena) {
  const rating_progress stored = store_.progress(arena.arena);
  arena_state state;
  state.stored_watermark = state.watermark = stored.watermark;
  for (const auto& [id, slug] : arena.systems) state.votes.add_system(slug);
  for (const tally_row& row : stored.tallies) {
    using ratings::outcome;
    const auto a = state.votes.add_system(slug_of(arena.systems, row.system_a));
    const auto b = state.votes.add_system(slug_of(arena.systems, row.system_b));
    state.votes.add(a, b, outcome::a, static_cast<std::uint64_t>(row.wins_a));
    state.votes.add(a, b, outcome::b, static_cast<std::uint64_t>(row.wins_b));
    state.votes.add(a, b, outcome::tie, static_cast<std::uint64_t>(row.ties));
    state.votes.add(a, b, outcome::both_bad, static_cast<std::uint64_t>(row.both_bad));
  }
  if (!stored.elo.empty()) state.elo = ratings::elo_state::load(stored.elo).value();
  for (const auto& [id, slug] : arena.systems) state.elo.add_system(slug);
  state.systems = arena.systems;
  return state;
}

int rating_job::update(const rating_store::rated_arena& arena, std::uint64_t horizon,
                       std::int64_t& new_votes) {
  auto it = arenas_.find(arena.arena);
  if (it == arenas_.end()) it = arenas_.emplace(arena.arena, load(arena)).first;
  arena_state& state = it->second;
  const bool systems_changed = state.systems != arena.systems;
  if (systems_changed) {
    for (const auto& [id, slug] : arena.systems) {
      state.votes.add_system(slug);
      state.elo.add_system(slug);
    }
    state.systems = arena.systems;
  }

  std::int64_t counted = 0;
  if (horizon > state.watermark) {
    store_.read_votes(arena.arena, state.watermark, horizon, [&](const counted_vote& v) {
      const std::string& a = slug_of(state.systems, v.system_a);
      const std::string& b = slug_of(state.systems, v.system_b);
      state.votes.add(a, b, v.winner);
      state.elo.add(a, b, v.winner);
      ++counted;
    });
    state.watermark = horizon;
  }
  if (state.votes.votes() == 0 || (counted == 0 && !systems_changed && state.published)) return 0;

  rating_progress progress{arena.arena,
                           state.watermark,
                           state.elo.save(),
                           static_cast<std::int64_t>(state.votes.votes()),
                           {}};
  for (const ratings::tally_row& row : state.votes.rows()) {
    tally_row kept{id_of(state.systems, row.system_a),    id_of(state.systems, row.system_b),
                   static_cast<std::int64_t>(row.wins_a), static_cast<std::int64_t>(row.wins_b),
                   static_cast<std::int64_t>(row.ties),   static_cast<std::int64_t>(row.both_bad)};
    if (kept.system_a > kept.system_b) {
      std::swap(kept.system_a, kept.system_b);
      std::swap(kept.wins_a, kept.wins_b);
    }
    progress.tallies.push_back(kept);
  }
  std::vector<stored_board> boards;
  for (const ratings::board& b : ratings::make_boards(state.votes, state.elo)) {
    stored_board s;
    s.arena = arena.arena;
    s.method = b.method;
    s.computed_at = clock_.now();
    s.votes = progress.votes;
    s.inputs_sha256 = b.inputs_sha256;
    s.body = ratings::to_json(b);
    boards.push_back(std::move(s));
  }
  if (!store_.publish(state.stored_watermark, progress, boards)) {
    // Another job has counted meanwhile: forget, and read what it stored.
    arenas_.erase(it);
    log::warn("rating_overtaken", {{"arena", arena.arena}});
    return 0;
  }
  state.stored_watermark = state.watermark;
  state.published = true;
  new_votes += counted;
  return static_cast<int>(boards.size());
}

step_report rating_job::step() {
  step_report report;
  try {
    report.elected = store_.elected();
    if (!report.elected) {
      arenas_.clear();
      return report;
    }
    const std::uint64_t horizon = store_.horizon();
    for (const auto& arena : store_.arenas())
      report.boards += update(arena, horizon, report.new_votes);
  } catch (...) {
    arenas_.clear();  // what is in memory may be ahead of what is stored
    throw;
  }
  return report;
}

}  // namespace agon::boards

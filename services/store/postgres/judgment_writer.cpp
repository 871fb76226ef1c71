#include "services/store/postgres/judgment_writer.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <tuple>

#include "services/core/log.hpp"
#include "services/store/postgres/batch_worker.hpp"
#include "services/store/postgres/battle_rows.hpp"
#include "services/store/postgres/columns.hpp"
#include "services/store/postgres/judgment_rows.hpp"
#include "services/store/postgres/pool.hpp"

namespace agon::store {
namespace {

constexpr statement find_judgments{
    "judgment_find",
    "select j.question, j.winner, j.answered_at, j.idempotency_key, w.withdrawn_at "
    "from agon.judgment j left join agon.withdrawal w on w.battle_id = j.battle_id"
    " and w.participant_id = j.participant_id and w.arena_id = j.arena_id "
    "where j.battle_id = $1::uuid and j.participant_id = $2::uuid"};

constexpr std::size_t nonce_bytes = 32;
// Newcomers are few when they are less than this part of the batch.
constexpr std::size_t few = 4;
// While one commits, the other looks up and writes: with one alone, server and database wait
// for each other in turns. More of them made batches smaller, and votes dearer.
constexpr std::size_t lane_count = 2;
// Submissions that make a batch worth its commit.
constexpr std::size_t enough = 12;
// How often a batch whose conflicts came and went is tried again.
constexpr int most_rounds = 4;

using worker = batch_worker<judgment_item, arena::recorded>;
using entry = worker::entry;
using entry_list = std::vector<entry*>;

std::vector<const judgment_item*> items_of(const entry_list& entries) {
  std::vector<const judgment_item*> items;
  items.reserve(entries.size());
  for (const entry* e : entries) items.push_back(&e->item);
  return items;
}

std::optional<ratings::outcome> winner_of(const arena::submission& s) {
  for (const feedback::judgment& j : s.judgments)
    if (j.winner) return j.winner;
  return std::nullopt;
}

void settle_recorded(entry& e) {
  const arena::submission& s = e.item.submission;
  e.outcome = arena::recorded{s.answered_at, false, winner_of(s)};
}

// Settles an entry by the rows that stand in its way (or are its own, written before the
// connection was lost).
void settle_by(entry& e, const std::vector<const existing_judgment*>& rows) {
  const arena::submission& s = e.item.submission;
  const auto& nonces = e.item.nonces;
  const auto is_own = [&](const existing_judgment* r) {
    return std::find(nonces.begin(), nonces.end(), r->nonce) != nonces.end();
  };
  if (std::all_of(rows.begin(), rows.end(), is_own)) return settle_recorded(e);
  for (const existing_judgment* r : rows) {
    if (r->idempotency_key == s.idempotency_key) continue;
    const bool is_vote = r->winner.has_value();
    e.outcome = fail(errc::already_judged,
                     is_vote ? "You have judged this battle already."
                             : "You have answered the question " + r->question + " already.");
    return;
  }
  arena::recorded earlier{rows.front()->answered_at, true, std::nullopt};
  for (const existing_judgment* r : rows)
    if (r->winner) earlier.winner = r->winner;
  e.outcome = earlier;
}

// Settles those of the entries whose questions are answered; gives back the others.
entry_list settle_conflicts(session& db, const entry_list& entries) {
  const auto items = items_of(entries);
  const std::vector<existing_judgment> rows = find_existing(db, items);
  std::vector<std::vector<const existing_judgment*>> by_item(entries.size());
  for (const existing_judgment& r : rows) by_item[r.item].push_back(&r);
  entry_list open;
  for (std::size_t n = 0; n < entries.size(); ++n) {
    if (by_item[n].empty()) {
      open.push_back(entries[n]);
    } else {
      settle_by(*entries[n], by_item[n]);
    }
  }
  return open;
}

// Thrown inside a transaction to roll it back: a row of it met an earlier one.
struct partly_there {};

// True if every row went in. With one row per entry the statement stands alone, and
// what went in stays in; else nothing does unless all did, so that the judgments of a
// request stay together.
bool insert_all(session& db, const entry_list& entries) {
  const auto items = items_of(entries);
  const std::size_t rows = count_rows(items);
  if (rows == entries.size()) return insert_judgments(db, items) == rows;
  try {
    db.transact([&] {
      if (insert_judgments(db, items) != rows) throw partly_there{};
    });
    return true;
  } catch (const partly_there&) {
    return false;
  }
}

void write(session& db, entry_list entries) {
  for (int round = 0; !entries.empty() && round < most_rounds; ++round) {
    try {
      if (insert_all(db, entries)) {
        for (entry* e : entries) settle_recorded(*e);
        return;
      }
    } catch (const statement_failed& e) {
      if (!is_poison(e.sqlstate())) throw;
      if (entries.size() == 1) {
        entries.front()->outcome = to_error(e);
        return;
      }
      // Halves, until the row that spoils its batch stands alone.
      const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(entries.size() / 2);
      write(db, entry_list(entries.begin(), middle));
      write(db, entry_list(middle, entries.end()));
      return;
    }
    entries = settle_conflicts(db, entries);
  }
  for (entry* e : entries) e->outcome = database_away();
}

// Writes a batch. Of entries of one participant about one battle the first goes first.
void write_batch(session& db, std::span<const std::unique_ptr<entry>> batch) {
  const auto key = [](const entry* e) {
    return std::tie(e->item.submission.battle, e->item.submission.participant);
  };
  entry_list ordered, later;
  ordered.reserve(batch.size());
  for (const auto& e : batch)
    if (!e->outcome) ordered.push_back(e.get());
  std::stable_sort(ordered.begin(), ordered.end(),
                   [&](const entry* a, const entry* b) { return key(a) < key(b); });
  const auto repeats = std::unique(ordered.begin(), ordered.end(), [&](entry* kept, entry* next) {
    const bool same = key(kept) == key(next);
    if (same) later.push_back(next);
    return same;
  });
  ordered.erase(repeats, ordered.end());
  write(db, std::move(ordered));
  for (entry* e : later) write(db, {e});
}

// Sorts the judgments and gives each its nonce.
void complete_item(judgment_item& item, arena::submission s, crypto::random_source& random) {
  std::sort(s.judgments.begin(), s.judgments.end(),
            [](const auto& a, const auto& b) { return a.question < b.question; });
  for (std::size_t i = 0; i < s.judgments.size(); ++i)
    item.nonces.push_back(random.bytes(nonce_bytes));
  item.submission = std::move(s);
  item.decide = nullptr;
}

// Looks up the battles of those that have not decided yet, and lets them.
void decide_all(session& db, std::span<const std::unique_ptr<entry>> batch,
                crypto::random_source& random) {
  std::vector<battle_id> ids;
  for (const auto& e : batch)
    if (e->item.decide) ids.push_back(e->item.battle);
  const auto ballots = find_ballots(db, ids);
  for (const auto& e : batch) {
    if (!e->item.decide) continue;
    const auto found = ballots.find(e->item.battle);
    if (found == ballots.end()) {
      e->outcome = fail(errc::not_found, "There is no such battle.");
      continue;
    }
    try {
      auto decided = e->item.decide(found->second);
      if (decided) {
        complete_item(e->item, std::move(*decided), random);
      } else {
        e->outcome = decided.error();
      }
    } catch (const std::exception& defect) {  // of this one alone
      log::error("decision_failed", {{"reason", std::string_view(defect.what())}});
      e->outcome = fail(errc::internal, "Something went wrong on our side.");
    }
  }
}

class group_commit_writer final : public judgment_writer {
 public:
  group_commit_writer(batch_settings s, pool& reads, crypto::random_source& random)
      : reads_(reads), random_(random) {
    const batch_settings each = to_lane(std::move(s));
    enough_ = std::min(enough, each.queue);
    for (auto& lane : lanes_)
      lane = std::make_unique<worker>(
          "judgment_writer", each, random,
          [this](session& db, worker::batch batch) { process(db, batch); });
  }
  ~group_commit_writer() override { stop(); }

  awaitable<result<arena::recorded>> record(arena::submission s) override {
    if (s.judgments.empty()) co_return fail(errc::invalid_input, "There is no answer to record.");
    judgment_item item{s.battle, nullptr, {}, {}};
    complete_item(item, std::move(s), random_);
    worker& lane = pick_lane();
    co_return co_await lane.submit(std::move(item));
  }

  awaitable<result<arena::recorded>> record(battle_id battle, arena::decision decide) override {
    return pick_lane().submit({battle, std::move(decide), {}, {}});
  }

  awaitable<result<std::vector<arena::past_judgment>>> judgments(
      battle_id battle, participant_id participant) override {
    return reads_.run({.name = "judgments", .retry = true}, [battle, participant](session& db) {
      std::vector<arena::past_judgment> past;
      for (const auto& row : db.exec(find_judgments, to_sql(battle), to_sql(participant))) {
        arena::past_judgment p;
        p.question = text_of(row[0]);
        if (!row[1].is_null()) p.winner = static_cast<ratings::outcome>(int_of(row[1]));
        p.answered_at = time_of(row[2]);
        p.idempotency_key = text_of(row[3]);
        p.withdrawn_at = optional_time_of(row[4]);
        past.push_back(std::move(p));
      }
      return past;
    });
  }

  std::size_t queued() const override {
    std::size_t sum = 0;
    for (const auto& lane : lanes_) sum += lane->queued();
    return sum;
  }
  void stop() override {
    for (auto& lane : lanes_) lane->stop();
  }

 private:
  // Who has come during a look-up joins this commit rather than wait for the next, unless
  // they are so few that a statement for them alone would cost more than it saves.
  void process(session& db, worker::batch batch) {
    std::size_t decided = 0;
    do {
      decide_all(db, batch.all().subspan(decided), random_);
      decided = batch.all().size();
    } while (batch.join(decided / few));
    write_batch(db, batch.all());
  }

  // The first lane that has not enough to do, so that few votes still share their commits.
  // Two votes on one battle may meet in different lanes, as they do on different servers.
  worker& pick_lane() {
    worker* shortest = lanes_.front().get();
    std::size_t least = std::numeric_limits<std::size_t>::max();
    for (auto& lane : lanes_) {
      const std::size_t waiting = lane->queued();
      if (waiting < enough_) return *lane;
      if (waiting < least) {
        shortest = lane.get();
        least = waiting;
      }
    }
    return *shortest;
  }

  static batch_settings to_lane(batch_settings s) {
    s.queue = std::max<std::size_t>(1, s.queue / lane_count);
    // Its few statements must never be planned as scans, however small the tables were
    // when they were planned.
    s.connection.extra_settings +=
        "set plan_cache_mode = force_generic_plan; set enable_seqscan = off;"
        "set enable_hashjoin = off; set enable_mergejoin = off;";
    return s;
  }

  pool& reads_;
  crypto::random_source& random_;
  std::size_t enough_ = enough;
  std::array<std::unique_ptr<worker>, lane_count> lanes_;
};

}  // namespace

std::unique_ptr<judgment_writer> make_judgment_writer(batch_settings settings, pool& reads,
                                                      crypto::random_source& random) {
  return std::make_unique<group_commit_writer>(std::move(settings), reads, random);
}

}  // namespace agon::store

// Votes in, boards out: the rating job's view. Implemented in services/store/postgres.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ratings/outcome.hpp"
#include "services/boards/board_store.hpp"
#include "services/boards/pair_counts.hpp"

namespace agon::boards {

// One comparison as a rating needs it, in the order of commit.
struct counted_vote {
  int arena = 0;
  int system_a = 0;
  int system_b = 0;
  ratings::outcome winner = ratings::outcome::tie;
  std::string language{};
  std::string day{};            // of the answer, in UTC: 2026-11-25
  std::string week{};           // 2026-W48
  std::string prompt_source{};  // "typed", "random"
  std::string criterion{};      // empty for the vote; else a comparison on something else
  bool quarantined = false;
  // Only where vote_columns asks for them.
  std::string style_set{};                   // services/feedback/style.hpp
  std::vector<double> style{};               // of slot A in the order of the set, then of slot B
  std::vector<double> generation_seconds{};  // of each slot
  double probability = 0;                    // with which the pair was drawn
  std::string participant{};
  std::string prompt{};
  std::string request{};  // what was asked beside the text, JSON
};

// What is read of each vote beside who met whom and how it ended.
struct vote_columns {
  bool criteria = false;  // the other comparisons, too
  bool context = false;   // what the outputs are like
  bool probability = false;
  bool participant = false;
  bool prompt = false;
  bool request = false;
};

struct rated_arena {
  int arena = 0;
  std::string slug;
  // Ids and slugs of all systems, the inactive ones too, by id.
  std::vector<std::pair<int, std::string>> systems;
  std::string plan = "[]";   // ratings/board_plan.hpp
  std::string quarantine{};  // a fingerprint of who is in it; empty if nobody is
};

struct rating_progress {
  int arena = 0;
  std::uint64_t watermark = 0;  // every transaction below it is counted
  std::string elo;              // resumable state; empty at the start
  std::int64_t votes = 0;       // counted among all votes
  std::string counted_as{};     // fingerprints of the rules, see rating_job.cpp
  std::string published_as{};
};

struct publication {
  std::uint64_t expected_watermark = 0;
  rating_progress progress;
  bool afresh = false;  // the tallies below replace all that are stored
  std::map<std::string, std::vector<tally_row>> tallies;  // by segment; the rows that changed
  std::vector<stored_board> boards;                       // versions are given by the store
};

// Blocking, on the job's own thread and connection; throws std::runtime_error when
// PostgreSQL is away: the job's loop connects again.
class rating_store {
 public:
  virtual ~rating_store() = default;

  // True while this process holds the cluster-wide lock of the rating job; tries to
  // take it if not.
  [[nodiscard]] virtual bool elected() = 0;
  [[nodiscard]] virtual std::vector<rated_arena> arenas() = 0;
  [[nodiscard]] virtual rating_progress progress(int arena) = 0;
  // The stored tallies of a segment; none if it is new.
  [[nodiscard]] virtual std::vector<tally_row> tallies(int arena, const std::string& segment) = 0;
  // Every segment that has a tally.
  [[nodiscard]] virtual std::vector<std::string> segments(int arena) = 0;
  // The oldest transaction that may still be running: a safe end of the next range.
  [[nodiscard]] virtual std::uint64_t horizon() = 0;
  // Calls back for each vote of transactions [from, to), ordered by (transaction,
  // battle id), and with `columns.criteria` for the other comparisons that were answered
  // before the reveal. Votes of participants who did not agree to be counted are left out, and
  // those that a transaction below `to` took back.
  virtual void read_votes(int arena, std::uint64_t from, std::uint64_t to,
                          const vote_columns& columns,
                          const std::function<void(const counted_vote&)>& each) = 0;
  // How many votes transactions of [from, to) hold, of the participants who agreed to be
  // counted; no more than `most` are looked for.
  [[nodiscard]] virtual std::int64_t new_votes(int arena, std::uint64_t from, std::uint64_t to,
                                               std::int64_t most) = 0;
  // Whether a transaction of [from, to) took a vote back that came before `from`: what was
  // counted must then be counted afresh, for ratings in order of commit know no subtraction.
  [[nodiscard]] virtual bool votes_withdrawn(int arena, std::uint64_t from, std::uint64_t to) = 0;
  // Writes progress, tallies and boards in one transaction and notifies the servers: the
  // number of boards whose bytes changed, for one that stays as it is gets no new version. The
  // board of a segment without votes is written only in place of an earlier one.
  // Nothing, and nothing written, if the stored watermark is not the expected one: another
  // job has been here.
  [[nodiscard]] virtual std::optional<int> publish(const publication& p) = 0;
  // Measures anew how fast the systems of an arena are.
  virtual void measure_speed(int arena) = 0;
};

}  // namespace agon::boards

// What a participant gave, and its end. Implemented in services/store/postgres, under the role
// agon_rights, which alone may delete.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/awaitable.hpp"
#include "services/core/clock.hpp"
#include "services/core/error.hpp"
#include "services/core/id.hpp"

namespace agon::participants {

// Who asked: the only thing about people that the audit table holds.
enum class actor { participant, operator_ };
[[nodiscard]] std::string_view name_of(actor a);

// A sealed partition in whose time the participant cast votes that might be published. Whether
// it holds them still cannot be told: its rows carry no id of anybody.
struct sealed_votes {
  std::string arena;
  std::string partition;
  std::int64_t votes = 0;
};

struct held_consent {
  std::string arena;
  std::string text_sha256;  // hexadecimal
  std::vector<std::string> purposes;
  time_point given_at;
};

// How much is held about one participant.
struct holdings {
  std::string source;  // human, model, simulated
  time_point since;
  std::optional<time_point> link_made_at;
  std::int64_t battles = 0;
  std::int64_t votes = 0;
  std::int64_t votes_taken_back = 0;
  std::int64_t other_judgments = 0;  // comments and answers beside the vote
  std::int64_t outputs = 0;
  std::int64_t files = 0;              // of outputs
  std::int64_t exposures = 0;          // events
  std::vector<held_consent> consents;  // the newest of each arena
  std::vector<sealed_votes> sealed;
};

struct held_output {
  int slot = 0;
  int turn = 0;
  int attempt = 0;
  std::string system;
  std::string status;
  std::optional<std::string> media_name;
  std::optional<std::string> media_type;
  std::optional<double> seconds;
  std::optional<std::string> text;
  time_point created_at;
};

struct held_exposure {
  int sequence = 0;
  int slot = 0;
  std::string kind;
  double position = 0;
  time_point client_at;
  time_point received_at;
};

struct held_judgment {
  std::string question;
  std::string body;  // canonical JSON
  time_point answered_at;
  bool vote = false;
};

// One battle with everything that hangs on it.
struct held_battle {
  std::string arena;
  battle_id id;
  std::string state;
  std::string prompt;
  std::string prompt_source;
  std::string language;
  std::string request;  // canonical JSON
  std::string consent_sha256;
  std::vector<std::string> purposes;
  std::vector<double> heard_seconds;
  time_point created_at;
  std::optional<time_point> gate_met_at;
  std::optional<time_point> withdrawn_at;  // of its vote
  std::vector<held_output> outputs;        // in order
  std::vector<held_exposure> exposures;    // in order
  std::vector<held_judgment> judgments;    // by question

  [[nodiscard]] bool voted() const {
    for (const held_judgment& j : judgments)
      if (j.vote) return true;
    return false;
  }
};

// What one step of an erasure deleted.
struct erased_rows {
  std::int64_t battles = 0;
  std::int64_t votes = 0;
  std::int64_t judgments = 0;  // the votes among them
  std::int64_t outputs = 0;
  std::int64_t exposures = 0;

  [[nodiscard]] bool any() const {
    return battles > 0 || judgments > 0 || outputs > 0 || exposures > 0;
  }
  void add(const erased_rows& more);
};

// Safe to call from any thread. Every call is one transaction, and may be made again.
class rights_store {
 public:
  virtual ~rights_store() = default;

  // Nothing if nothing is held about this id.
  [[nodiscard]] virtual awaitable<result<std::optional<holdings>>> held(participant_id p) = 0;
  // Battles in order of id, after `after`, at most `count`, with all that hangs on them.
  [[nodiscard]] virtual awaitable<result<std::vector<held_battle>>> battles(
      participant_id p, std::optional<battle_id> after, int count) = 0;
  // Every consent ever given, oldest first.
  [[nodiscard]] virtual awaitable<result<std::vector<held_consent>>> consents(participant_id p) = 0;

  // Whose link it is. `sha256` is of the secret, 32 bytes.
  [[nodiscard]] virtual awaitable<result<std::optional<participant_id>>> by_link(
      std::string sha256) = 0;
  // Puts a link in force, and any earlier one out of it. False if there is no such participant.
  [[nodiscard]] virtual awaitable<result<bool>> put_link(participant_id p, std::string sha256,
                                                         time_point now) = 0;
  // False if there was none.
  [[nodiscard]] virtual awaitable<result<bool>> drop_link(participant_id p) = 0;

  // Narrows what was agreed to in every arena: without these purposes from now on. In how many
  // arenas that changed something.
  [[nodiscard]] virtual awaitable<result<int>> decline(participant_id p,
                                                       std::vector<std::string> purposes,
                                                       time_point now) = 0;

  // Notes that somebody is to be erased, and deletes at once who they were and what they agreed
  // to: nothing of theirs may be published from then on. False if nothing is held about this id.
  [[nodiscard]] virtual awaitable<result<bool>> begin_erasure(participant_id p, actor by) = 0;
  // Deletes some of their battles and all that hangs on them, at most `most` battles. When none
  // was left the erasure waits for its last step.
  [[nodiscard]] virtual awaitable<result<erased_rows>> erase_some(participant_id p, int most) = 0;
  // Erasures that were interrupted, and those whose battles have been gone since `gone_before`.
  struct due_erasures {
    std::vector<participant_id> unfinished;
    std::vector<participant_id> to_end;
  };
  [[nodiscard]] virtual awaitable<result<due_erasures>> due(time_point gone_before, int most) = 0;
  // The last step: deletes what was still being written when the rest was deleted, and forgets
  // that there was an erasure.
  [[nodiscard]] virtual awaitable<result<erased_rows>> end_erasure(participant_id p) = 0;

  // Names of media files whose rows are gone, at most `most`; and that they are gone, too.
  [[nodiscard]] virtual awaitable<result<std::vector<std::string>>> files_to_remove(int most) = 0;
  [[nodiscard]] virtual awaitable<result<void>> files_removed(std::vector<std::string> names) = 0;

  // One line of the audit: never whose. The functions above that change something write theirs
  // themselves; this is for what only reads.
  [[nodiscard]] virtual awaitable<result<void>> note(actor by, std::string action, std::string what,
                                                     std::int64_t rows) = 0;
};

}  // namespace agon::participants

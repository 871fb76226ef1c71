// Battles, their outputs and exposures. Implemented in services/store/postgres.
//
// Every function answers errc::unavailable when PostgreSQL is away, errc::overloaded
// when the store's queue is full and errc::timeout when a statement took too long.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "services/arena/battle.hpp"
#include "services/arena/exposure.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"

namespace agon::arena {

struct created_battle {
  battle_id id;
  bool created = false;  // false: the key was used before, id names its battle
};

struct exposure_record {
  battle_id battle;
  int arena = 0;
  std::vector<exposure_event> events;     // new ones; a sequence already kept is ignored
  std::vector<double> heard_seconds;      // per slot, after these events
  std::optional<time_point> gate_met_at;  // set once, never taken back
};

// What is stored when exposures are counted.
struct past_attention {
  struct other_battle {
    int arena = 0;
    time_point ready_at;
    std::vector<double> heard_seconds;
  };
  bool voted = false;                 // the vote of this battle is durable
  std::vector<double> heard_seconds;  // of this battle, per slot
  std::optional<time_point> gate_met_at;
  std::vector<other_battle> others;  // that were ready and begun by the same participant not
                                     // longer than attention_window before this one
};
inline constexpr std::chrono::hours attention_window{2};

// Changes what is to be stored by what is.
using crediting = std::function<void(exposure_record&, const past_attention&)>;

class battle_store {
 public:
  virtual ~battle_store() = default;

  // Inserts an admitted battle. `request_sha256` (32 bytes) tells a retry from another
  // request under the same key: the latter is errc::conflict.
  [[nodiscard]] virtual awaitable<result<created_battle>> create(battle b, std::string key,
                                                                 std::string request_sha256) = 0;
  // The battle that was made under this key, or nothing. errc::conflict if the key was used
  // for another request.
  [[nodiscard]] virtual awaitable<result<std::optional<battle_id>>> find_request(
      participant_id who, std::string key, std::string request_sha256) = 0;
  // errc::not_found. Look-ups that queue up together run as one statement.
  [[nodiscard]] virtual awaitable<result<battle>> find(battle_id id) = 0;
  // State admitted → generating. errc::conflict if it is not admitted.
  [[nodiscard]] virtual awaitable<result<void>> start(battle_id id) = 0;
  // Keeps one attempt, the failed ones too.
  [[nodiscard]] virtual awaitable<result<void>> add_output(output o) = 0;
  // State generating → ready, with both slots at once. errc::conflict otherwise.
  [[nodiscard]] virtual awaitable<result<void>> make_ready(battle b) = 0;
  // State admitted or generating → failed.
  [[nodiscard]] virtual awaitable<result<void>> fail(battle_id id, std::string reason) = 0;
  // Battles that have been admitted or generating since before `started_before` become
  // failed; the number of them. For those whose server died.
  [[nodiscard]] virtual awaitable<result<std::size_t>> fail_abandoned(time_point started_before,
                                                                      std::string reason) = 0;
  // The outputs with status shown, slot A first.
  [[nodiscard]] virtual awaitable<result<std::vector<output>>> shown_outputs(battle_id id) = 0;

  [[nodiscard]] virtual awaitable<result<std::vector<exposure_event>>> exposures(battle_id id) = 0;
  // Keeps events, and what `rule` makes of the record. Of one participant no two calls run
  // at a time, on whatever server, so that the rule sees what the others have stored. The
  // record as it was stored; errc::conflict if the battle is not there.
  [[nodiscard]] virtual awaitable<result<exposure_record>> add_exposures(exposure_record r,
                                                                         participant_id participant,
                                                                         crediting rule) = 0;
};

}  // namespace agon::arena

// Use case: the drawn systems answer, in the background.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <string_view>

#include "services/arena/create_battle.hpp"
#include "services/arena/live_text.hpp"
#include "services/arena/media_store.hpp"
#include "services/systems/transcoder.hpp"

namespace agon::arena {

struct generation_limits {
  int attempts_per_slot = 3;              // systems tried before the battle fails
  std::chrono::seconds whole_battle{90};  // then it fails, whatever still runs
  int concurrent_battles = 32;            // more are refused with errc::overloaded
  std::size_t battles_per_address = 12;   // of those; more with errc::too_many_requests
};

// Room for one battle among those in work that an address asked for, as long as it is kept.
using battle_place = std::shared_ptr<void>;

// Counts the battles in work, so that a server can refuse more and drain.
class generate_battle {
 public:
  generate_battle(boost::asio::any_io_executor executor, battle_store& battles, media_store& media,
                  systems::transcoder& transcoder, id_source& ids, clock_source& clock,
                  crypto::random_source& random, std::filesystem::path scratch,
                  generation_limits limits = {});
  ~generate_battle();
  generate_battle(const generate_battle&) = delete;
  generate_battle& operator=(const generate_battle&) = delete;

  // True if another battle may be started.
  [[nodiscard]] bool has_room() const;
  // Null if too many battles are in work that were asked for from this address: nobody may
  // keep all others waiting.
  [[nodiscard]] battle_place take_place(std::string_view address);
  // Starts the work and returns. Both slots are asked at once; a system that fails is
  // recorded and replaced by another, unless some of its text was shown; the battle becomes
  // ready when the slowest side is, and those who follow have been shown its texts, or failed
  // with a reason for the participant. `place` is given back then.
  void start(arena_ptr arena, admitted_battle battle, battle_place place = nullptr);
  // The texts of a battle that this server is making, as they may be shown; null if there are
  // none, or another server makes it.
  [[nodiscard]] std::shared_ptr<live_text> live(battle_id id) const;
  // Completes when no battle is in work, or after the deadline.
  [[nodiscard]] awaitable<void> drain(std::chrono::seconds deadline);

 private:
  struct work;
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace agon::arena

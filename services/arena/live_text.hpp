// Texts of a battle while they are written, shown at one pace: none may tell by its speed,
// its rhythm or the size of its pieces who writes it.
//
// Nothing is shown before every side has begun. From then on all sides show the same
// number of characters, a step at a time, and no more than the slowest unfinished side
// has. A side that is at its end stays there while others go on; then their writer's own
// stops can be seen, but not its speed, which the step bounds.
#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/core/id.hpp"

namespace agon::arena {

// Characters are code points. Safe to use from any thread.
class live_text {
 public:
  explicit live_text(std::size_t slots) : slots_(slots) {}

  // A piece that its system wrote: whole code points of valid UTF-8.
  void append(std::size_t slot, std::string_view piece);
  // The system is done.
  void finish(std::size_t slot);
  // Forgets what a failed system wrote. False if some of it was shown: then it is too late
  // for another system to take its place.
  [[nodiscard]] bool restart(std::size_t slot);

  // Shows the next step, if there is something to show. Called every step_interval.
  void step();
  // Everything was shown.
  [[nodiscard]] bool done() const;

  // What came after the first `from` characters of each side.
  struct part {
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<std::string> texts;  // per slot; shorter for one that has ended
  };
  [[nodiscard]] std::optional<part> after(std::size_t from) const;

  // How many clients follow.
  std::atomic<int> watchers{0};

 private:
  struct side {
    std::string text;
    std::size_t length = 0;  // characters
    bool finished = false;
  };
  mutable std::mutex mutex_;
  std::vector<side> slots_;
  std::size_t shown_ = 0;  // characters of each side
};

// The battles of this server whose texts are being written.
class live_texts {
 public:
  [[nodiscard]] std::shared_ptr<live_text> open(battle_id id, std::size_t slots);
  [[nodiscard]] std::shared_ptr<live_text> find(battle_id id) const;  // null if there is none
  void close(battle_id id);

 private:
  mutable std::mutex mutex_;
  std::map<battle_id, std::shared_ptr<live_text>> open_;
};

}  // namespace agon::arena

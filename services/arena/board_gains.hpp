// What the votes of each arena say about the next battles, kept fresh in the background
// (services/arena/sampling_job.hpp). Safe from any thread.
#pragma once

#include <map>
#include <mutex>

#include "services/arena/sampling.hpp"

namespace agon::arena {

class board_gains {
 public:
  void publish(int arena, gains_ptr gains) {
    const std::lock_guard lock(mutex_);
    newest_[arena] = std::move(gains);
  }
  // Null before the first computation: policies then fall back.
  [[nodiscard]] gains_ptr find(int arena) const {
    const std::lock_guard lock(mutex_);
    const auto it = newest_.find(arena);
    return it == newest_.end() ? nullptr : it->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<int, gains_ptr> newest_;
};

}  // namespace agon::arena

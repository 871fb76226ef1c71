// The newest version of every board, as this process has heard of it: from Redis, from
// PostgreSQL's notifications, or by asking. Whoever hears twice hears nothing new.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "services/boards/board_store.hpp"

namespace agon::boards {

class board_feed {
 public:
  // Keeps the version unless a newer one is known. Safe from any thread.
  void publish(const board_version& v);
  // The same for a notification's text, {"arena":1,"method":"elo","version":7,"votes":123},
  // with "segment" where it is not empty. False, and nothing kept, if it is not of that form.
  bool publish_json(std::string_view text);
  // What is known of one arena, by method and segment. Safe from any thread.
  [[nodiscard]] std::vector<board_version> current(int arena) const;

 private:
  mutable std::mutex mutex_;
  std::map<board_key, board_version> newest_;
};

}  // namespace agon::boards

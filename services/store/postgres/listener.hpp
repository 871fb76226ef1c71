// Hears PostgreSQL's notifications: live updates between servers without Redis.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "privacy/crypto/random.hpp"
#include "services/store/postgres/settings.hpp"

namespace agon::store {

// The channel on which the rating job tells of a new board:
// {"arena":1,"method":"elo","version":7,"votes":123}.
inline constexpr const char* board_channel = "agon_board";

// One connection on a thread of its own, made again with growing pauses.
class listener {
 public:
  // `heard` gets each payload, on the listener's thread; it must not block or throw.
  // `connected` is called there each time the channel is heard from now on: what was told
  // before, or while the connection was away, has to be asked for.
  listener(connection_settings settings, std::string channel,
           std::function<void(const std::string&)> heard, std::function<void()> connected,
           crypto::random_source& random);
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  // Returns when no callback is under way and none will come. Takes up to a second.
  void stop();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace agon::store

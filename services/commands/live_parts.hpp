// What is shared between servers while it happens: boards that were published, and
// limits that count for all of them.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "services/boards/board_feed.hpp"
#include "services/integrity/process_limiter.hpp"
#include "services/store/postgres/listener.hpp"

namespace agon::commands {

class live_parts {
 public:
  // `ask` fills the feed from the store; it is called on the listener's thread after each
  // connection, for notifications are not kept for those who are away.
  live_parts(store::connection_settings connection, crypto::random_source& random,
             std::function<void(boards::board_feed&)> ask);

  [[nodiscard]] boards::board_feed& feed() { return feed_; }
  [[nodiscard]] integrity::rate_limiter& limiter() { return limiter_; }

 private:
  boards::board_feed feed_;
  integrity::process_limiter limiter_;
  store::listener listener_;
};

}  // namespace agon::commands

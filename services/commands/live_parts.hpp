// What is shared between servers while it happens: boards that were published, and
// limits that count for all of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "services/boards/board_feed.hpp"
#include "services/integrity/process_limiter.hpp"
#include "services/store/postgres/listener.hpp"
#include "services/store/redis/redis_limiter.hpp"

namespace agon::commands {

class live_parts {
 public:
  // `redis_url` may be empty: limits then count in this process alone. `ask` fills the feed
  // from the store; it is called on the listener's thread after each connection, for
  // notifications are not kept for those who are away. Throws std::runtime_error, in words
  // for the operator, for a url that cannot be read.
  live_parts(store::connection_settings connection, const std::string& redis_url,
             crypto::random_source& random, std::function<void(boards::board_feed&)> ask);

  [[nodiscard]] boards::board_feed& feed() { return feed_; }
  [[nodiscard]] integrity::rate_limiter& limiter() {
    if (shared_) return *shared_;
    return alone_;
  }
  [[nodiscard]] bool redis_connected() const { return redis_ && redis_->connected(); }

 private:
  boards::board_feed feed_;
  integrity::process_limiter alone_;
  std::optional<store::redis_client> redis_;
  std::optional<store::redis_limiter> shared_;
  store::listener listener_;
};

}  // namespace agon::commands

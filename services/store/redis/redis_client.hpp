// Redis on a thread and an event loop of its own. It may be away at any time: commands
// are then refused at once, and connections are made again with growing pauses.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/store/backoff.hpp"
#include "services/store/redis/redis_url.hpp"

namespace agon::store {

struct redis_reply {
  enum class type { nil, integer, text, array, error };
  type kind = type::nil;
  std::int64_t integer = 0;
  std::string text;
  std::vector<redis_reply> elements;
};

struct redis_settings {
  redis_url url;
  std::chrono::milliseconds command_timeout{50};  // a request waits no longer for Redis
  std::chrono::milliseconds connect_timeout{1000};
  // After a command timed out nothing is sent until an answer comes, and when none comes
  // within this, the connection is made anew.
  std::chrono::milliseconds patience{1000};
  std::size_t most_waiting = 1024;  // unanswered commands; more are errc::overloaded
  backoff_limits reconnect;
};

// Safe to use from any thread. Destroyed before the contexts its callers run on.
class redis_client {
 public:
  redis_client(redis_settings settings, crypto::random_source& random);
  ~redis_client();
  redis_client(const redis_client&) = delete;
  redis_client& operator=(const redis_client&) = delete;

  // Sends one command and gives its reply, one of kind `error` too. errc::unavailable at
  // once while Redis is away or hangs, and when the connection ends first;
  // errc::timeout after command_timeout; errc::overloaded.
  [[nodiscard]] awaitable<result<redis_reply>> command(std::vector<std::string> words);

  // Calls `heard` with each message of a channel from now on, over a connection of its
  // own, and `connected` each time messages are heard from then on: what was said before,
  // or while Redis was away, is lost. Both on the client's thread; they must not block.
  void subscribe(std::string channel, std::function<void(const std::string&)> heard,
                 std::function<void()> connected = {});

  // Whether commands are sent at the moment.
  [[nodiscard]] bool connected() const;
  // Answers what waits with errc::unavailable and ends the thread. Idempotent.
  void stop();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace agon::store

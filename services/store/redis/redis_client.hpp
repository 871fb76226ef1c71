// A connection to Redis on Asio. Redis may be away at any time: then commands fail at
// once, nobody waits, and the connection is made again in the background.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "privacy/crypto/random.hpp"
#include "services/core/awaitable.hpp"
#include "services/core/error.hpp"
#include "services/store/backoff.hpp"

namespace agon::store {

struct redis_settings {
  std::string url;                                // unix:///path, redis://host:port
  std::chrono::milliseconds command_timeout{50};  // callers go on without Redis after that
  std::size_t most_pending = 4096;                // commands under way; more fail at once
  backoff_limits reconnect{std::chrono::milliseconds{100}, std::chrono::milliseconds{2000}};
};

// An integer, a text or nothing: what our commands answer.
using redis_value = std::variant<std::monostate, std::int64_t, std::string>;

class redis_client {
 public:
  // Begins to connect. Throws std::invalid_argument for another url. `random` outlives
  // the client.
  redis_client(const boost::asio::any_io_executor& executor, redis_settings settings,
               crypto::random_source& random);
  ~redis_client();
  redis_client(const redis_client&) = delete;
  redis_client& operator=(const redis_client&) = delete;

  // errc::unavailable while Redis is away or refuses the command, errc::timeout when it
  // does not answer in time (it may have run all the same), errc::overloaded.
  [[nodiscard]] awaitable<result<redis_value>> command(std::vector<std::string> words);
  [[nodiscard]] bool connected() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace agon::store

// A rate limiter that counts in this process alone: what is left when Redis is away.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <unordered_map>

#include "services/core/id.hpp"
#include "services/integrity/rate_limiter.hpp"

namespace agon::integrity {

class process_limiter final : public rate_limiter {
 public:
  using now_function = std::chrono::steady_clock::time_point (*)();

  // Remembers at most `most_keys`; when there are more, those that are full again are
  // forgotten, and if none is, a new key is let through: limits protect the service, and
  // must not be what takes it down.
  explicit process_limiter(std::size_t most_keys = 100'000,
                           now_function now = &std::chrono::steady_clock::now)
      : most_keys_(most_keys), now_(now) {}

  [[nodiscard]] awaitable<result<void>> take(std::string_view scope, std::string key,
                                             limit allowed) override;
  // The same at once.
  [[nodiscard]] result<void> take_now(std::string_view scope, std::string_view key, limit allowed);

 private:
  struct bucket {
    double tokens = 0;
    std::chrono::steady_clock::time_point filled;
    limit allowed;
  };
  void forget_full(std::chrono::steady_clock::time_point now);

  std::size_t most_keys_;
  now_function now_;
  std::mutex mutex_;
  std::unordered_map<std::string, bucket> buckets_;  // by hash of scope and key
};

// Key under which a bucket is kept: a keyed hash would need a key shared by the servers;
// SHA-256 keeps addresses out of memory dumps and Redis listings.
[[nodiscard]] std::string bucket_key(std::string_view scope, std::string_view key);
[[nodiscard]] error too_many(double seconds_until_next);

}  // namespace agon::integrity

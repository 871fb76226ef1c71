// Limits that count for all servers together, in Redis.
#pragma once

#include "services/integrity/process_limiter.hpp"
#include "services/store/redis/redis_client.hpp"

namespace agon::store {

// Token buckets kept by one script, atomically and by Redis' own clock. While Redis is
// away or slow, `alone` decides: nobody waits longer than a command's timeout, and nothing
// is refused for want of Redis.
class redis_limiter final : public integrity::rate_limiter {
 public:
  // Both outlive the limiter.
  redis_limiter(redis_client& redis, integrity::process_limiter& alone)
      : redis_(redis), alone_(alone) {}

  [[nodiscard]] awaitable<result<void>> take(std::string_view scope, std::string key,
                                             integrity::limit allowed) override;

 private:
  redis_client& redis_;
  integrity::process_limiter& alone_;
};

}  // namespace agon::store

// Limits that count for all servers together, kept in Redis; without it each counts alone.
#pragma once

#include "services/integrity/process_limiter.hpp"
#include "services/store/redis/redis_client.hpp"

namespace agon::store {

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

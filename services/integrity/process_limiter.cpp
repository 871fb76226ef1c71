#include "services/integrity/process_limiter.hpp"

#include <algorithm>
#include <cmath>

#include "privacy/crypto/hash.hpp"

namespace agon::integrity {
namespace {

double refilled(double tokens, double seconds, limit allowed) {
  return std::min(allowed.burst, tokens + seconds * allowed.per_minute / 60);
}

}  // namespace

std::string bucket_key(std::string_view scope, std::string_view key) {
  const crypto::digest d = crypto::sha256(std::string(scope) + '\0' + std::string(key));
  return std::string(crypto::bytes_of(d).substr(0, 16));
}

error too_many(double seconds_until_next) {
  error e = fail(errc::too_many_requests, "That was a lot at once. Wait a moment and go on.");
  e.retry_after =
      std::chrono::seconds(std::max(1, static_cast<int>(std::ceil(seconds_until_next))));
  return e;
}

awaitable<result<void>> process_limiter::take(std::string_view scope, std::string key,
                                              limit allowed) {
  co_return take_now(scope, key, allowed);
}

result<void> process_limiter::take_now(std::string_view scope, std::string_view key,
                                       limit allowed) {
  const auto now = now_();
  const std::string hashed = bucket_key(scope, key);
  const std::lock_guard lock(mutex_);
  auto it = buckets_.find(hashed);
  if (it == buckets_.end()) {
    if (buckets_.size() >= most_keys_) forget_full(now);
    if (buckets_.size() >= most_keys_) return {};
    it = buckets_.emplace(hashed, bucket{allowed.burst, now, allowed}).first;
  }
  bucket& b = it->second;
  b.tokens = refilled(b.tokens, std::chrono::duration<double>(now - b.filled).count(), allowed);
  b.filled = now;
  b.allowed = allowed;
  if (b.tokens < 1) return too_many((1 - b.tokens) * 60 / allowed.per_minute);
  b.tokens -= 1;
  return {};
}

void process_limiter::forget_full(std::chrono::steady_clock::time_point now) {
  std::erase_if(buckets_, [now](const auto& entry) {
    const bucket& b = entry.second;
    const double passed = std::chrono::duration<double>(now - b.filled).count();
    return refilled(b.tokens, passed, b.allowed) >= b.allowed.burst;
  });
}

}  // namespace agon::integrity

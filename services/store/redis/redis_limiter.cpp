#include "services/store/redis/redis_limiter.hpp"

#include <fmt/format.h>

#include "privacy/crypto/encoding.hpp"

namespace agon::store {
namespace {

// A token bucket by Redis's own clock. Answers 0 when a token was taken, else the
// milliseconds until there is one. The key lives until the bucket is full again.
constexpr const char* take_token = R"(
local burst, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(kept[1] or burst)
local at = tonumber(kept[2] or now)
tokens = math.min(burst, tokens + math.max(0, now - at) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate) + 1000)
return wait
)";

}  // namespace

awaitable<result<void>> redis_limiter::take(std::string_view scope, std::string key,
                                            integrity::limit allowed) {
  std::vector<std::string> words{"EVAL",
                                 take_token,
                                 "1",
                                 "agon:limit:" + crypto::to_hex(integrity::bucket_key(scope, key)),
                                 fmt::format("{}", allowed.burst),
                                 fmt::format("{:.9f}", allowed.per_minute / 60'000)};
  auto answered = co_await redis_.command(std::move(words));
  const std::int64_t* wait = answered ? std::get_if<std::int64_t>(&*answered) : nullptr;
  if (wait == nullptr) co_return alone_.take_now(scope, key, allowed);
  if (*wait > 0) co_return integrity::too_many(static_cast<double>(*wait) / 1000);
  co_return result<void>{};
}

}  // namespace agon::store

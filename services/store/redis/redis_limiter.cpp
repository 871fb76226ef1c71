#include "services/store/redis/redis_limiter.hpp"

#include <fmt/format.h>

#include "privacy/crypto/encoding.hpp"

namespace agon::store {
namespace {

// KEYS[1] the bucket; ARGV[1] burst, ARGV[2] tokens per second. Gives 0 if a token was
// taken, or else the milliseconds until there is one. A bucket that is full again expires.
constexpr const char* take_token = R"lua(
local burst, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(kept[1]) or burst
local passed = math.max(0, now - (tonumber(kept[2]) or now))
tokens = math.min(burst, tokens + passed * rate / 1000)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate * 1000) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
return wait
)lua";

}  // namespace

awaitable<result<void>> redis_limiter::take(std::string_view scope, std::string key,
                                            integrity::limit allowed) {
  std::vector<std::string> words{"EVAL",
                                 take_token,
                                 "1",
                                 "agon:limit:" + crypto::to_hex(integrity::bucket_key(scope, key)),
                                 fmt::format("{}", allowed.burst),
                                 fmt::format("{}", allowed.per_minute / 60)};
  const auto reply = co_await redis_.command(std::move(words));
  if (!reply || reply->kind != redis_reply::type::integer)
    co_return alone_.take_now(scope, key, allowed);
  if (reply->integer > 0) co_return integrity::too_many(static_cast<double>(reply->integer) / 1000);
  co_return result<void>{};
}

}  // namespace agon::store

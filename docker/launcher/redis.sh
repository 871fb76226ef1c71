# The private Redis: limits, cache and live fan-out. It may vanish, so nothing is kept.
# shellcheck shell=bash

prepare_redis() {
  redis_settings | as_service tee -- "$var/redis/redis.conf" >/dev/null
}

redis_settings() {
  cat <<END
# Written by ./agon at every start.
port 0
unixsocket $sockets/redis.sock
unixsocketperm 700
save ""
appendonly no
# Everything in it can be made again: drop the oldest rather than refuse.
maxmemory 128mb
maxmemory-policy allkeys-lru
daemonize no
logfile ""
END
}

redis_answers() { [[ $(redis-cli -s "$sockets/redis.sock" ping 2>/dev/null) == PONG ]]; }

# Agon serves without Redis, so a failure is told and not fatal.
await_redis() {
  local limit=$((SECONDS + 10))
  until redis_answers; do
    if ((SECONDS >= limit)) || ! still_kept redis; then return 1; fi
    sleep 0.1
  done
}

# Starting, watching and stopping the processes of an instance through their keepers.
# shellcheck shell=bash

readonly services=(postgres redis rate release serve)  # in the order in which they start
readonly ready_seconds=60

# Seconds that each may take to stop; serve drains requests for at most 10, then battles for 8.
stop_seconds_of() { case $1 in postgres) echo 60 ;; serve) echo 20 ;; *) echo 10 ;; esac; }
# PostgreSQL's fast shutdown is SIGINT: it ends sessions and writes a checkpoint.
stop_signal_of() { case $1 in postgres) echo INT ;; *) echo TERM ;; esac; }

# start_service NAME COMMAND...: leaves a keeper behind that no terminal can hang up on.
start_service() {
  local name=$1 limit=$((SECONDS + 5))
  shift
  still_kept "$name" && return
  end_unwatched "$name"
  (
    exec {lock}>&- </dev/null >/dev/null 2>&1
    as_service env -C "$app" AGON_INSTANCE="$mark" setsid -f \
      bash "$app/launcher/keeper.sh" "$name" "$run" "$logs" \
      "$(stop_signal_of "$name")" "$(stop_seconds_of "$name")" "$@"
  )
  until still_kept "$name"; do
    ((SECONDS < limit)) || step_fail "The keeper of $name did not start." "$logs/$name.log"
    sleep 0.05
  done
}

still_kept() { local pid; recorded_process "$run/$1.keeper"; }
service_runs() { local pid; recorded_process "$run/$1.pid"; }
restarts_of() { cat -- "$run/$1.restarts" 2>/dev/null || echo 0; }

# A process whose keeper was killed: nobody would start it again, so it is ended.
end_unwatched() {
  local name=$1 pid waited=0 limit
  local -a left
  still_kept "$name" && return
  if recorded_process "$run/$name.pid"; then
    limit=$(($(stop_seconds_of "$name") * 10))
    send_signal "$(stop_signal_of "$name")" "$pid"
    while start_time_of "$pid" >/dev/null && ((waited++ < limit)); do sleep 0.1; done
    mapfile -t left < <(session_of "$pid")
    send_signal KILL "${left[@]}"
  fi
  as_service rm -f -- "$run/$name.pid" "$run/$name.keeper" "$run/$name.restarts"
}

stop_service() {
  local name=$1 pid limit
  limit=$((SECONDS + $(stop_seconds_of "$name") + 5))
  if recorded_process "$run/$name.keeper"; then
    send_signal TERM "$pid"
    while start_time_of "$pid" >/dev/null && ((SECONDS < limit)); do
      step_progress 'stopping'
      sleep 0.1
    done
    if start_time_of "$pid" >/dev/null; then send_signal KILL "$pid"; fi
  fi
  end_unwatched "$name"
}

any_service() {
  local name
  for name in "${services[@]}"; do
    if still_kept "$name" || service_runs "$name"; then return; fi
  done
  return 1
}

all_kept() {
  local name
  for name in "${services[@]}"; do still_kept "$name" || return 1; done
}

# As the account of the services: a number in a file of theirs must not aim root's signal.
send_signal() {
  (($# > 1)) || return 0
  (cd / && as_service bash -c 'kill -s "$@"' kill "$@") 2>/dev/null || true
}

# In the reverse order, and then whatever still carries the mark of this instance.
stop_everything() {
  local -a left
  stop_services
  mapfile -t left < <(marked_processes "AGON_INSTANCE=$mark")
  if ((${#left[@]} > 0)); then
    sleep 0.5  # a keeper that was just starting has told of itself by now
    stop_services
    mapfile -t left < <(marked_processes "AGON_INSTANCE=$mark")
  fi
  if ((${#left[@]} > 0)); then
    send_signal KILL "${left[@]}"
    note "${#left[@]} process(es) left over were ended."
  fi
}

stop_services() {
  local index name
  for ((index = ${#services[@]} - 1; index >= 0; index--)); do
    name=${services[index]}
    if still_kept "$name" || service_runs "$name"; then
      step_begin "$name" 'stopping'
      stop_service "$name"
      step_end stopped
    fi
  done
}

# http_status PATH prints the status of a GET on this instance; nothing if none came.
http_status() {
  # shellcheck disable=SC2016
  timeout 3 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" &&
    printf "GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n" "$2" "$1" >&3 &&
    IFS=" " read -r _ status _ <&3 && printf "%s" "$status" && cat <&3 >/dev/null' http "$port" "$1" 2>/dev/null || true
}

await_ready() {
  local limit=$((SECONDS + ready_seconds)) status
  until status=$(http_status /readyz) && [[ $status == 200 ]]; do
    if (($(restarts_of serve) >= 3)) || ! still_kept serve; then
      step_fail "agon serve does not stay up." "$logs/serve.log"
    fi
    ((SECONDS < limit)) ||
      step_fail "agon serve is not ready after $ready_seconds s (/readyz: ${status:-no answer})." "$logs/serve.log"
    step_progress "/readyz: ${status:-no answer yet}"
    sleep 0.2
  done
}

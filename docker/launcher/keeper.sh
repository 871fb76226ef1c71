#!/usr/bin/env bash
# Keeps one process running: starts it again with growing pauses when it ends, stops it
# and all its children when told to by SIGTERM, and keeps its log from filling the disk.
# Usage: keeper.sh NAME RUN_FOLDER LOG_FOLDER STOP_SIGNAL STOP_SECONDS COMMAND...
set -uo pipefail

here=$(dirname -- "${BASH_SOURCE[0]}")
# shellcheck source=docker/launcher/process.sh
source "$here/process.sh"

readonly name=$1 run=$2 logs=$3 stop_signal=$4 stop_seconds=$5
shift 5
readonly log=$logs/$name.log
readonly log_limit=$((64 * 1024 * 1024))  # bytes; one older file is kept beside it
readonly longest_pause=30                 # seconds between two starts
readonly steady_after=60                  # seconds after which a start counts as good

umask 077
stopping=no child='' timer=''
trap 'stopping=yes' TERM INT HUP

tell() {
  printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","level":"%s","event":"%s","service":"%s"%s}\n' \
    -1 "$1" "$2" "$name" "${3:+,$3}" >>"$log"
}

# Copy and truncate, for the process keeps its file open for appending.
rotate_log() {
  local size
  size=$(stat -c %s -- "$log" 2>/dev/null) || return 0
  ((size > log_limit)) || return 0
  cp -f -- "$log" "$log.1" && : >"$log"
}

pause() {
  sleep "$1" &
  timer=$!
  wait "$timer"
  kill "$timer" 2>/dev/null
}

# Fails if the child still lives after SECONDS.
await_end() {
  local waited=0
  while start_time_of "$child" >/dev/null; do
    ((waited++ < $1 * 10)) || return 1
    sleep 0.1
  done
}

# By its signal; then by SIGQUIT, on which PostgreSQL takes its backends along; then by force.
stop_child() {
  kill "-$stop_signal" "$child" 2>/dev/null
  await_end "$stop_seconds" && return
  tell error killed "\"after_seconds\":$stop_seconds"
  kill -QUIT "$child" 2>/dev/null
  await_end 2 || kill -KILL "$child" 2>/dev/null
}

record_process "$run/$name.keeper" $$
delay=1 restarts=0
while [[ $stopping == no ]]; do
  rotate_log
  started=$SECONDS
  # A session of its own, so that all it leaves behind can be found and ended.
  TZ=UTC setsid "$@" </dev/null >>"$log" 2>&1 &
  child=$!
  record_process "$run/$name.pid" "$child"
  while [[ $stopping == no ]] && start_time_of "$child" >/dev/null; do
    sleep 20 &
    timer=$!
    wait -n "$child" "$timer"
    kill "$timer" 2>/dev/null
    rotate_log
  done
  if [[ $stopping == yes ]]; then stop_child; fi
  wait "$child" 2>/dev/null
  status=$?
  mapfile -t left < <(session_of "$child")
  if ((${#left[@]} > 0)); then kill -KILL "${left[@]}" 2>/dev/null; fi
  rm -f -- "$run/$name.pid"
  [[ $stopping == no ]] || break

  ((SECONDS - started >= steady_after)) && delay=1
  restarts=$((restarts + 1))
  printf '%s\n' "$restarts" >"$run/$name.restarts"
  tell error ended "\"status\":$status,\"restart_in_seconds\":$delay"
  pause "$delay"
  delay=$((delay * 2 > longest_pause ? longest_pause : delay * 2))
done
rm -f -- "$run/$name.keeper" "$run/$name.restarts"

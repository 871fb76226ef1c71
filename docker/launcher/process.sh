# Records of running processes that survive a reboot without pointing at a stranger:
# pid, start time and boot. Shared by the launcher and its keepers; Linux's /proc only,
# because a bare Debian has neither ps nor pkill.
# shellcheck shell=bash

# Prints the start time of a living process (clock ticks since boot); fails for none.
start_time_of() {
  local stat
  { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  local -a field
  read -ra field <<<"${stat##*) }"  # the name before may hold spaces
  [[ ${field[0]} != [ZX] ]] || return 1
  printf '%s' "${field[19]}"
}

boot_id() { cat /proc/sys/kernel/random/boot_id; }

record_process() {
  local file=$1 pid=$2
  printf '%s %s %s\n' "$pid" "$(start_time_of "$pid")" "$(boot_id)" >"$file.new"
  mv -f -- "$file.new" "$file"
}

# Sets `pid` to the recorded process if that very process lives; fails otherwise.
recorded_process() {
  local start boot
  pid=''
  { read -r pid start boot <"$1"; } 2>/dev/null || return 1
  [[ $pid =~ ^[0-9]+$ && $boot == "$(boot_id)" && $start == "$(start_time_of "$pid")" ]] || {
    pid=''
    return 1
  }
}

# Prints every process of a session (a keeper's child leads one), whatever its group.
session_of() {
  local session=$1 stat file
  local -a field
  for file in /proc/[0-9]*/stat; do
    { IFS= read -r stat <"$file"; } 2>/dev/null || continue
    read -ra field <<<"${stat##*) }"
    if [[ ${field[3]} == "$session" ]]; then printf '%s\n' "${stat%% *}"; fi
  done
}

# Prints the processes that carry NAME=VALUE in their environment.
marked_processes() {
  local file
  grep -lzxF -- "$1" /proc/[0-9]*/environ 2>/dev/null | while read -r file; do
    file=${file#/proc/}
    file=${file%/environ}
    if start_time_of "$file" >/dev/null; then printf '%s\n' "$file"; fi
  done || true
}

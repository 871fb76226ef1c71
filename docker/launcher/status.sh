# ./agon status: what runs, where, how big. Exits 0 if healthy, 1 if something is wrong,
# 3 if nothing runs.
# shellcheck shell=bash

status() {
  (($# == 0)) || die "status takes no arguments."
  local name healthy=yes ready
  if ! find_instance || ! any_service; then
    say "Agon is not running."
    exit 3
  fi
  printf '%s\n' "${bold}Agon$(running_version)${plain}   $address"
  say
  for name in "${services[@]}"; do service_line "$name"; done
  say
  ready=$(http_status /readyz)
  if [[ $ready != 200 ]]; then healthy=no; fi
  detail 'ready' "$([[ $ready == 200 ]] && echo yes || echo "no (/readyz: ${ready:-no answer})")"
  if postgres_answers; then
    detail 'PostgreSQL' "$(ask_postgres agon 'show server_version' | cut -d' ' -f1), $(ask_postgres agon \
      "select pg_size_pretty(pg_database_size('agon'))"), log $(size_of "$var/postgres/data/pg_wal")"
    detail 'last vote' "$(last_moment 'max(answered_at)' agon.judgment)"
    detail 'last board' "$(last_moment 'max(computed_at)' agon.board)"
  else
    healthy=no
  fi
  detail 'media' "$(size_of "$var/media")"
  detail 'releases' "$(size_of "$var/releases")"
  detail 'data' "$var, $(df -h --output=avail -- "$var" | tail -n 1 | tr -d ' ') free"
  [[ $healthy == yes ]] || exit 1
}

detail() { printf '  %-12s %s\n' "$1" "$2"; }

running_version() {
  local version
  version=$("$app/bin/agon" --version 2>/dev/null | head -n 1) || return 0
  printf ' %s' "${version#agon }"
}

# One service with its process, age, memory and restarts; clears `healthy` if it is not up.
service_line() {
  local name=$1 pid restarts mark=$green$mark_ok$plain text
  if recorded_process "$run/$name.pid"; then
    text="process $pid, up $(age_of "$pid"), $(memory_of "$pid")"
  else
    text='not running' mark=$red$mark_bad$plain healthy=no
  fi
  if ! still_kept "$name"; then
    text+=', not watched' mark=$red$mark_bad$plain healthy=no
  fi
  restarts=$(restarts_of "$name")
  if ((restarts > 0)); then text+=", restarted $restarts times"; fi
  printf '  %s %-10s %s\n' "$mark" "$name" "$text"
}

memory_of() { awk '/^VmRSS:/ { printf "%d MB", $2 / 1024 }' "/proc/$1/status" 2>/dev/null; }

age_of() {
  local start uptime seconds
  start=$(start_time_of "$1") || return 0
  read -r uptime _ </proc/uptime
  seconds=$((${uptime%.*} - start / $(getconf CLK_TCK)))
  if ((seconds >= 86400)); then
    printf '%d d %d h' $((seconds / 86400)) $((seconds % 86400 / 3600))
  elif ((seconds >= 3600)); then
    printf '%d h %d min' $((seconds / 3600)) $((seconds % 3600 / 60))
  elif ((seconds >= 60)); then
    printf '%d min' $((seconds / 60))
  else
    printf '%d s' "$seconds"
  fi
}

size_of() { du -sh -- "$1" 2>/dev/null | cut -f1; }

# The young end of a big table must be found fast or not at all.
last_moment() {
  local moment
  moment=$(ask_postgres agon "set statement_timeout = '2s'; select to_char($1 at time zone 'utc',
    'YYYY-MM-DD HH24:MI:SS \"UTC\"') from $2" 2>/dev/null) || { printf 'not known' && return; }
  moment=$(grep -v '^SET$' <<<"$moment" || true)
  printf '%s' "${moment:-none yet}"
}

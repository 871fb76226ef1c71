# ./agon up, down and what they share.
# shellcheck shell=bash

readonly default_port=8080
readonly instance_disk_mb=2048  # the server makes no battles when less than 1 GiB is free

up() {
  local wanted_port='' detach=no database_only=no
  serve_flags=()
  while (($# > 0)); do
    case $1 in
      --port)
        (($# > 1)) || die "--port takes a number from 1 to 65535."
        wanted_port=$2
        require_port_number "$wanted_port"
        shift
        ;;
      --port=*)
        wanted_port=${1#*=}
        require_port_number "$wanted_port"
        ;;
      --detach | -d) detach=yes ;;
      --database-only) database_only=yes ;;
      --)
        serve_flags=("${@:2}")
        break
        ;;
      *) die "up knows --port N, --detach and --database-only, not '$1'; flags of agon serve come after --." ;;
    esac
    shift
  done
  if find_instance && all_kept; then
    tell_running "$wanted_port"
    return
  fi
  wanted_port=${wanted_port:-${port:-$default_port}}
  warn_other_distribution
  if ! { find_instance && service_runs serve; }; then require_free_port "$wanted_port"; fi

  say "${bold}Agon $(<"$root/VERSION")${plain}"
  require_writable_checkout
  ensure_packages build run systems pages
  lock_build
  build_binary agon
  build_pages
  unlock_build
  require_disk "$(instance_disk)" "$instance_disk_mb" "the database"
  settle_instance
  lock_instance
  if [[ $database_only == yes ]]; then
    start_database
    say "  PostgreSQL runs alone; ./agon down stops it."
    return
  fi
  start_instance "$wanted_port"
  unlock_instance
  say
  say "  Agon is ready: ${bold}$address${plain}"
  if [[ $detach == yes ]]; then
    say "  ${dim}./agon status, ./agon logs -f, ./agon down${plain}"
  else
    stay_in_foreground
  fi
}

tell_running() {
  local head
  say "Agon is already running: ${bold}$address${plain}"
  head=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null) || head=''
  if [[ -n $head && $(running_version) != *"$head"* ]]; then
    say "It runs another version than this checkout's $head; to take that up: ./agon down && ./agon up"
  fi
  if [[ -n $1 && $1 != "$port" ]]; then say "To move it to port $1: ./agon down && ./agon up --port $1"; fi
}

warn_other_distribution() {
  local id='' version=''
  # shellcheck disable=SC1091
  { read -r id && read -r version; } < <(. /etc/os-release && printf '%s\n%s\n' "${ID:-}" "${VERSION_ID:-}") || true
  if [[ $id != debian || $version != 12 ]]; then
    note "Agon is made for Debian 12; this is ${id:-unknown} ${version:-} and may lack packages. Trying."
  fi
}

# Whatever was started is stopped again if a later step fails.
start_instance() {
  trap 'abandon_start' EXIT
  trap 'exit 130' INT TERM
  trap 'hang_up; exit 129' HUP
  if ! still_kept serve && ! still_kept rate; then stage_app; fi
  ensure_secret
  printf '%s\n' "$1" | as_service tee -- "$var/port" >/dev/null
  describe_environment
  start_database

  step_begin redis 'starting'
  prepare_redis
  start_service redis redis-server "$var/redis/redis.conf"
  if await_redis; then
    step_end 'private socket'
  else
    clear_line
    note "Redis does not answer (see $logs/redis.log); Agon serves without it."
  fi

  apply_schema
  apply_arenas
  step_begin serve 'starting'
  start_service rate "$app/bin/agon" rate --watch
  start_service release "$app/bin/agon" release --watch
  end_unwatched serve
  if ! still_kept serve; then
    require_free_port "$port"
    as_service env -C / find "$AGON_SCRATCH_DIR" -mindepth 1 -delete
  fi
  start_service serve "$app/bin/agon" serve --port "$port" --address 127.0.0.1 \
    --pages "$AGON_WEB_DIR" --media "$AGON_MEDIA_DIR" --releases "$AGON_RELEASES_DIR" \
    "${serve_flags[@]}"
  await_ready
  step_end 'ready'
  trap - EXIT INT TERM HUP
}

start_database() {
  step_begin postgresql 'starting'
  ensure_socket_folder
  [[ -f $app/launcher/keeper.sh ]] || stage_app
  end_unwatched postgres
  if ! still_kept postgres; then
    prepare_postgres
    start_service postgres "$pg_bin/postgres" -D "$var/postgres/data"
  fi
  await_postgres
  step_end 'private socket'
}

abandon_start() {
  local status=$?
  trap - EXIT INT TERM HUP
  clear_line
  stop_everything
  exit "$status"
}

# The terminal is gone: what is said from here on has nowhere to go.
hang_up() { exec </dev/null >/dev/null 2>&1; }

apply_schema() {
  local log=$root/build/log/migrate.log
  step_begin schema 'migrating'
  step_run "$log" as_service env -C "$app" "$app/bin/agon" admin migrate ||
    step_fail "The schema could not be applied." "$log"
  step_end 'applied'
}

apply_arenas() {
  local log=$root/build/log/arenas.log
  local -a files=("$app"/arenas/*.yaml)
  step_begin arenas 'applying'
  [[ -e ${files[0]} ]] || step_fail "There is no arenas/*.yaml to serve."
  step_run "$log" as_service env -C "$app" "$app/bin/agon" admin apply "${files[@]#"$app/"}" ||
    step_fail "An arena file was refused." "$log"
  step_end "${#files[@]} applied"
}

# Shows the logs in brief until Ctrl-C, or until somebody else stops the instance.
stay_in_foreground() {
  say "  ${dim}Ctrl-C stops everything.${plain}"
  say
  trap 'leave_foreground' INT TERM
  trap 'hang_up; leave_foreground' HUP
  start_brief_logs
  while any_service; do
    sleep 1 &
    wait $! || true
  done
  kill "$log_reader" 2>/dev/null || true
  say "Agon was stopped from elsewhere."
}

leave_foreground() {
  trap '' INT TERM HUP
  kill "$log_reader" 2>/dev/null || true
  clear_line
  say
  stop_everything
  say "Agon is stopped; its data stay in $state."
  exit 0
}

down() {
  (($# == 0)) || die "down takes no arguments."
  if ! find_instance; then
    say "Agon is not running."
    return
  fi
  if ! any_service && [[ -z $(marked_processes "AGON_INSTANCE=$mark") ]]; then
    say "Agon is not running."
    return
  fi
  stop_everything
  say "Agon is stopped; its data stay in $state."
}

# The private PostgreSQL 15: its own cluster, one socket in a private folder, no TCP.
# shellcheck shell=bash

readonly pg_bin=/usr/lib/postgresql/15/bin
readonly pg_start_seconds=600  # replaying the log after a crash may take minutes

# Makes the cluster once and writes its settings at every start.
prepare_postgres() {
  local data=$var/postgres/data log=$root/build/log/initdb.log version
  [[ -x $pg_bin/postgres ]] || step_fail "PostgreSQL 15 is not at $pg_bin."
  if [[ ! -f $data/PG_VERSION ]]; then
    step_progress 'making the cluster'
    as_service rm -rf -- "$data.new"
    (cd / && step_run "$log" as_service "$pg_bin/initdb" --pgdata="$data.new" --username=agon \
      --auth=peer --encoding=UTF8 --locale=C.UTF-8 --data-checksums) ||
      step_fail "The database cluster could not be made." "$log"
    as_service mv -- "$data.new" "$data"
  fi
  version=$(<"$data/PG_VERSION")
  [[ $version == 15 ]] ||
    step_fail "The cluster in $data is of PostgreSQL $version; Agon runs 15. Dump it with that version and load it into 15."
  postgres_settings | as_service tee -- "$data/agon.conf" >/dev/null
  if ! grep -q "^include 'agon.conf'" "$data/postgresql.conf"; then
    printf "include 'agon.conf'\n" | as_service tee -a -- "$data/postgresql.conf" >/dev/null
  fi
  printf 'local all all peer map=agon\n' | as_service tee -- "$data/pg_hba.conf" >/dev/null
  printf 'agon "%s" agon\nagon root agon\n' "$service_user" |
    as_service tee -- "$data/pg_ident.conf" >/dev/null
  clear_stale_postmaster "$data"
}

# An eighth of the memory for shared buffers, at most 512 MB: the hot set is the last
# battles and the tallies, and the system's page cache does the rest.
postgres_settings() {
  local memory_mb shared_mb
  memory_mb=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  shared_mb=$((memory_mb / 8 > 512 ? 512 : memory_mb / 8 < 32 ? 32 : memory_mb / 8))
  cat <<END
# Written by ./agon at every start. Put your own settings into ../local.conf.
listen_addresses = ''
unix_socket_directories = '$sockets'
unix_socket_permissions = 0700
max_connections = 64            # servers share pools of 8 to 16; the rest is for jobs and people
shared_buffers = ${shared_mb}MB
effective_cache_size = $((memory_mb / 2))MB
work_mem = 8MB
maintenance_work_mem = 64MB
# An acknowledged vote is durable.
fsync = on
synchronous_commit = on
full_page_writes = on
# Full pages after a checkpoint are most of the log: compress them, and checkpoint seldom.
wal_compression = lz4
wal_buffers = 16MB
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
default_toast_compression = lz4
random_page_cost = 1.1          # solid-state disks
jit = off                       # short statements; compiling them costs more than it saves
max_locks_per_transaction = 128 # monthly partitions take a lock each
idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
# Logs name no value of a row: neither prompts nor comments may end up there.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_min_duration_statement = 1s
log_line_prefix = '%m [%p] '
include_if_exists '../local.conf'
END
}

# After a crash or reboot the number in postmaster.pid may belong to another process of
# this account, and PostgreSQL would refuse to start. It is ours only if it works in there.
clear_stale_postmaster() {
  local data=$1 pid=''
  { read -r pid <"$data/postmaster.pid"; } 2>/dev/null || return 0
  if [[ $(stat -Lc %d:%i "/proc/$pid/cwd" 2>/dev/null) == "$(stat -c %d:%i -- "$data")" ]]; then
    step_progress 'stopping one left over'
    (cd / && as_service "$pg_bin/pg_ctl" stop --pgdata="$data" --mode=fast --silent) >/dev/null 2>&1 ||
      step_fail "A PostgreSQL left over in $data (process $pid) does not stop."
  else
    as_service rm -f -- "$data/postmaster.pid" "$sockets/.s.PGSQL.5432.lock"
  fi
}

postgres_answers() { "$pg_bin/pg_isready" --quiet --host="$sockets" --username=agon --dbname=postgres; }

await_postgres() {
  local limit=$((SECONDS + pg_start_seconds))
  until postgres_answers; do
    ((SECONDS < limit)) || step_fail "PostgreSQL did not come up." "$logs/postgres.log"
    still_kept postgres || step_fail "PostgreSQL does not start." "$logs/postgres.log"
    step_progress "$(postgres_state)"
    sleep 0.2
  done
  if [[ $(ask_postgres postgres "select 1 from pg_database where datname = 'agon'") != 1 ]]; then
    ask_postgres postgres 'create database agon' >/dev/null ||
      step_fail "The database could not be made." "$logs/postgres.log"
  fi
}

postgres_state() {
  if tail -n 3 -- "$logs/postgres.log" 2>/dev/null | grep -q 'redo'; then
    printf 'recovering after a crash'
  else
    printf 'starting'
  fi
}

# ask_postgres DATABASE SQL prints the rows without decoration.
ask_postgres() {
  (cd / && psql -X --host="$sockets" --username=agon --dbname="$1" --no-align --tuples-only \
    --set=ON_ERROR_STOP=1 --command="$2")
}

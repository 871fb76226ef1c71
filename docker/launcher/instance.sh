# Where an instance lives, whose it is, and what its processes are told.
# shellcheck shell=bash

# The folder of this instance, or a link to it. Tests set AGON_VAR to have one of their own.
readonly state=${AGON_VAR:-$root/var}
readonly service_account=_agon  # runs everything when root starts it

readonly longest_socket_folder=90  # a socket's path ends at 107 bytes, with its file name

# Root must not run PostgreSQL, nor synthesisers on strangers' prompts: it hands down to the
# owner of the instance's folder.
as_service() { (exec_as_service "$@"); }
exec_as_service() {
  if ((EUID != 0)); then
    exec "$@"
  else
    exec setpriv --reuid="$service_user" --regid="$service_group" --init-groups -- \
      env HOME="$var" USER="$service_user" LOGNAME="$service_user" "$@"
  fi
}

# Sets `var` and all that follows from it. Fails if there is no instance yet.
find_instance() {
  [[ -d $state ]] || return 1
  var=$(realpath -- "$state")
  service_user=$(stat -c %U -- "$var")
  service_group=$(stat -c %G -- "$var")
  if ((EUID != 0)) && [[ ! -O $var ]]; then
    die "The data in $state belong to $service_user, who started Agon here; use sudo ./agon, or that account."
  fi
  run=$var/run logs=$var/log app=$var/app
  mark=$var@$(stat -c %d:%i -- "$var")  # a path alone may exist in a container, too
  choose_socket_folder
  describe_environment
}

# Makes the instance's folder if there is none: in the checkout or, when root's services
# could not enter that (as under /root), in /var/lib with a link to it.
settle_instance() {
  local folder
  if [[ -L $state && ! -e $state ]]; then rm -f -- "$state"; fi
  if ((EUID == 0)); then
    settle_as_root
  elif [[ ! -d $state ]]; then
    mkdir -m 700 -- "$state" 2>/dev/null ||
      die "The folder $state cannot be made here; check who owns ${state%/*}."
  fi
  find_instance
  for folder in run log app media releases scratch postgres redis; do
    as_service bash -c 'umask 077; mkdir -p -- "$1"' make "$var/$folder" ||
      die "The folder $var/$folder cannot be made as $service_user."
  done
}

# The folder whose disk the instance is or will be on.
instance_disk() {
  local place
  place=$(realpath -m -- "$state")
  while [[ ! -d $place ]]; do place=$(dirname -- "$place"); done
  printf '%s' "$place"
}

settle_as_root() {
  local place
  ensure_service_account
  service_user=$service_account service_group=$(id -gn "$service_account") var=/
  if [[ ! -e $state ]]; then
    place=$state
    if [[ -z ${AGON_VAR:-} ]] && ! can_enter "$root"; then
      place=/var/lib/agon-$(short_hash "$root")
      if [[ -d $place ]]; then note "Using the data of an earlier installation in $place."; fi
      ln -s -- "$place" "$state"
    fi
    install -d -m 700 -o "$service_user" -g "$service_group" -- "$place"
  elif [[ $(stat -Lc %u -- "$state") == 0 ]]; then
    chown "$service_user:$service_group" -- "$(realpath -- "$state")"
  fi
  place=$(realpath -- "$state")
  service_user=$(stat -c %U -- "$place") service_group=$(stat -c %G -- "$place")
  can_enter "$place" ||
    die "The account $service_user cannot enter $place; move the checkout or open the folders above it."
}

ensure_service_account() {
  getent passwd "$service_account" >/dev/null && return
  useradd --system --user-group --no-create-home --home-dir /nonexistent \
    --shell /usr/sbin/nologin --comment 'Agon services' "$service_account" ||
    die "The account $service_account, under which root starts the services, could not be made."
}

can_enter() { (cd / && as_service test -x "$1") 2>/dev/null; }

short_hash() { printf '%s' "$1" | sha256sum | cut -c1-8; }

# Sockets lie in var/run unless its path is too long, or libpq or a URL would need quoting.
choose_socket_folder() {
  sockets=$run
  if ((${#run} > longest_socket_folder)) || [[ ! $run =~ ^[A-Za-z0-9_./-]+$ ]]; then
    sockets=/tmp/agon-$(short_hash "$var")
  fi
}

# The folder in /tmp must be ours alone: somebody else may have made it first.
ensure_socket_folder() {
  as_service bash -c 'umask 077; mkdir -p -- "$1"' make "$sockets"
  [[ ! -L $sockets && $(stat -c '%U %a' -- "$sockets") == "$service_user 700" ]] ||
    die "The folder $sockets must belong to $service_user with mode 700, and does not; remove it."
}

# What agon's processes and the commands passed through to it read.
describe_environment() {
  export DATABASE_URL="host=$sockets user=agon dbname=agon"
  export REDIS_URL="unix://$sockets/redis.sock"
  export AGON_SECRET_FILE=$var/secret
  export AGON_MEDIA_DIR=$var/media
  export AGON_RELEASES_DIR=$var/releases
  release_key=$var/release.key
  if [[ -z ${AGON_RELEASE_KEY:-} && -f $release_key ]]; then export AGON_RELEASE_KEY=$release_key; fi
  export AGON_WEB_DIR=$app/web
  export AGON_SCRATCH_DIR=$var/scratch
  port=$(cat -- "$var/port" 2>/dev/null) || port=''
  address=http://localhost:$port
}

ensure_secret() {
  if [[ ! -s $var/secret ]]; then
    # shellcheck disable=SC2016
    as_service bash -c 'umask 077 && head -c 32 /dev/urandom | od -An -v -tx1 | tr -d " \n" >"$1.new" &&
      sync "$1.new" && mv -- "$1.new" "$1"' secret "$var/secret" ||
      die "The secret for cookies could not be written to $var/secret."
  fi
}

# One launcher at a time changes an instance.
lock_instance() {
  exec {lock}>"$root/build/.launcher-$(short_hash "$var")"
  flock -n "$lock" || die "Another ./agon is at work on this instance; wait for it to end."
}
unlock_instance() { exec {lock}>&-; }

#!/usr/bin/env bash
# Installs Debian packages as root without starting the services some of them bring:
# Agon runs a PostgreSQL and a Redis of its own. What is changed for that is undone,
# also on failure. Usage: install_packages.sh PACKAGE...
set -Eeuo pipefail

readonly policy=/usr/sbin/policy-rc.d
readonly cluster_folder=/etc/postgresql-common/createcluster.d
readonly cluster_file=$cluster_folder/agon-installs.conf

undo=()
cleanup() {
  local step
  for step in "${undo[@]}"; do eval "$step"; done
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

if [[ ! -e $policy ]]; then
  undo+=("rm -f $policy")
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
# Debian makes and enables a cluster "main" when postgresql-15 is first installed.
if ! installed postgresql-15; then
  undo+=("rm -f $cluster_file")
  mkdir -p "$cluster_folder"
  printf 'create_main_cluster = false\n' >"$cluster_file"
fi
redis_was_there=no
if installed redis-server; then redis_was_there=yes; fi

export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 NEEDRESTART_SUSPEND=1
apt-get update || echo "The package lists could not be refreshed; trying with those at hand."
apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"

# Redis of the system would listen on 6379 after the next boot; nobody asked for that.
if [[ $redis_was_there == no ]] && installed redis-server && [[ -d /run/systemd/system ]]; then
  systemctl disable redis-server.service || true
fi

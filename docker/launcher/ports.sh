# Is a TCP port of this machine free, and if not, who has it?
# shellcheck shell=bash

require_port_number() {
  [[ $1 =~ ^[1-9][0-9]{0,4}$ && $1 -le 65535 ]] ||
    die "--port takes a number from 1 to 65535, not '$1'."
  if (($1 < $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start 2>/dev/null || echo 1024))); then
    die "Port $1 is reserved for root, and Agon does not serve as root; choose one above 1023 and put a proxy in front."
  fi
}

# Prints the inode of the socket that listens on the port; fails if none does.
listening_inode() {
  local hex
  printf -v hex '%04X' "$1"
  awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; found = 1; exit }
    END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# Prints "name (process N)", or nothing if /proc hides it from us.
port_holder() {
  local link
  link=$(find /proc/[0-9]*/fd -lname "socket:\[$1\]" -print -quit 2>/dev/null) || true
  [[ -n $link ]] || return 0
  link=${link#/proc/}
  printf '%s (process %s)' "$(cat "/proc/${link%%/*}/comm")" "${link%%/*}"
}

require_free_port() {
  local wanted=$1 inode holder
  inode=$(listening_inode "$wanted") || return 0
  holder=$(port_holder "$inode")
  die "Port $wanted is in use by ${holder:-another program}; choose another: ./agon up --port $(free_port_after "$wanted")"
}

free_port_after() {
  local candidate=$(($1 + 1))
  while listening_inode "$candidate" >/dev/null && ((candidate < 65535)); do candidate=$((candidate + 1)); done
  printf '%s' "$candidate"
}

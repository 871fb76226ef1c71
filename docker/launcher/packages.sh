# Which Debian packages are wanted, which are missing, and how they are installed.
# shellcheck shell=bash

readonly packages_file=$root/docker/packages
readonly package_disk_mb=3000  # all sections unpacked take about 2.4 GB

# packages_of SECTION... prints one entry of docker/packages per line.
packages_of() {
  local line section='' wanted=" $* " entry
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%%#*}
    if [[ $line =~ ^[[:space:]]*\[([a-z]+)\] ]]; then
      section=${BASH_REMATCH[1]}
    elif [[ $wanted == *" $section "* ]]; then
      for entry in $line; do printf '%s\n' "$entry"; done
    fi
  done <"$packages_file"
}

# missing_packages SECTION... prints the names that are not installed.
missing_packages() {
  local entry name
  local -A installed=()
  while read -r name; do installed[$name]=1; done < <(
    packages_of "$@" | sed 's/?.*//' | sort -u |
      xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
      sed -n 's/^installed //p'
  )
  while read -r entry; do
    name=${entry%%\?*}
    if [[ -z ${installed[$name]:-} ]]; then
      if [[ $entry == *\?* ]] && command -v "${entry#*\?}" >/dev/null; then continue; fi
      printf '%s\n' "$name"
    fi
  done < <(packages_of "$@")
}

# Installs what is missing of the sections; touches no network when nothing is.
ensure_packages() {
  local -a missing
  local log=$root/build/log/packages.log
  step_begin packages 'looking'
  command -v dpkg-query >/dev/null ||
    step_fail "This needs Debian 12: dpkg-query is missing, so packages can be neither found nor installed."
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then
    step_end "all $(packages_of "$@" | wc -l) present"
    return
  fi
  clear_line
  local by_hand="apt-get install --no-install-recommends ${missing[*]}"
  require_disk / "$package_disk_mb" "installing packages"
  local -a rights
  become_root_command "$by_hand"
  step_progress "installing ${#missing[@]}"
  step_run "$log" "${rights[@]}" "$root/docker/launcher/install_packages.sh" "${missing[@]}" ||
    step_fail "Packages could not be installed; without a network, install them by hand: $by_hand" "$log"
  step_end "${#missing[@]} installed"
}

# Sets rights to what goes in front of a command that must run as root, or dies.
become_root_command() {
  local by_hand=$1
  rights=()
  ((EUID == 0)) && return
  local advice="run this as root, then start again: $by_hand"
  command -v sudo >/dev/null ||
    step_fail "Packages are missing and there is no sudo here; $advice"
  if ! sudo -n true 2>/dev/null; then
    [[ -t 0 && $on_terminal == yes ]] ||
      step_fail "Packages are missing and sudo would ask for a password, which nobody can type here; $advice"
    sudo -v || step_fail "Packages are missing and sudo was refused; $advice"
  fi
  rights=(sudo -n)
}

# Dies with one sentence when less than MB megabytes are free where PATH lies.
require_disk() {
  local path=$1 need=$2 what=$3 free
  free=$(df -Pk -- "$path" | awk 'NR == 2 { print int($4 / 1024) }')
  ((free >= need)) ||
    die "The disk of $path is nearly full: $what needs about $need MB, $free MB are free."
}

#!/usr/bin/env bash
# Prints the packages of sections of docker/packages. Usage: list_packages.sh SECTION...
set -euo pipefail
root=$(dirname -- "$(realpath -- "${BASH_SOURCE[0]}")")/../..
# shellcheck source=docker/launcher/packages.sh
source "$root/docker/launcher/packages.sh"
packages_of "$@" | sed 's/?.*//'

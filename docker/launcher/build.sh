# Building the binary and the pages, each skipped when nothing changed.
# shellcheck shell=bash

readonly preset_folder=$root/build/release
readonly binary=$preset_folder/services/agon
readonly build_disk_mb=2000

# What an earlier run as root left behind would stop us halfway with less clear words.
require_writable_checkout() {
  local path
  for path in "$root" "$root/build" "$root/web/node_modules" "$root/web/dist" \
    "$root/tests/e2e/node_modules"; do
    if [[ -e $path ]]; then path=$(find "$path" -maxdepth 2 ! -type l ! -writable -print -quit); else path=''; fi
    [[ -z $path ]] ||
      die "You may not write to $path; if an earlier run as root left it: sudo chown -R $(id -un) '$root'"
  done
  mkdir -p -- "$root/build/log"
}

# Two at work in one build folder would ruin it: the second waits for the first.
lock_build() {
  exec {build_lock}>"$root/build/.building"
  flock -n "$build_lock" && return
  note "Another ./agon builds here; waiting for it."
  flock "$build_lock"
}
unlock_build() { exec {build_lock}>&-; }

# build_binary [TARGET...]: configures once (ninja repeats it when CMake files change).
build_binary() {
  local log=$root/build/log/build.log before
  step_begin build 'configuring'
  forget_moved_build
  if [[ ! -f $preset_folder/build.ninja ]]; then
    require_disk "$root" "$build_disk_mb" building
    in_folder . step_run "$root/build/log/configure.log" cmake --preset release ||
      step_fail "CMake could not configure the build." "$root/build/log/configure.log"
  fi
  before=$(stat -c %Y -- "$binary" 2>/dev/null || echo none)
  in_folder . step_run "$log" ninja -C "$preset_folder" "$@" || step_fail "The build failed." "$log"
  [[ -x $binary ]] || step_fail "The build made no $binary." "$log"
  if [[ $before == "$(stat -c %Y -- "$binary")" ]]; then
    step_end "up to date, $(binary_version)"
  else
    step_end "$(binary_version)"
  fi
}

# A checkout that was moved or copied with its build folder cannot be built on.
forget_moved_build() {
  local cache=$preset_folder/CMakeCache.txt home
  [[ -f $cache ]] || return 0
  home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$cache")
  if [[ $home != "$root" ]]; then rm -rf -- "$preset_folder"; fi
}

binary_version() { "$binary" --version 2>/dev/null | head -n 1; }

# The pages, when any of their sources changed; what vite needs of npm before.
build_pages() {
  local log=$root/build/log/pages.log stamp=$root/build/pages.stamp wanted
  step_begin pages 'looking'
  require_node
  wanted="$(node --version) $(page_sources)"
  if [[ $(cat "$stamp" 2>/dev/null) == "$wanted" && -f $root/web/dist/index.html ]]; then
    step_end 'up to date'
    return
  fi
  ensure_npm web --omit=dev
  step_progress 'building'
  in_folder web step_run "$log" npm run build || step_fail "The pages could not be built." "$log"
  printf '%s\n' "$wanted" >"$stamp"
  step_end "built, $(du -sh --apparent-size -- "$root/web/dist" | cut -f1)"
}

# ensure_npm FOLDER [--omit=dev]: node_modules as the lock file says, fetched only when it,
# node or what is wanted of it changed.
ensure_npm() {
  local folder=$1 scope=${2:-all} log=$root/build/log/npm.log wanted stamp have
  stamp=$root/$folder/node_modules/.agon-lock
  wanted="$(node --version) $(sha256sum <"$root/$folder/package-lock.json")"
  have=$(cat "$stamp" 2>/dev/null) || true
  if [[ $have == "$wanted all" || $have == "$wanted $scope" ]]; then return; fi
  step_progress "npm ci in $folder"
  local -a flags=(--prefer-offline --no-audit --no-fund)
  if [[ $scope != all ]]; then flags+=("$scope"); fi
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 in_folder "$folder" step_run "$log" npm ci "${flags[@]}" ||
    step_fail "npm could not fetch the packages of $folder/; this once needs a network (or a filled npm cache)." "$log"
  printf '%s\n' "$wanted $scope" >"$stamp"
}

in_folder() { (cd -- "$root/$1" && "${@:2}"); }

require_node() {
  local major
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  ((${major:-0} >= 18)) ||
    step_fail "The pages need node 18 or newer; this machine's node is ${major:-missing}."
}

# One hash over everything the pages are made of.
page_sources() {
  (
    cd -- "$root" &&
      find web schema/openapi.yaml VERSION \( -name node_modules -o -name dist \) -prune -o -type f -print0 |
      LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
  )
}

# What runs is a copy, so that a later build or a test does not pull the floor from under
# it, and so that the services' account needs no way into the checkout.
stage_app() {
  local name
  as_service rm -rf -- "$app.new"
  as_service mkdir -p -- "$app.new/bin" "$app.new/launcher" "$app.new/web"
  as_service dd of="$app.new/bin/agon" bs=1M status=none <"$binary"
  as_service chmod 700 "$app.new/bin/agon"
  for name in keeper process; do
    as_service tee -- "$app.new/launcher/$name.sh" <"$root/docker/launcher/$name.sh" >/dev/null
  done
  copy_folder "$root/web/dist" "$app.new/web"
  copy_folder "$root/arenas" "$app.new/arenas"
  as_service rm -rf -- "$app.old"
  if [[ -d $app ]]; then as_service mv -- "$app" "$app.old"; fi
  as_service mv -- "$app.new" "$app"
  as_service rm -rf -- "$app.old"
}

copy_folder() {
  [[ -d $1 ]] || return 0
  as_service mkdir -p -- "$2"
  tar -C "$1" -cf - . | as_service tar -C "$2" -xf - --no-same-owner
}

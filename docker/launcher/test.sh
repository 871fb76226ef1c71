# ./agon test: builds everything, runs each level, adds the levels up.
# shellcheck shell=bash

readonly results=$root/build/results
readonly test_seconds=900  # for one of CTest's tests, which may hold a whole level

passed_all=0 failed_all=0 skipped_all=0
failures=()

run_tests() {
  (($# == 0)) || die "test takes no arguments; ctest --test-dir build/release -R NAME runs some."
  local name
  local -a names
  say "${bold}Agon $(<"$root/VERSION"), every test${plain}"
  warn_other_distribution
  require_writable_checkout
  ensure_packages build run systems pages test
  lock_build
  build_binary
  build_pages
  unlock_build
  rm -rf -- "$results"
  mkdir -p -- "$results"
  mapfile -t names < <(ctest_names)
  ((${#names[@]} > 0)) || die "CTest knows no tests in $preset_folder; something is wrong with the build."
  step_begin mocks 'npm'
  ensure_npm tests/mocks
  step_end 'ready'
  for name in "${names[@]}"; do run_ctest "$name"; done
  run_parquet_tests
  run_pages_tests
  run_browser_tests
  summarize
}

# CTest's tests in the order of their levels: a fault in a low one explains those above.
ctest_names() {
  local level all
  all=$(ctest --test-dir "$preset_folder" -N | sed -n 's/^ *Test *#[0-9]*: //p')
  for level in unit integration faults e2e; do grep -E "^$level" <<<"$all" || true; done
  grep -vE '^(unit|integration|faults|e2e)' <<<"$all" || true
}

# One of CTest's tests. GoogleTest writes an XML file from which its cases are counted; a
# program that writes none counts as one test. Processes left behind are a failure.
run_ctest() {
  local name=$1 log=$results/$1.log folder=$results/$1 outcome=0
  local -a left
  mkdir -p -- "$folder"
  step_begin "$name" 'running'
  AGON_TEST_RUN=$$ GTEST_OUTPUT="xml:$folder/" step_run "$log" ctest --test-dir "$preset_folder" \
    --verbose --timeout "$test_seconds" -R "^${name//./\\.}\$" || outcome=$?
  mapfile -t left < <(marked_processes "AGON_TEST_RUN=$$")
  if ((${#left[@]} > 0)); then
    printf 'Left behind:\n%s\n' "$(for pid in "${left[@]}"; do tr '\0' ' ' <"/proc/$pid/cmdline"; echo; done)" >>"$log"
    kill -KILL "${left[@]}" 2>/dev/null || true
    outcome=1
  fi
  count_cases "$name" "$folder" "$outcome" "$log"
}

count_cases() {
  local name=$1 folder=$2 outcome=$3 log=$4 total=0 failed=0 skipped=0 file counted=no
  for file in "$folder"/*.xml; do
    [[ -s $file ]] || continue
    counted=yes
    total=$((total + $(xml_count tests "$file")))
    failed=$((failed + $(xml_count failures "$file") + $(xml_count errors "$file")))
    skipped=$((skipped + $(grep -c '<skipped' "$file" || true) + $(xml_count disabled "$file")))
  done
  if [[ $counted == no ]]; then
    total=1 failed=$((outcome != 0))
  elif ((total == 0)); then
    total=1 failed=1  # a level whose cases were all filtered out proves nothing
  elif ((outcome != 0 && failed == 0)); then
    total=$((total + 1)) failed=1  # it crashed, or failed outside its cases
  fi
  count_level "$name" "$((total - failed - skipped))" "$failed" "$skipped" "$log"
}

# The number in an attribute of the file's outermost element.
xml_count() {
  local number
  number=$(grep -m1 '<testsuites' "$2" | sed -n "s/.*[ ]$1=\"\([0-9]*\)\".*/\1/p")
  printf '%s' "${number:-0}"
}

# Our Parquet files before DuckDB and hyparquet, and DuckDB's before us.
run_parquet_tests() {
  local outcome=0 folder=$results/parquet log=$results/parquet.log
  mkdir -p -- "$folder"
  step_begin parquet 'npm'
  ensure_npm tests/parquet
  PARQUET_ROWS=$preset_folder/tests/parquet/parquet_rows \
    in_folder tests/parquet step_run "$log" npm test -- --test-reporter=tap || outcome=$?
  printf '<testsuites tests="%d" failures="%d" errors="0">\n' \
    "$(tap_total tests "$log")" "$(tap_total fail "$log")" >"$folder/parquet.xml"
  count_cases parquet "$folder" "$outcome" "$log"
}

# A number of the last lines of node's test runner.
tap_total() {
  sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$2" | tail -n 1
}

# The pages' own: types, and units by vitest.
run_pages_tests() {
  local outcome=0 folder=$results/pages
  mkdir -p -- "$folder"
  step_begin pages-types 'npm'
  ensure_npm web
  in_folder web step_run "$results/pages-types.log" npm run check || outcome=$?
  count_cases pages-types "$folder" "$outcome" "$results/pages-types.log"
  outcome=0
  step_begin pages-units 'running'
  in_folder web step_run "$results/pages-units.log" npm test -- --reporter=default --reporter=junit \
    --outputFile.junit="$folder/units.xml" || outcome=$?
  count_cases pages-units "$folder" "$outcome" "$results/pages-units.log"
}

# Playwright with Debian's Chromium against an instance of its own, which is gone afterwards.
run_browser_tests() {
  local outcome=0 folder=$results/browser log=$results/browser.log test_port
  mkdir -p -- "$folder"
  step_begin browser 'npm'
  ensure_npm tests/e2e
  test_state=$(mktemp -d /tmp/agon-test.XXXXXX)
  trap remove_test_instance EXIT
  trap 'exit 130' INT TERM HUP
  test_port=$(free_port_after 18080)
  step_progress 'starting an instance'
  if AGON_VAR=$test_state step_run "$results/browser-instance.log" \
    "$root/agon" up --detach --port "$test_port" &&
    AGON_VAR=$test_state step_run "$results/browser-arenas.log" \
      "$root/agon" admin apply "$root"/tests/e2e/arenas/*.yaml; then
    PLAYWRIGHT_JUNIT_OUTPUT_NAME=$folder/browser.xml AGON_URL=http://localhost:$test_port \
      in_folder tests/e2e step_run "$log" npm test -- --reporter=list,junit || outcome=$?
    if ((outcome != 0)); then cp -r -- "$test_state/log" "$results/browser-instance-logs"; fi
  else
    outcome=1 log=$results/browser-instance.log
  fi
  count_cases browser "$folder" "$outcome" "$log"
  step_begin instance 'stopping'
  remove_test_instance
  trap - EXIT INT TERM HUP
  step_end 'stopped and removed'
}

remove_test_instance() {
  AGON_VAR=$test_state "$root/agon" down >"$results/browser-down.log" 2>&1 || true
  rm -rf -- "$test_state"
}

count_level() {
  local name=$1 passed=$2 failed=$3 skipped=$4 log=$5
  passed_all=$((passed_all + passed))
  failed_all=$((failed_all + failed))
  skipped_all=$((skipped_all + skipped))
  local text="$passed passed"
  if ((skipped > 0)); then text+=", $skipped skipped"; fi
  if ((failed == 0)); then
    step_end "$text"
  else
    failures+=("$name: $log")
    clear_line
    printf '  %s %-22s %-40s %s\n' "${red}${mark_bad}${plain}" "$name" "$text, $failed failed" \
      "${dim}$(since "$step_started")${plain}"
    grep -hE '^([0-9]+: )?\[  FAILED  \]' "$log" | sort -u | head -n 20 | sed 's/^/    /' || true
    show_tail "$log"
  fi
}

# The last line is for machines, too.
summarize() {
  local failure
  say
  for failure in "${failures[@]}"; do say "  failed: $failure"; done
  if ((skipped_all > 0)); then say "  $skipped_all skipped"; fi
  say "$passed_all passed, $failed_all failed"
  ((failed_all == 0))
}

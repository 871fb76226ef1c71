# ./agon logs, and the brief form that the foreground shows.
# shellcheck shell=bash

show_logs() {
  local name='' follow=no word
  local -a files=()
  for word in "$@"; do
    case $word in
      -f | --follow) follow=yes ;;
      postgres | redis | rate | release | serve) name=$word ;;
      *) die "logs knows serve, rate, release, postgres, redis and -f, not '$word'." ;;
    esac
  done
  find_instance || die "There are no logs yet; start with ./agon up."
  for word in ${name:-"${services[@]}"}; do
    if [[ -f $logs/$word.log ]]; then files+=("$logs/$word.log"); fi
  done
  ((${#files[@]} > 0)) || die "There are no logs yet; start with ./agon up."
  if [[ $follow == yes ]]; then
    exec tail -n 40 -F -- "${files[@]}"
  else
    exec tail -n "$([[ -n $name ]] && echo 200 || echo 40)" -- "${files[@]}"
  fi
}

# Starts a reader of the logs in the background and sets log_reader to its process.
start_brief_logs() {
  tail -n 0 -q -F --pid=$$ -- "$logs/serve.log" "$logs/rate.log" "$logs/release.log" "$logs/postgres.log" \
    2>/dev/null > >(brief_lines) &
  log_reader=$!
}

# {"time":"2025-01-02T03:04:05.678Z","level":"info","event":"x","n":1} -> 03:04:05 x n=1
# Single requests and PostgreSQL's routine are left out; ./agon logs -f has them.
brief_lines() {
  awk -v red="$red" -v yellow="$yellow" -v dim="$dim" -v plain="$plain" '
    /^\{/ {
      clock = match($0, /T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]/) ? substr($0, RSTART + 1, 8) : ""
      level = match($0, /"level":"[a-z]+"/) ? substr($0, RSTART + 9, RLENGTH - 10) : ""
      event = match($0, /"event":"[^"]*"/) ? substr($0, RSTART + 9, RLENGTH - 10) : ""
      if (event == "request" && level == "info") next
      sub(/.*"event":"[^"]*",?/, "")
      sub(/\}$/, "")
      gsub(/","/, "\" \"")
      gsub(/,"/, " ")
      gsub(/"/, "")
      gsub(/:/, "=")
      colour = level == "error" ? red : level == "warn" ? yellow : ""
      printf "  %s%s%s %s%s%s %s\n", dim, clock, plain, colour, event, plain, $0
      fflush()
      next
    }
    / (ERROR|FATAL|PANIC|WARNING): / { print "  " $0; fflush() }'
}

# What the launcher tells its user: step lines with elapsed time, errors, progress.
# shellcheck shell=bash

if [[ -t 1 ]]; then on_terminal=yes; else on_terminal=no; fi
if [[ $on_terminal == yes && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
else
  bold='' dim='' red='' green='' yellow='' plain=''
fi
if [[ ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} =~ [Uu][Tt][Ff]-?8 ]]; then
  mark_ok='✓' mark_bad='✗' mark_busy='·' mark_note='!'
else
  mark_ok='+' mark_bad='x' mark_busy='.' mark_note='!'
fi

readonly failure_lines=25  # of a log, shown when a step fails
readonly quiet_seconds=20  # without a terminal: how long a step may say nothing

say() { printf '%s\n' "$*"; }
note() { printf '  %s %s\n' "${yellow}${mark_note}${plain}" "$*"; }

# One clear sentence, then the end.
die() {
  clear_line
  printf '%s %s\n' "${red}agon:${plain}" "$*" >&2
  exit 1
}

clear_line() { if [[ $on_terminal == yes ]]; then printf '\r\e[K'; fi; }

# Seconds with one decimal since a time taken by `now`.
now() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }
since() {
  local tenths=$((($(now) - $1) / 100000))
  if ((tenths < 600)); then
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
  else
    printf '%d min %02d s' $((tenths / 600)) $((tenths % 600 / 10))
  fi
}

# A step: step_begin LABEL; step_run LOG COMMAND...; step_end DETAIL or step_fail SENTENCE.
step_begin() {
  step_label=$1 step_started=$(now)
  step_progress "${2:-}"
}

# On a terminal the line is rewritten; elsewhere nothing is shown until the step ends.
step_progress() {
  [[ $on_terminal == yes ]] || return 0
  local text=$1 width=${COLUMNS:-80}
  printf '\r\e[K  %s %-22s %s' "${dim}${mark_busy}${plain}" "$step_label" \
    "${dim}${text:0:$((width > 52 ? width - 38 : 14))} $(since "$step_started")${plain}"
}

step_end() {
  clear_line
  printf '  %s %-22s %-40s %s\n' "${green}${mark_ok}${plain}" "$step_label" "$1" \
    "${dim}$(since "$step_started")${plain}"
}

# Ends the launcher: the sentence, the last lines of the log and where it is.
step_fail() {
  local sentence=$1 log=${2:-}
  clear_line
  printf '  %s %-22s failed after %s\n' "${red}${mark_bad}${plain}" "$step_label" \
    "$(since "$step_started")"
  show_tail "$log"
  if [[ -f $log ]] && grep -qF 'No space left on device' -- "$log"; then sentence+=" The disk is full."; fi
  die "$sentence"
}

show_tail() {
  local log=$1
  [[ -n $log && -s $log ]] || return 0
  printf '\n'
  tail -n "$failure_lines" -- "$log" | sed 's/^/    /'
  printf '\n    %s\n\n' "${dim}the whole log: $log${plain}"
}

# Runs a command with its output in LOG and its progress on the step's line.
# Returns the command's status. A pipe and not a job, so that Ctrl-C reaches it.
step_run() {
  local log=$1
  shift
  mkdir -p -- "${log%/*}"
  "$@" </dev/null 2>&1 | follow_progress "$log"
}

# Copies lines to the log and shows the last one, or ninja's [n/m]. Without a terminal a
# line now and then says that the step is alive.
follow_progress() {
  local log=$1 line='' part='' status latest='' told=$SECONDS
  trap '' INT
  : >"$log"
  while :; do
    status=0
    IFS= read -r -t 1 part || status=$?
    line+=$part
    if ((status <= 128)); then
      if [[ $status -eq 0 || -n $line ]]; then printf '%s\n' "$line" >>"$log"; fi
      if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
        latest="${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
      elif [[ -n $line && $line != ' '* ]]; then
        latest=${line//[^[:print:]]/}
      fi
      line=''
    fi
    step_progress "$latest"
    if [[ $on_terminal == no ]] && ((SECONDS - told >= quiet_seconds)); then
      told=$SECONDS
      printf '  %s %-22s %s\n' "$mark_busy" "$step_label" "${latest:0:60}, $(since "$step_started")"
    fi
    ((status == 0 || status > 128)) || break
  done
}

# ./agon clean: back to a bare checkout.
# shellcheck shell=bash

clean() {
  local yes=no answer target
  case ${1:-} in
    '') ;;
    --yes | -y) yes=yes ;;
    *) die "clean knows --yes, not '$1'." ;;
  esac
  if find_instance; then
    if any_service || [[ -n $(marked_processes "AGON_INSTANCE=$mark") ]]; then stop_everything; fi
    if [[ $yes == no ]]; then
      if [[ -t 0 && $on_terminal == yes ]]; then
        say "The data in $var ($(size_of "$var")) would be lost: votes, recordings and releases."
        read -r -p "Type 'delete' to delete them: " answer
        if [[ $answer == delete ]]; then yes=yes; fi
      fi
    fi
    if [[ $yes == yes ]]; then
      target=$var
      rm -rf -- "$target" "$state"
      if [[ $sockets == /tmp/agon-* ]]; then rm -rf -- "$sockets"; fi
      say "The data are deleted."
    else
      say "The data in $state are kept; ./agon clean --yes deletes them too."
    fi
  fi
  rm -rf -- "$root/build" "$root/web/dist" "$root/web/node_modules" \
    "$root/tests/e2e/node_modules" "$root/tests/e2e/results" "$root/tests/mocks/node_modules"
  say "What was built and fetched is removed."
}

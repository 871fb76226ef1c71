#!/bin/sh
# Makes the folders and the secret on the first start, then becomes agon.
set -eu
umask 077
mkdir -p "$AGON_MEDIA_DIR" "$AGON_RELEASES_DIR"
if [ ! -s "$AGON_SECRET_FILE" ]; then
  # ln refuses to replace: of several containers that start at once, one wins for all.
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$AGON_SECRET_FILE.$$"
  ln "$AGON_SECRET_FILE.$$" "$AGON_SECRET_FILE" 2>/dev/null || true
  rm -f "$AGON_SECRET_FILE.$$"
fi
exec agon "$@"

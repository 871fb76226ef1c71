#!/usr/bin/env bash
# An arena of pictures that were made before: draws a small set with ffmpeg, by three "systems",
# and writes the arena that compares them.
#   arenas/examples/images.sh /srv/agon/images     an absolute folder that the server can read
#   ./agon admin apply /srv/agon/images/images.yaml
set -euo pipefail
folder=${1:?the folder to draw into}
if [[ $folder != /* ]]; then
  echo "Give an absolute folder: the server looks from its own." >&2
  exit 1
fi
mkdir -p -- "$folder/media"

# One picture of one system, and its line in the pool.
draw() { # SYSTEM NUMBER PROMPT SOURCE
  ffmpeg -nostdin -loglevel error -f lavfi -i "$4" -frames:v 1 -y "$folder/media/$1-$2.png"
  printf '{"prompt": "%s", "file": "%s-%s.png", "media_type": "image/png"}\n' "$3" "$1" "$2" >>"$folder/$1.jsonl"
}

fractal='A fractal at dusk' gradient='A soft gradient of two colours' pattern='A pattern that never repeats'
rm -f -- "$folder"/{one,two,three}.jsonl
draw one 0 "$fractal" "mandelbrot=size=768x768:start_scale=2.5"
draw two 0 "$fractal" "mandelbrot=size=768x768:start_scale=0.02"
draw three 0 "$fractal" "sierpinski=size=768x768:seed=1"
draw one 1 "$gradient" "gradients=size=768x768:c0=0x1b4f72:c1=0xf5b041:nb_colors=2:seed=3"
draw two 1 "$gradient" "gradients=size=768x512:c0=0x4a235a:c1=0xaed6f1:nb_colors=2:seed=5"
draw three 1 "$gradient" "color=c=0x7fb3d5:size=512x768"
draw one 2 "$pattern" "cellauto=size=640x640:rule=30:random_seed=4"
draw two 2 "$pattern" "life=size=640x640:ratio=0.3:random_seed=7"
draw three 2 "$pattern" "cellauto=size=640x640:rule=110:random_seed=4"

cat >"$folder/images.yaml" <<YAML
id: images
title: Pictures
description: Take a description, see two hidden systems' pictures of it, and say which one is better.
modality: image
prompt_label: A description (by "Surprise me", since these pictures were drawn before)
prompts: ["$fractal", "$gradient", "$pattern"]
gate: {seconds: 2}
sampling: {policy: uniform}
consent:
  title: Before you begin
  text: |
    You compare outputs of computer programs. What you type, what you took in, how you vote and what you comment is kept, with the date, under a random number in a cookie. Votes are published on a board, together with all others.

    Do not type anything about yourself or others that should stay private.
  purposes:
    - {id: take_part, label: "I take part, and what I do here is kept as described.", required: true}
    - {id: be_counted, label: "My votes count on the board.", required: true}
    - {id: publish_votes, label: "My votes may be published in anonymised releases."}
    - {id: publish_text, label: "My prompts and comments may be published in them, too."}
protocol:
  questions:
    - {id: overall, kind: comparison, criterion: overall, label: "Which picture is better?"}
    - {id: comment, kind: comment, label: "Why did you choose so?", max_length: 1000}
release: {licence: CC0-1.0}
systems:
YAML
for system in one two three; do
  cat >>"$folder/images.yaml" <<YAML
  - id: $system
    name: Painter $system
    maker: ffmpeg
    licence: CC0-1.0
    description: Draws with a filter of ffmpeg.
    adapter: pool
    pool: {jsonl: $folder/$system.jsonl, media_root: $folder/media}
YAML
done
echo "Drawn. Now: ./agon admin apply $folder/images.yaml"

#!/usr/bin/env bash
# peers.sh FOLDER: unpacks scikit-learn and R's BradleyTerry2 from Debian into the folder,
# without installing anything: python3-scipy conflicts with Boost 1.81's headers. What is
# there is kept; delete the folder to begin anew.
set -euo pipefail
folder=$1
mkdir -p "$folder/debs"
cd "$folder/debs"
python_packages=(python3-numpy python3-scipy python3-sklearn python3-sklearn-lib python3-joblib
  python3-threadpoolctl python3-decorator liblbfgsb0 libblas3 liblapack3 libgfortran5 libquadmath0)
if [[ ! -e $folder/python.done ]]; then
  apt-get download "${python_packages[@]}"
  for deb in *.deb; do dpkg -x "$deb" "$folder/python"; done
  touch "$folder/python.done"
fi
if [[ ! -e $folder/r.done ]]; then
  mkdir -p r && cd r
  # What an installation would bring, asked without doing it.
  mapfile -t r_packages < <(apt-get install -s --no-install-recommends r-cran-bradleyterry2 |
    sed -n 's/^Inst \([^ ]*\) .*/\1/p')
  if ((${#r_packages[@]})); then apt-get download "${r_packages[@]}"; fi
  for deb in *.deb; do dpkg -x "$deb" "$folder/r"; done
  touch "$folder/r.done"
fi

#!/bin/sh
# Fetches DraCor's corpora beside each other, for `DRACOR=FOLDER npm run bench -- corpora`. Needs git and the internet.
# Usage: bench/fetch-dracor.sh FOLDER [corpus …], such as: bench/fetch-dracor.sh /tmp/dracor ger rus fre shake
set -eu
folder=${1:?give a folder}
shift
mkdir -p "$folder"
for corpus in "${@:-ger}"; do
  [ -d "$folder/${corpus}dracor" ] && continue
  git clone --quiet --depth 1 "https://github.com/dracor-org/${corpus}dracor" "$folder/${corpus}dracor"
done

#!/bin/sh
# clang-tidy over every source file, or over those named. Takes long: Boost's headers are read once for each.
set -eu

cd "$(dirname "$0")/.."
deploy/setup.sh --tests --tools
[ -f build/dev/build.ninja ] || cmake --preset dev
[ $# -gt 0 ] || set -- $(git ls-files --cached --others --exclude-standard '*.cpp')

# Without precompiled headers: GCC's are not for Clang.
sed 's/-Winvalid-pch//; s/-include [^ ]*cmake_pch.hxx//; s/-fpch-preprocess//' \
    build/dev/compile_commands.json >build/compile_commands.json
printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" clang-tidy -p build --quiet --extra-arg=-Wno-unknown-warning-option

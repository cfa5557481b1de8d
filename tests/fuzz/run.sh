#!/bin/sh
# Builds the fuzz programs and lets each run for a while, one after the other, from its seeds and from what it
# found before (build/fuzz/corpus). Ends with 1 and the input's place when one finds something.
#
#   tests/fuzz/run.sh [SECONDS EACH, 60 by default] [PROGRAM...]
set -eu

cd "$(dirname "$0")/../.."
deploy/setup.sh --tools
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
programs=${*:-$(ls tests/fuzz/*.cpp | xargs -n1 basename -s .cpp)}
ninja -C build/fuzz $(for program in $programs; do echo "fuzz_$program"; done)
for program in $programs; do
    corpus=build/fuzz/corpus/$program
    found=build/fuzz/found/$program
    mkdir -p "$corpus" "$found" "tests/fuzz/seeds/$program"
    echo "== $program, $seconds s"
    build/fuzz/bin/fuzz_"$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$found/" "$corpus" "tests/fuzz/seeds/$program"
done
echo "Nothing found."

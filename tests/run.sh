#!/bin/sh
# Sets up everything and runs all tests from a bare clone: the unit tests under AddressSanitizer and
# UndefinedBehaviourSanitizer, the tests of the whole programs with the release build. Ends with
# CTest's summary. Arguments go to ctest, for example: tests/run.sh -R crash
set -eu

cd "$(dirname "$0")/.."
deploy/setup.sh --tests

git ls-files -z --cached --others --exclude-standard '*.cpp' '*.hpp' |
    xargs -0 --no-run-if-empty clang-format --dry-run -Werror

tests/rooms.sh
tests/rooms.sh --prove

# The clients that others wrote; locked, and without what packages would run when they are installed.
clients=tests/clients
[ $clients/node_modules/.package-lock.json -nt $clients/package-lock.json ] ||
    (cd $clients && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)

for preset in asan release; do
    [ -f build/$preset/build.ninja ] || cmake --preset $preset
    cmake --build --preset $preset --target leerspoor_test_command
done

# One CTest run over both trees. Each has labelled what it takes part with; see tests/CMakeLists.txt.
mkdir -p build/tests
printf 'subdirs("%s" "%s")\n' "$PWD/build/asan" "$PWD/build/release" >build/tests/CTestTestfile.cmake
exec ctest --test-dir build/tests --label-regex '^test_command$' --output-on-failure --no-tests=error \
    --parallel "$(nproc)" "$@"

#!/bin/sh
# Installs the Debian bookworm packages that are missing, and nothing else. When none is missing it needs no
# root and no network.
#
#   deploy/setup.sh            what building and running need
#   deploy/setup.sh --tests    and what tests/run.sh needs
#   deploy/setup.sh --tools    and what tests/tidy.sh and the fuzz preset need
set -eu

# RocksDB's and prometheus-cpp's CMake files ask for libraries that their Debian packages bring along.
packages="g++ cmake ninja-build ccache git curl ca-certificates pkg-config
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev librocksdb-dev libssl-dev libjemalloc-dev
    libcli11-dev libargon2-dev prometheus-cpp-dev zlib1g-dev libcurl4-openssl-dev libxlsxwriter-dev libpugixml-dev libzip-dev libqrencode-dev libhowardhinnant-date-dev tzdata"

# Builds the web application. Node.js 18 is enough, and that of this machine is as good as Debian's.
case $(node --version 2>/dev/null) in
v1[89].* | v[2-9][0-9].*) command -v npm >/dev/null || packages="$packages npm" ;;
*) packages="$packages nodejs npm" ;;
esac

for option in "$@"; do
    case $option in
    --tests)
        packages="$packages catch2 clang-format chromium unzip"
        ;;
    --tools) packages="$packages clang clang-tidy libclang-rt-14-dev" ;;
    *)
        echo "setup.sh: unknown option $option; there are --tests and --tools" >&2
        exit 2
        ;;
    esac
done

if ! command -v dpkg-query >/dev/null; then
    echo "setup.sh: this is not Debian. Install these yourself:" $packages >&2
    exit 1
fi

installed=" $(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $packages 2>/dev/null |
    sed -n 's/ installed$//p' | tr '\n' ' ') "
missing=""
for package in $packages; do
    case $installed in
    *" $package "*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup.sh: as root, run: apt-get update && apt-get install$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "Installing:$missing" >&2
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing

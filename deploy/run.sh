#!/bin/sh
# From a bare clone to a learning record store that serves: packages, a release build, a data folder with a
# first key, and then the server, which makes itself a certificate for localhost. Safe to run again: what is
# there stays. Arguments go to `leerspoor serve`, for example: deploy/run.sh --listen 127.0.0.1:9443
#
#   --demo                              as the first argument: an invented academy's records, in a folder of their
#                                       own, ./demo in the clone, to look around in (`leerspoor demo`)
#   LEERSPOOR_DATA                      the data folder; ./data in the clone when not set
#   LEERSPOOR_KEY and LEERSPOOR_SECRET  the first key of a new data folder; made up when not set
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
command=serve
folder=data
if [ "${1:-}" = --demo ]; then
    shift
    command=demo
    folder=demo
fi
data=${LEERSPOOR_DATA:-$root/$folder}
listen=${LEERSPOOR_LISTEN:-127.0.0.1:8443}
certificate=${LEERSPOOR_TLS_CERT:-}
scheme=https

# What the curl line below has to know of the arguments.
name=""
for argument in "$@"; do
    case $name in
    --data) data=$argument ;;
    --listen) listen=$argument ;;
    --tls-cert) certificate=$argument ;;
    esac
    name=$argument
    case $argument in
    --data=*) data=${argument#*=} ;;
    --listen=*) listen=${argument#*=} ;;
    --tls-cert=*) certificate=${argument#*=} ;;
    --http) scheme=http ;;
    --help | -h) scheme=help ;;
    esac
done
# The curl lines are pasted in another folder.
absolute() {
    case $1 in
    "" | /*) printf '%s' "$1" ;;
    *) printf '%s/%s' "$PWD" "$1" ;;
    esac
}
data=$(absolute "$data")
certificate=$(absolute "$certificate")
export LEERSPOOR_DATA="$data" LEERSPOOR_LISTEN="$listen"

"$root/deploy/setup.sh"
cd "$root"
[ -f build/release/build.ninja ] || cmake --preset release >&2
cmake --build --preset release --target leerspoor >&2
cd "$OLDPWD"
leerspoor=$root/build/release/bin/leerspoor
[ $scheme != help ] || exec "$leerspoor" $command "$@"

# A folder that cannot be opened is for the server to explain.
key="YOUR-KEY:YOUR-SECRET"
if [ -n "${LEERSPOOR_KEY:-}" ] && [ -n "${LEERSPOOR_SECRET:-}" ]; then
    key="$LEERSPOOR_KEY:\$LEERSPOOR_SECRET"
elif [ ! -d "$data" ] || [ "$("$leerspoor" key list --data "$data" --json 2>/dev/null)" = '{"keys":[]}' ]; then
    made=$("$leerspoor" key create --data "$data" --name "First key")
    key=$(printf '%s\n' "$made" | sed -n 's/^key: *//p'):$(printf '%s\n' "$made" | sed -n 's/^secret: *//p')
    echo
    echo "The first key; its secret is kept as a hash only, so write it down now:"
    printf '%s\n' "$made" | sed -n 's/^\(key\|secret\): */    &/p'
fi

trust=""
[ $scheme = http ] || trust="--cacert '${certificate:-$data/tls/cert.pem}' "
url=$scheme://localhost:${listen##*:}/xapi
cat <<END

Serves on $url/ with the records in $data.
Once it is ready, store a statement and read it back, in another terminal:

curl $trust-u "$key" -H 'X-Experience-API-Version: 1.0.3' -H 'Content-Type: application/json' \\
    -d '{"actor":{"mbox":"mailto:ada@example.org"},"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"https://example.org/course/1"}}' \\
    $url/statements
curl $trust-u "$key" -H 'X-Experience-API-Version: 1.0.3' "$url/statements?limit=1"

END
exec "$leerspoor" $command "$@"

#!/bin/sh
# Holds every #include against the table of rooms in ARCHITECTURE.md: a file may include its own room's headers and
# those of the rooms that the table names; third-party headers that some row names are for the rows that name them.
# And finds cycles: between folders of product code, and between files (x.cpp and x.hpp are one).
#
#   tests/rooms.sh            exit status 1 and a line for each breach
#   tests/rooms.sh --print    the folders and what they use
#   tests/rooms.sh --prove    breaks each rule in a copy, and fails unless each breach is found
set -eu

cd "${ROOMS_ROOT:-$(dirname "$0")/..}"

sources() {
    find spec storage server conformance tests -name '*.[ch]pp' -not -path '*/node_modules/*' | sort
}

# file, "project" or "system", what is included
includes() {
    sources | xargs awk '
        /^#include "/ { split($0, part, "\""); print FILENAME, "project", part[2] }
        /^#include </ { split($0, part, /[<>]/); print FILENAME, "system", part[2] }'
}

breaches() {
    includes | awk '
        function room_of(file,    folder) {
            folder = file
            while (sub(/[^\/]*\/?$/, "", folder) && folder != "") {
                if (folder in known) return folder
                sub(/\/$/, "", folder)
            }
            return ""
        }
        FILENAME == "ARCHITECTURE.md" {
            if ($0 !~ /^\| `[a-z\/]+\/` \|/) next
            split($0, column, "|")
            room = column[2]
            gsub(/[ `]/, "", room)
            known[room] = 1
            uses = column[4]
            if (uses ~ /everything/) everything[room] = 1
            while (match(uses, /`[^`]+`/)) {
                name = substr(uses, RSTART + 1, RLENGTH - 2)
                uses = substr(uses, RSTART + RLENGTH)
                if (name ~ /^</) {
                    gsub(/[<>]/, "", name)
                    guarded[name] = 1
                }
                allowed[room, name] = 1
            }
            next
        }
        {
            from = room_of($1)
            if (from == "") print $1 ": its folder is not in the table of rooms"
            if (from in everything) next
            if ($2 == "project") {
                to = $3 ~ /\// ? room_of($3) : from
                if (to == "") print $1 ": includes \"" $3 "\", which is in no room"
                else if (to != from && !((from, to) in allowed))
                    print $1 ": " from " may not use " to " (includes \"" $3 "\")"
                next
            }
            for (name in guarded)
                if (index($3, name) == 1 && !((from, name) in allowed))
                    print $1 ": " from " may not use <" name "> (includes <" $3 ">)"
        }' ARCHITECTURE.md -
}

# Pairs "user used" of folders, and of files without their ending.
folder_edges() {
    includes | awk '$2 == "project" && $1 !~ /^tests\// && $3 ~ /\// {
        from = $1; to = $3
        sub(/\/[^\/]*$/, "", from); sub(/\/[^\/]*$/, "", to)
        if (from != to) print from, to }' | sort -u
}
file_edges() {
    includes | awk '$2 == "project" && $3 ~ /\// {
        from = $1; to = $3
        sub(/\.[ch]pp$/, "", from); sub(/\.[ch]pp$/, "", to)
        if (from != to) print from, to }' | sort -u
}

cycles() {
    folder_edges | tsort 2>&1 >/dev/null | sed 's/^tsort: -: input contains a loop:$/a cycle of folders:/; s/^tsort: /    /'
    file_edges | tsort 2>&1 >/dev/null | sed 's/^tsort: -: input contains a loop:$/a cycle of files:/; s/^tsort: /    /'
}

# plant FILE LINE WHAT: appends the line in a copy, and fails unless the check then says WHAT.
plant() {
    copy=$(mktemp -d)
    cp -r ARCHITECTURE.md spec storage server conformance "$copy"
    mkdir -p "$copy/tests"
    printf '%s\n' "$2" >>"$copy/$1"
    said=$(ROOMS_ROOT=$copy sh "$script" 2>&1) && said="nothing"
    rm -r "$copy"
    case $said in
    *"$3"*) ;;
    *)
        printf '%s in %s was not found; the check said: %s\n' "$2" "$1" "$said" >&2
        exit 1
        ;;
    esac
}

case ${1:-} in
--print)
    folder_edges
    cycles
    ;;
--prove)
    script=$PWD/tests/rooms.sh
    plant spec/iri.cpp '#include "storage/record_store.hpp"' 'spec/ may not use storage/'
    plant server/xapi/about.cpp '#include "storage/rocksdb/open.hpp"' 'may not use storage/rocksdb/'
    plant server/app/app.cpp '#include "server/xapi/api.hpp"' 'a cycle of folders'
    plant server/xapi/about.cpp '#include <boost/beast/http.hpp>' 'may not use <boost/beast/>'
    plant spec/base/utf8.hpp '#include "spec/base/json.hpp"' 'a cycle of files'
    echo "Every planted breach was found."
    ;;
*)
    found=$(breaches && cycles)
    [ -z "$found" ] || {
        printf '%s\n' "$found" >&2
        exit 1
    }
    ;;
esac

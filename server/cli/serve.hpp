// leerspoor serve: opens the store, makes what is missing, serves until it is told to stop.
#pragma once

#include "server/app/settings.hpp"
#include "server/courses/library.hpp"
#include "server/support/log.hpp"
#include "storage/record_store.hpp"

#include <functional>
#include <iosfwd>
#include <stop_token>

namespace leerspoor::server::cli {

// What goes on beside the server.
struct Companion {
    std::function<Result<void>(storage::RecordStore& store)> claim; // before it serves; may refuse
    // Then: brings courses along.
    std::function<Result<void>(storage::RecordStore& store, courses::Library& library,
                               const Settings& settings)>
        teach;
    std::function<void(std::stop_token stop, storage::RecordStore& store, Log& log)> run; // on its own thread
};

// Gives the exit status. Prints one line with the URL to `out` when ready. REQUIRES: check(settings) is
// empty.
int serve(Settings settings, std::ostream& out, std::ostream& err, const Companion& companion = {});

} // namespace leerspoor::server::cli

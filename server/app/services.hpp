// What the operations of every API need to do their work.
#pragma once

#include "server/app/settings.hpp"
#include "storage/record_store.hpp"

namespace leerspoor::server {

class Metrics;
class Workers;

// Built once; lives as long as the application.
struct Services {
    storage::RecordStore& store;
    const Settings& settings;
    Metrics& metrics;
    Workers& workers;
};

} // namespace leerspoor::server

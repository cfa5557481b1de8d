// What the operations of every API need to do their work.
#pragma once

#include "server/app/settings.hpp"
#include "storage/record_store.hpp"

#include <atomic>

namespace leerspoor::server {

class Metrics;
class Workers;
class Arrivals;
class Organization;
class Personas;
class AccessLog;
class Launched;
class Log;
namespace auth {
class KeyRing;
class People;
} // namespace auth
namespace audit {
class Checkpoints;
class Exports;
class Erasures;
} // namespace audit
namespace relay {
class Relays;
}
namespace courses {
class Library;
class Launches;
class Lms;
class Scorm;
} // namespace courses

// Built once; lives as long as the application.
struct Services {
    storage::RecordStore& store;
    const Settings& settings;
    Metrics& metrics;
    Workers& workers;
    Arrivals& arrivals;
    auth::People* people = nullptr; // null: nobody can sign in
    auth::KeyRing* keys = nullptr;  // null: keys cannot be changed over HTTP
    Log* log = nullptr;
    Organization* organization = nullptr; // null, as personas: nobody has changed any
    Personas* personas = nullptr;
    audit::Checkpoints* checkpoints = nullptr; // REQUIRES, as exports: where the routes of server/audit/ are
    audit::Exports* exports = nullptr;
    audit::Erasures* erasures = nullptr;         // REQUIRES: the same
    relay::Relays* relays = nullptr;             // REQUIRES: where the routes of server/relay/ are
    const std::atomic<bool>* stopping = nullptr; // null, or whether the server is being stopped
    AccessLog* accesses = nullptr;               // null: nobody keeps who read what
    courses::Library* courses =
        nullptr; // REQUIRES, as the next three: where the routes of server/courses/ are
    courses::Launches* launches = nullptr;
    courses::Lms* lms = nullptr;
    courses::Scorm* scorm = nullptr;
    Launched* launched = nullptr; // null: nothing is launched
};

} // namespace leerspoor::server

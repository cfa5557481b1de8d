// One erasure, done from its beginning: what was done of it before changes nothing more.
#pragma once

#include "server/audit/checkpoints.hpp"
#include "server/audit/erasure_job.hpp"

#include <functional>
#include <vector>

namespace leerspoor::server {
class Personas;
class AccessLog;
} // namespace leerspoor::server

namespace leerspoor::server::audit {

// What it works with; `personas` and `accesses` may be null.
struct ErasureWork {
    Checkpoints& checkpoints;
    Personas* personas;
    AccessLog* accesses;
    const std::function<bool()>& stopped; // whether to stop
    const std::function<void()>& told;    // that the counts have changed
};

// Of a person: what it would change, or `really`. Counts in the job. Errors of both: erasure_stopped, the
// store's.
Result<void> erase_person(const ErasureWork& with, ErasureJob& job, bool really);
// What is older than the rule says, without what is held.
Result<void> apply_retention(const ErasureWork& with, ErasureJob& job, const RetentionRule& rule,
                             const std::vector<LegalHold>& holds);
// Gives it its certificate. Errors: log_behind, the store's.
Result<void> certify_erasure(Checkpoints& checkpoints, ErasureJob& job);

} // namespace leerspoor::server::audit

// What a client asks of GET statements.
#pragma once

#include "spec/base/uuid.hpp"
#include "spec/format.hpp"
#include "storage/record_store.hpp"

#include <optional>

namespace leerspoor::server::xapi {

// One statement, or a page of them.
struct StatementsRequest {
    std::optional<spec::Uuid> statement_id;
    std::optional<spec::Uuid> voided_statement_id;
    storage::Query query;
    spec::Format format = spec::Format::exact;
    bool attachments = false;
};

} // namespace leerspoor::server::xapi

// Statements that leave with the bytes of their attachments, as multipart/mixed (xAPI 1.0.3 Part Three 1.5.2
// and 2.1.3, `attachments`).
#pragma once

#include "server/app/services.hpp"
#include "server/http/message.hpp"
#include "storage/record_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::xapi {

// `json` as the first part, then each attachment of `statements` (as stored) that the store has, once. Bytes
// are read while they are sent.
Result<http::Response> with_attachments(const Services& services, storage::StoreId tenant, std::string json,
                                        const std::vector<storage::StoredStatement>& statements);

// The bytes of one attachment that `statement` speaks of, as a file to be saved and never to be shown.
// Errors: attachment_unknown, the store's.
Result<http::Response> one_attachment(const Services& services, storage::StoreId tenant,
                                      const storage::StoredStatement& statement, std::string_view sha2);

} // namespace leerspoor::server::xapi

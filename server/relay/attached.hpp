// Statements with the bytes of their attachments, from and to other record stores (xAPI 1.0.3 Part
// Three 1.5.2; IEEE 9274.1.1 4.1.3).
#pragma once

#include "server/relay/import.hpp"
#include "storage/record_store.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::relay {

// The sha2 of all attachments that it, or its SubStatement, speaks of: in lower case, each once.
std::vector<std::string> attachments_of(const boost::json::object& statement);

struct Multipart {
    std::string content_type;
    std::string body;
};

// The statement with what the store has of its attachments; nothing: it has none, or the statement speaks of
// none. Errors: relay_attachments_too_large (more than 64 MiB), the store's.
Result<std::optional<Multipart>> with_attachments(storage::RecordStore& store, storage::StoreId tenant,
                                                  const storage::StoredStatement& statement);

// Takes one statement with its attachments. What is not what its sha2 says is left out. Errors:
// import_unreadable, the store's; statement_conflict is none: another statement has that id.
Result<void> import_multipart(storage::RecordStore& store, storage::StoreId tenant,
                              std::string_view content_type, std::string_view body,
                              const boost::json::object& authority);

} // namespace leerspoor::server::relay

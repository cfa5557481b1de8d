// Documents: State, Activity Profiles and Agent Profiles (xAPI 1.0.3 Part Three 2.2; IEEE 9274.1.1 4.1.5).
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"
#include "storage/store_id.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::storage {

// The document resources (xAPI 1.0.3 Part Three 2.2; IEEE 9274.1.1 4.1.6.2 to 4.1.6.4). Values are part of
// the store's format on disk: never renumber.
enum class DocumentKind : std::uint8_t { state = 1, activity_profile = 2, agent_profile = 3 };

// What documents belong to. State has all three parts (registration optional), an activity profile only the
// activity, an agent profile only the agent.
struct DocumentOwner {
    DocumentKind kind = DocumentKind::state;
    std::string activity; // IRI
    std::string agent;    // spec::identity
    std::optional<spec::Uuid> registration;

    auto operator<=>(const DocumentOwner&) const = default;
};

struct DocumentName {
    DocumentOwner owner;
    std::string id; // stateId or profileId: any text

    auto operator<=>(const DocumentName&) const = default;
};

// Bytes under a name, with what HTTP says of them.
struct Document {
    std::string content_type;
    std::string bytes;
    std::string etag; // without quotes
    spec::Instant updated;
};

// The documents of an owner.
struct DocumentList {
    std::vector<std::string> ids;        // each once, sorted
    std::optional<spec::Instant> newest; // `updated` of the one that changed last
};

// Decides what becomes of a document, given what is there: the new one (the store sets `updated`), nothing to
// delete it, or an error to leave all as it is. Runs on a thread of the engine, alone; must not block, and
// captures nothing that ends before the callback was called.
using DocumentChange = std::function<Result<std::optional<Document>>(const std::optional<Document>& present)>;

class DocumentStore {
  public:
    DocumentStore() = default;
    DocumentStore(const DocumentStore&) = delete;
    DocumentStore& operator=(const DocumentStore&) = delete;
    virtual ~DocumentStore() = default;

    // Called exactly once, from a thread of the engine, after the change is durable, with the document as it
    // now is, or nothing after a deletion. Must return quickly and not throw. Errors: those of the change,
    // store_busy, store_full, store_failed, store_closed.
    using DocumentCallback = std::function<void(Result<std::optional<Document>>)>;

    // Changes of one document happen one after the other, each seeing what the one before it left.
    virtual void change_document(StoreId store, DocumentName name, DocumentChange change,
                                 DocumentCallback done) = 0;
    // All documents of the owner; State without a registration: of every registration and of none.
    virtual void delete_documents(StoreId store, DocumentOwner owner, DocumentCallback done) = 0;
    virtual Result<std::optional<Document>> find_document(StoreId store, const DocumentName& name) = 0;
    // The owner's documents, as delete_documents understands that; `since` exclusive, on `updated`.
    virtual Result<DocumentList> list_documents(StoreId store, const DocumentOwner& owner,
                                                std::optional<spec::Instant> since) = 0;
};

} // namespace leerspoor::storage

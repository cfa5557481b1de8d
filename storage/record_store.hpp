// The seam between what a learning record store means and how an engine keeps it: one interface in the
// specification's terms. Nothing above this header knows an engine's keys, files or types.
//
// Threads: every function may be called from any thread at any time. Reads block for the time of a disk read
// and never wait for writers. Writes are handed over and answered through a callback.
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/measurement.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"
#include "spec/base/version.hpp"
#include "spec/prepare.hpp"
#include "spec/terms.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::storage {

// A store is a tenant: its statements and documents are seen by nobody else.
using StoreId = std::uint32_t;
inline constexpr StoreId first_store = 1;

// The place of a statement in the order of storing: over all stores, strictly increasing, from 1, without
// meaning otherwise. Whoever has seen number N has seen all visible statements of its store before N.
using Sequence = std::uint64_t;

struct StoredStatement {
    Sequence sequence = 0;
    spec::Uuid id;
    spec::Instant stored;
    spec::Version version = spec::Version::v2_0_0; // whose rules it was accepted by
    std::string bytes;                             // the JSON that format=exact returns
};

// The filters of GET statements, all of them optional and combined by AND.
struct Query {
    std::vector<spec::Term> terms;
    std::optional<spec::Instant> since; // exclusive, on `stored`
    std::optional<spec::Instant> until; // inclusive, on `stored`
    bool ascending = false;
    std::size_t limit = 100; // REQUIRES: at least 1

    // Where a `more` chain goes on: statements strictly after this one in the query's order, and none stored
    // after the chain's first page was answered.
    std::optional<Sequence> after;
    std::optional<Sequence> snapshot;
};

struct Page {
    std::vector<StoredStatement> statements;
    bool more = false;     // there was at least one further match
    Sequence snapshot = 0; // give this back in Query::snapshot for the next page
};

// What a page costs if only the number is wanted: no statement is read.
struct Count {
    std::uint64_t matches = 0;
};

// A request's statements were stored, or were there already and equal.
struct PutReceipt {
    std::size_t stored = 0; // how many were new
    spec::Instant at;       // `stored` of the last of them
};

// A key that may use a store. The secret itself is never kept.
struct Credential {
    std::string key;
    std::string secret_hash; // Argon2id, encoded
    std::string name;        // for people; also names the authority
    std::vector<std::string> scopes;
    StoreId store = first_store;
    spec::Instant created;
    std::optional<spec::Instant> revoked;
};

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

// Decides what becomes of a document, given what is there: the new one (the store sets `updated`), nothing to
// delete it, or an error to leave all as it is. Runs on a thread of the engine, alone; must not block, and
// captures nothing that ends before the callback was called.
using DocumentChange = std::function<Result<std::optional<Document>>(const std::optional<Document>& present)>;

// The bytes of an attachment on their way in, kept aside until the statements that speak of them are stored.
// Given up (destroyed before that) it leaves nothing behind. One thread at a time.
class AttachmentUpload {
  public:
    AttachmentUpload() = default;
    AttachmentUpload(const AttachmentUpload&) = delete;
    AttachmentUpload& operator=(const AttachmentUpload&) = delete;
    virtual ~AttachmentUpload() = default;

    // Errors: store_full, store_failed.
    virtual Result<void> append(std::string_view bytes) = 0;
};

// The bytes of a kept attachment. One thread at a time; stays readable whatever happens to the attachment.
class AttachmentContent {
  public:
    AttachmentContent() = default;
    AttachmentContent(const AttachmentContent&) = delete;
    AttachmentContent& operator=(const AttachmentContent&) = delete;
    virtual ~AttachmentContent() = default;

    virtual std::uint64_t size() const = 0;
    // The next bytes, at most `limit`; "" at the end. Valid until the next call. Error: store_failed.
    virtual Result<std::string_view> read(std::size_t limit) = 0;
};

// An attachment that came with a request.
struct NewAttachment {
    std::string sha2; // in lower-case hex, checked by the caller: the name it is kept under
    std::unique_ptr<AttachmentUpload> upload;
};

class RecordStore {
  public:
    // Called exactly once, from a thread of the engine, after the statements are durable and visible, or with
    // why not, and then nothing of the request was stored. Must return quickly and not throw. Errors:
    // statement_conflict (an id is taken by a different statement; pointer "/n" its place in the batch),
    // store_busy (too much is waiting: try again later), store_full (the disk), store_failed, store_closed.
    using PutCallback = std::function<void(Result<PutReceipt>)>;

    RecordStore() = default;
    RecordStore(const RecordStore&) = delete;
    RecordStore& operator=(const RecordStore&) = delete;
    virtual ~RecordStore() = default; // finishes what was handed over

    // All or nothing, the attachments' bytes included. An id that is there already with an equal statement
    // changes nothing; see spec::equivalent.
    virtual void put_statements(StoreId store, std::vector<spec::PreparedStatement> batch,
                                std::vector<NewAttachment> attachments, PutCallback done) = 0;

    // The statement with this id. `voided` false: nothing when it is voided; true: nothing unless it is.
    virtual Result<std::optional<StoredStatement>> find_statement(StoreId store, const spec::Uuid& id,
                                                                  bool voided) = 0;
    virtual Result<Page> query_statements(StoreId store, const Query& query) = 0;
    // Ignores limit and after.
    virtual Result<Count> count_statements(StoreId store, const Query& query) = 0;

    // X-Experience-API-Consistent-Through: every statement stored at or before this instant is visible now,
    // and none will be added there any more.
    virtual spec::Instant consistent_through() = 0;

    // Called as PutCallback, with the document as it now is, or nothing after a deletion. Errors: those of
    // the change, store_busy, store_full, store_failed, store_closed.
    using DocumentCallback = std::function<void(Result<std::optional<Document>>)>;

    // Changes of one document happen one after the other, each seeing what the one before it left.
    virtual void change_document(StoreId store, DocumentName name, DocumentChange change,
                                 DocumentCallback done) = 0;
    // All documents of the owner; State without a registration: of every registration and of none.
    virtual void delete_documents(StoreId store, DocumentOwner owner, DocumentCallback done) = 0;
    virtual Result<std::optional<Document>> find_document(StoreId store, const DocumentName& name) = 0;
    // The ids of the owner's documents (as delete_documents), each once, sorted; `since` exclusive, on
    // `updated`.
    virtual Result<std::vector<std::string>> document_ids(StoreId store, const DocumentOwner& owner,
                                                          std::optional<spec::Instant> since) = 0;

    // What the store's statements have told about an activity, merged (spec::merge_definition), as JSON; or
    // nothing.
    virtual Result<std::optional<std::string>> activity_definition(StoreId store, std::string_view iri) = 0;
    // The names by which the statements have called the agent or group of this spec::identity, sorted.
    virtual Result<std::vector<std::string>> agent_names(StoreId store, std::string_view identity) = 0;

    // A place for an attachment's bytes, to be handed to put_statements. Errors: store_full, store_failed.
    virtual Result<std::unique_ptr<AttachmentUpload>> begin_attachment(StoreId store) = 0;
    // Null when the store does not have it.
    virtual Result<std::unique_ptr<AttachmentContent>> open_attachment(StoreId store,
                                                                       std::string_view sha2) = 0;

    // Durable when it returns. Replaces the credential of the same key.
    virtual Result<void> save_credential(const Credential& credential) = 0;
    virtual Result<std::vector<Credential>> credentials() = 0;

    // Error: why writes are refused at present (store_full, store_failed). Reads may still work.
    virtual Result<void> writable() = 0;
    // How the store is doing, in no particular order; cheap.
    virtual std::vector<Measurement> measurements() = 0;
};

} // namespace leerspoor::storage

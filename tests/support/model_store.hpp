// A record store that is slow, in memory and obviously right: a list of statements, looked through for every
// question. Random tests hold the engine against it, and tests of what stands above the seam use it, with
// what it refuses and what it was told set by them.
#pragma once

#include "storage/record_store.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leerspoor::tests {

class ModelStore final : public storage::RecordStore {
  public:
    std::optional<Error> refuse_puts;
    std::optional<Error> refuse_writes; // of all else, and what writable() says
    bool answer_from_a_thread = false;
    bool damages_attachments = false; // on their way out
    std::uint64_t log_lost = 0;       // leaves that the log does not have at the moment
    std::size_t puts = 0;             // requests that brought statements
    // What statements have told: set by the test.
    std::map<std::string, std::string, std::less<>> definitions;
    std::map<std::string, std::vector<std::string>, std::less<>> names;
    // The clock, as it is when the statement of that sequence is stored.
    std::function<spec::Instant(storage::Sequence)> now = [](storage::Sequence sequence) {
        return instant(static_cast<std::int64_t>(sequence));
    };

    static spec::Instant instant(std::int64_t sequence);
    std::size_t attachments() const { return attachments_.size(); }
    std::size_t statements() const { return rows_.size(); }
    // When one of them was stored. REQUIRES: place < statements()
    spec::Instant stored_at(std::size_t place) const { return rows_.at(place).statement.stored; }
    // Voided ones too.
    bool contains(storage::StoreId store, const spec::Uuid& id) const;

    void put_statements(storage::StoreId store, storage::Submission submission, PutCallback done) override;
    Result<std::optional<storage::StoredStatement>>
    find_statement(storage::StoreId store, const spec::Uuid& id, bool voided) override;
    Result<storage::Page> query_statements(storage::StoreId store, const storage::Query& query) override;
    Result<storage::Count> count_statements(storage::StoreId store, const storage::Query& query) override;
    spec::Instant consistent_through() override { return instant(1'000'000); }

    void change_document(storage::StoreId store, storage::DocumentName name, storage::DocumentChange change,
                         DocumentCallback done) override;
    void delete_documents(storage::StoreId store, storage::DocumentOwner owner,
                          DocumentCallback done) override;
    Result<std::optional<storage::Document>> find_document(storage::StoreId store,
                                                           const storage::DocumentName& name) override;
    Result<storage::DocumentList> list_documents(storage::StoreId store, const storage::DocumentOwner& owner,
                                                 std::optional<spec::Instant> since) override;

    Result<std::optional<std::string>> activity_definition(storage::StoreId store,
                                                           std::string_view iri) override;
    Result<std::vector<std::string>> agent_names(storage::StoreId store, std::string_view identity) override;

    Result<std::unique_ptr<storage::AttachmentUpload>> begin_attachment(storage::StoreId store) override;
    Result<std::unique_ptr<storage::AttachmentContent>> open_attachment(storage::StoreId store,
                                                                        std::string_view sha2) override;

    Result<std::unique_ptr<storage::AttachmentUpload>> begin_content(storage::StoreId store) override;
    Result<void> keep_content(storage::StoreId store, std::vector<storage::NewAttachment> files) override;
    Result<std::unique_ptr<storage::AttachmentContent>> open_content(storage::StoreId store,
                                                                     std::string_view sha2) override;
    Result<std::size_t> remove_content(storage::StoreId store, const std::set<std::string>& used) override;
    std::size_t content_files() const { return content_.size(); }

    Result<void> save_credential(const storage::Credential& credential) override;
    Result<std::vector<storage::Credential>> credentials() override;

    Result<void> save_record(storage::RecordKind kind, std::string_view name,
                             std::string_view bytes) override;
    Result<void> remove_record(storage::RecordKind kind, std::string_view name) override;
    Result<std::vector<std::pair<std::string, std::string>>> records(storage::RecordKind kind,
                                                                     std::string_view prefix = "") override;
    Result<std::optional<std::string>> find_record(storage::RecordKind kind, std::string_view name) override;

    storage::Sequence visible_through() override;
    Result<void> scan_facts(storage::StoreId store, const storage::FactQuery& query,
                            const std::function<bool(const storage::FactBlock&)>& each) override;
    Result<storage::FactNumber> last_fact_number(storage::StoreId store, storage::FactText kind) override;
    Result<std::optional<storage::FactNumber>> fact_number(storage::StoreId store, storage::FactText kind,
                                                           std::string_view text) override;
    Result<std::optional<std::string>> fact_text(storage::StoreId store, storage::FactText kind,
                                                 storage::FactNumber number) override;
    Result<void>
    each_fact_text(storage::StoreId store, storage::FactText kind,
                   const std::function<void(storage::FactNumber, std::string_view)>& each) override;
    double facts_ready() override { return 1; }

    Result<std::size_t> alter_statements(storage::StoreId store,
                                         const std::vector<storage::Alteration>& alterations) override;
    Result<void> rename_actor(storage::StoreId, std::string_view, std::string_view) override { return {}; }
    Result<std::size_t> forget_unused(storage::StoreId) override { return std::size_t{0}; }
    Result<void> purge() override { return {}; }
    Result<void> each_document(
        storage::StoreId store,
        const std::function<bool(const storage::DocumentName&, const storage::Document&)>& each) override;

    Result<storage::Verification> verify(const std::atomic<bool>&) override {
        return storage::Verification();
    }
    Result<storage::Backup> back_up(const std::filesystem::path&) override {
        return Error{"backup_unusable", "", "A model has no backups."};
    }

    storage::LogState log_state() override;
    bool await_log(storage::Sequence, std::chrono::milliseconds) override { return true; }
    Result<std::string> log_tile(unsigned level, std::uint64_t index) override;
    Result<std::optional<std::uint64_t>> log_index(storage::Sequence sequence) override;

    void close() override {
        refuse_puts = refuse_writes = Error{"store_closed", "", "The store was closed."};
    }
    Result<void> writable() override;
    std::vector<Measurement> measurements() override;

  private:
    struct Row {
        storage::StoreId store;
        storage::StoredStatement statement;
        std::vector<spec::Term> terms;
        std::optional<spec::Uuid> refers_to;
        bool voids = false;
        storage::FactValues facts{};
    };
    using DocumentKey = std::pair<storage::StoreId, storage::DocumentName>;

    static bool belongs(const DocumentKey& key, storage::StoreId store, const storage::DocumentOwner& owner);

    Result<void> put(storage::StoreId store, storage::Submission submission);
    const Row* find(storage::StoreId store, const spec::Uuid& id) const;
    bool is_voided(const Row& row) const;
    // By itself, or by what it refers to, however far away.
    bool has_term(const Row& row, const spec::Term& term) const;
    std::vector<const Row*> matching(storage::StoreId store, const storage::Query& query,
                                     storage::Sequence snapshot) const;

    std::mutex mutex_;
    std::vector<Row> rows_;
    std::map<std::pair<storage::StoreId, spec::Uuid>, std::size_t> places_;
    std::map<std::pair<storage::StoreId, spec::Uuid>, std::size_t> voiders_; // how many, by target
    std::map<std::string, storage::Credential> credentials_;
    std::map<DocumentKey, storage::Document> documents_;
    std::map<storage::RecordKind, std::map<std::string, std::string>> records_;
    std::int64_t document_changes_ = 0;
    std::map<std::pair<storage::StoreId, std::string>, std::string> attachments_;
    std::map<std::pair<storage::StoreId, std::string>, std::string> content_;
    std::map<std::pair<storage::StoreId, storage::FactText>, std::vector<std::string>>
        fact_texts_; // by number - 1
};

} // namespace leerspoor::tests

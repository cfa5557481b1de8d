// The store that goes on by itself after its log could not be written. RocksDB 7.8 can neither repair nor
// replace such a log while it is open, so the whole engine is closed and opened again, as a restart would,
// once the disk can be written.
#pragma once

#include "storage/rocksdb/engine.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace leerspoor::storage::engine {

// While it is being opened again reads and writes are refused (store_failed); until that begins, reads go on.
// What was begun before that, an attachment on its way in, is refused after it.
class ReopeningStore final : public RecordStore {
  public:
    // `files` is options.env where somebody must own it, or null.
    ReopeningStore(std::filesystem::path folder, RocksdbOptions options, std::unique_ptr<rocksdb::Env> files);
    ~ReopeningStore() override;

    // Once, before all else. Errors: those of open_rocksdb().
    Result<void> open();

    void close() override;
    Result<void> writable() override;
    std::vector<Measurement> measurements() override;

    void put_statements(StoreId store, Submission submission, PutCallback done) override;
    Result<std::optional<StoredStatement>> find_statement(StoreId store, const spec::Uuid& id,
                                                          bool voided) override;
    Result<Page> query_statements(StoreId store, const Query& query) override;
    Result<Count> count_statements(StoreId store, const Query& query) override;
    spec::Instant consistent_through() override;

    void change_document(StoreId store, DocumentName name, DocumentChange change,
                         DocumentCallback done) override;
    void delete_documents(StoreId store, DocumentOwner owner, DocumentCallback done) override;
    Result<std::optional<Document>> find_document(StoreId store, const DocumentName& name) override;
    Result<DocumentList> list_documents(StoreId store, const DocumentOwner& owner,
                                        std::optional<spec::Instant> since) override;

    Result<std::optional<std::string>> activity_definition(StoreId store, std::string_view iri) override;
    Result<std::vector<std::string>> agent_names(StoreId store, std::string_view identity) override;

    Result<std::unique_ptr<AttachmentUpload>> begin_attachment(StoreId store) override;
    Result<std::unique_ptr<AttachmentContent>> open_attachment(StoreId store, std::string_view sha2) override;
    Result<std::unique_ptr<AttachmentUpload>> begin_content(StoreId store) override;
    Result<void> keep_content(StoreId store, std::vector<NewAttachment> files) override;
    Result<std::unique_ptr<AttachmentContent>> open_content(StoreId store, std::string_view sha2) override;
    Result<std::size_t> remove_content(StoreId store, const std::set<std::string>& used) override;

    Result<void> save_credential(const Credential& credential) override;
    Result<std::vector<Credential>> credentials() override;

    Result<void> save_record(RecordKind kind, std::string_view name, std::string_view bytes) override;
    Result<void> remove_record(RecordKind kind, std::string_view name) override;
    Result<std::vector<std::pair<std::string, std::string>>> records(RecordKind kind,
                                                                     std::string_view prefix) override;
    Result<std::optional<std::string>> find_record(RecordKind kind, std::string_view name) override;

    Sequence visible_through() override;
    Result<void> scan_facts(StoreId store, const FactQuery& query,
                            const std::function<bool(const FactBlock&)>& each) override;
    Result<FactNumber> last_fact_number(StoreId store, FactText kind) override;
    Result<std::optional<FactNumber>> fact_number(StoreId store, FactText kind,
                                                  std::string_view text) override;
    Result<std::optional<std::string>> fact_text(StoreId store, FactText kind, FactNumber number) override;
    Result<void> each_fact_text(StoreId store, FactText kind,
                                const std::function<void(FactNumber, std::string_view)>& each) override;
    double facts_ready() override;

    Result<std::size_t> alter_statements(StoreId store, const std::vector<Alteration>& alterations) override;
    Result<void> rename_actor(StoreId store, std::string_view from, std::string_view to) override;
    Result<std::size_t> forget_unused(StoreId store) override;
    Result<void> purge() override;
    Result<void>
    each_document(StoreId store,
                  const std::function<bool(const DocumentName&, const Document&)>& each) override;

    Result<Verification> verify(const std::atomic<bool>& stop) override;
    Result<Backup> back_up(const std::filesystem::path& folder) override;

    LogState log_state() override;
    bool await_log(Sequence through, std::chrono::milliseconds patience) override;
    Result<std::string> log_tile(unsigned level, std::uint64_t index) override;
    Result<std::optional<std::uint64_t>> log_index(Sequence sequence) override;

  private:
    template <class Ask>
    auto with_store(Ask ask) -> decltype(ask(std::declval<RecordStore&>()));
    Result<std::unique_ptr<Engine>> open_engine_again();
    void run();
    void reopen();
    bool pause();

    const std::filesystem::path folder_;
    const std::unique_ptr<rocksdb::Env> files_;
    const RocksdbOptions options_;

    std::atomic<bool> away_ = true;   // nobody waits for the lock below while it is
    mutable std::shared_mutex mutex_; // shared: whoever uses the store
    std::unique_ptr<Engine> store_;
    std::atomic<spec::Instant> promised_; // while it is away
    std::atomic<std::uint64_t> reopened_ = 0;

    std::mutex wake_mutex_;
    std::condition_variable wake_;
    bool log_failed_ = false;
    bool stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::storage::engine

// The RocksDB engine behind the seam: puts together what the other files of this folder do.
#include "storage/rocksdb/engine.hpp"
#include "storage/rocksdb/attachments/attachments.hpp"
#include "storage/rocksdb/attachments/content_files.hpp"
#include "storage/rocksdb/backup/backup.hpp"
#include "storage/rocksdb/catalogue/catalogue.hpp"
#include "storage/rocksdb/documents/documents.hpp"
#include "storage/rocksdb/erasure/erasure.hpp"
#include "storage/rocksdb/log/log_writer.hpp"
#include "storage/rocksdb/statements/committer.hpp"
#include "storage/rocksdb/statements/fact_builder.hpp"
#include "storage/rocksdb/statements/fact_scan.hpp"
#include "storage/rocksdb/statements/promise_keeper.hpp"
#include "storage/rocksdb/statements/query.hpp"
#include "storage/rocksdb/statements/recovery.hpp"
#include "storage/rocksdb/statements/sealer.hpp"
#include "storage/rocksdb/verify/verify.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace leerspoor::storage::engine {

namespace {

class RocksdbStore final : public Engine {
  public:
    RocksdbStore(std::unique_ptr<Database> database, const RocksdbOptions& options)
        : database_(std::move(database)), options_(options), dictionary_(*database_), content_(*database_),
          sealer_(std::make_unique<Sealer>(*database_, segments_)) {}

    ~RocksdbStore() override {
        if (!committer_) return;
        close();
        const auto& segment = open_segment_->segment();
        if (committer_->state().has_value() && segment->statements() > 0) sealer_->hand_over(segment);
    }

    void close() override {
        documents_->finish();
        attachments_->finish();
        committer_->stop();
        publisher_->stop();
        promises_->stop();
        if (builder_) builder_->stop();
        if (log_) log_->stop();
    }

    // Error: the database's, in the seam's words.
    Result<void> recover_and_start() {
        auto recovered = recover(*database_, segments_, *sealer_, dictionary_, options_);
        if (!recovered.has_value()) return recovered.error();
        replayed_ = recovered->replayed;
        const auto last = recovered->position.last;
        const auto lease = kept_lease(*database_);
        if (!lease.has_value()) return lease.error();
        auto plausible = check_times(recovered->position.stored);
        if (!plausible.has_value()) return plausible;
        clock_.emplace(options_.now, recovered->position.stored, *lease);
        promises_ = std::make_unique<PromiseKeeper>(*database_, *clock_);
        open_segment_ = std::move(recovered->open_segment);
        publisher_ =
            std::make_unique<Publisher>(*database_, segments_, *open_segment_, dictionary_, *clock_, last);
        committer_ = std::make_unique<Committer>(*database_, segments_, *sealer_, *publisher_, *clock_,
                                                 options_, last);
        attachments_ = std::make_unique<Attachments>(
            *database_, segments_, options_, [this](StoreId store, Submission submission, auto done) {
                committer_->submit(store, std::move(submission), std::move(done));
            });
        documents_ = std::make_unique<Documents>(*database_, options_);
        builder_ = std::make_unique<FactBuilder>(*database_, dictionary_);
        auto started = builder_->start(database_->is_new());
        if (!started.has_value()) return started;
        log_ = std::make_unique<LogWriter>(*database_, [this] { return publisher_->visible(); });
        return log_->start();
    }

    void put_statements(StoreId store, Submission submission, PutCallback done) override {
        if (submission.attachments.empty()) {
            committer_->submit(store, std::move(submission), std::move(done));
        } else {
            attachments_->put(store, std::move(submission), std::move(done));
        }
    }

    Result<std::optional<StoredStatement>> find_statement(StoreId store, const spec::Uuid& id,
                                                          bool voided) override {
        using Found = std::optional<StoredStatement>;
        const auto seen = look();
        const auto known = find_id(seen, {store, id});
        if (!known.has_value()) return known.error();
        const Sequence sequence = *known ? (*known)->sequence : awaited;
        if (sequence == awaited || sequence > seen.visible) return Found();
        BucketBits bits;
        const auto read = add_posting(seen, voided_key(store), bucket_of(sequence), bits);
        if (!read.has_value()) return read.error();
        if (bits.test(offset_of(sequence)) != voided) return Found();
        auto statement = read_statement(*database_, store, sequence);
        if (statement.has_value() && *statement && (*statement)->erased()) return Found();
        return statement;
    }

    Result<Page> query_statements(StoreId store, const Query& query) override {
        return query_page(look(), store, query);
    }

    Result<Count> count_statements(StoreId store, const Query& query) override {
        return count_matches(look(), store, query);
    }

    spec::Instant consistent_through() override { return clock_->consistent_through(); }

    void change_document(StoreId store, DocumentName name, DocumentChange change,
                         DocumentCallback done) override {
        documents_->change(store, std::move(name), std::move(change), std::move(done));
    }

    void delete_documents(StoreId store, DocumentOwner owner, DocumentCallback done) override {
        documents_->remove_all(store, std::move(owner), std::move(done));
    }

    Result<std::optional<Document>> find_document(StoreId store, const DocumentName& name) override {
        return documents_->find(store, name);
    }

    Result<DocumentList> list_documents(StoreId store, const DocumentOwner& owner,
                                        std::optional<spec::Instant> since) override {
        return documents_->list(store, owner, since);
    }

    Result<std::optional<std::string>> activity_definition(StoreId store, std::string_view iri) override {
        return read_definition(*database_, store, iri);
    }

    Result<std::vector<std::string>> agent_names(StoreId store, std::string_view identity) override {
        return read_names(*database_, store, identity);
    }

    Result<std::unique_ptr<AttachmentUpload>> begin_attachment(StoreId) override {
        return attachments_->begin();
    }

    Result<std::unique_ptr<AttachmentContent>> open_attachment(StoreId store,
                                                               std::string_view sha2) override {
        return attachments_->open(store, sha2);
    }

    Result<std::unique_ptr<AttachmentUpload>> begin_content(StoreId) override { return content_.begin(); }

    Result<void> keep_content(StoreId store, std::vector<NewAttachment> files) override {
        return content_.keep(store, std::move(files));
    }

    Result<std::unique_ptr<AttachmentContent>> open_content(StoreId store, std::string_view sha2) override {
        return content_.open(store, sha2);
    }

    Result<std::size_t> remove_content(StoreId store, const std::set<std::string>& used) override {
        return content_.remove(store, used);
    }

    Result<void> save_credential(const Credential& credential) override {
        return put(Family::system, credential_key(credential.key), encode_credential(credential));
    }

    Result<std::vector<Credential>> credentials() override {
        std::vector<Credential> all;
        const std::unique_ptr<rocksdb::Iterator> entries(
            database_->db().NewIterator({}, database_->family(Family::system)));
        for (entries->Seek(slice(credential_prefix));
             entries->Valid() && view(entries->key()).starts_with(credential_prefix); entries->Next()) {
            auto credential = decode_credential(view(entries->value()));
            if (!credential) return store_error(rocksdb::Status::Corruption("a credential cannot be read"));
            all.push_back(std::move(*credential));
        }
        if (!entries->status().ok()) return store_error(entries->status());
        return all;
    }

    Result<void> save_record(RecordKind kind, std::string_view name, std::string_view bytes) override {
        return put(Family::system, record_prefix(kind).append(name), std::string(bytes));
    }

    Result<void> remove_record(RecordKind kind, std::string_view name) override {
        rocksdb::WriteOptions durable;
        durable.sync = true;
        const auto status = database_->db().Delete(durable, database_->family(Family::system),
                                                   record_prefix(kind).append(name));
        if (!status.ok()) return store_error(status);
        return {};
    }

    Result<std::vector<std::pair<std::string, std::string>>> records(RecordKind kind,
                                                                     std::string_view begin) override {
        std::vector<std::pair<std::string, std::string>> all;
        const auto of_kind = record_prefix(kind).size();
        const auto prefix = record_prefix(kind).append(begin);
        const std::unique_ptr<rocksdb::Iterator> entries(
            database_->db().NewIterator({}, database_->family(Family::system)));
        for (entries->Seek(prefix); entries->Valid() && view(entries->key()).starts_with(prefix);
             entries->Next())
            all.emplace_back(view(entries->key()).substr(of_kind), entries->value().ToString());
        if (!entries->status().ok()) return store_error(entries->status());
        return all;
    }

    Result<std::optional<std::string>> find_record(RecordKind kind, std::string_view name) override {
        std::string bytes;
        const auto status = database_->db().Get({}, database_->family(Family::system),
                                                record_prefix(kind).append(name), &bytes);
        if (status.IsNotFound()) return std::optional<std::string>();
        if (!status.ok()) return store_error(status);
        return std::optional<std::string>(std::move(bytes));
    }

    Sequence visible_through() override { return publisher_->visible(); }

    Result<void> scan_facts(StoreId store, const FactQuery& query,
                            const std::function<bool(const FactBlock&)>& each) override {
        return engine::scan_facts(look(), store, query, each);
    }

    Result<FactNumber> last_fact_number(StoreId store, FactText kind) override {
        return last_number(*database_, store, kind);
    }

    Result<std::optional<FactNumber>> fact_number(StoreId store, FactText kind,
                                                  std::string_view text) override {
        return find_number(*database_, store, kind, text);
    }

    Result<std::optional<std::string>> fact_text(StoreId store, FactText kind, FactNumber number) override {
        return read_text(*database_, store, kind, number);
    }

    Result<void> each_fact_text(StoreId store, FactText kind,
                                const std::function<void(FactNumber, std::string_view)>& each) override {
        return each_text(*database_, store, kind, each);
    }

    double facts_ready() override {
        const auto missing = static_cast<double>(builder_->missing_through());
        return missing == 0 ? 1 : 1 - missing / static_cast<double>(publisher_->visible());
    }

    LogState log_state() override { return log_->state(); }

    bool await_log(Sequence through, std::chrono::milliseconds patience) override {
        return log_->await(through, patience);
    }

    Result<std::string> log_tile(unsigned level, std::uint64_t index) override {
        return log_->tile(level, index);
    }

    Result<std::optional<std::uint64_t>> log_index(Sequence sequence) override {
        return log_->index_of(sequence);
    }

    Result<Backup> back_up(const std::filesystem::path& folder) override {
        const std::scoped_lock lock(backing_up_);
        return make_backup(*database_, publisher_->visible(), options_.now(), folder);
    }

    Result<Verification> verify(const std::atomic<bool>& stop) override {
        return verify_store(look(), *log_, builder_->missing_through(), stop);
    }

    Result<std::size_t> alter_statements(StoreId store, const std::vector<Alteration>& alterations) override {
        std::size_t count = 0;
        const auto done = at_rest([&]() -> Result<void> {
            const auto altered =
                engine::alter_statements(*database_, dictionary_, store, alterations, options_.now());
            if (!altered.has_value()) return altered.error();
            count = *altered;
            return {};
        });
        if (!done.has_value()) return done.error();
        return count;
    }

    Result<void> rename_actor(StoreId store, std::string_view from, std::string_view to) override {
        return at_rest([&] { return engine::rename_actor(*database_, dictionary_, store, from, to); });
    }

    Result<std::size_t> forget_unused(StoreId store) override {
        const auto done = at_rest([&] { return forget_unused_texts(*database_, dictionary_, store); });
        if (!done.has_value()) return done.error();
        return attachments_->remove_unused(store);
    }

    Result<void> purge() override { return purge_files(*database_); }

    Result<void>
    each_document(StoreId store,
                  const std::function<bool(const DocumentName&, const Document&)>& each) override {
        return engine::each_document(*database_, store, each);
    }

    Result<void> writable() override {
        auto state = committer_->state();
        return state.has_value() ? database_->log_state() : state;
    }

    bool disk_takes_files() const override { return database_->takes_files(); }

    std::vector<Measurement> measurements() override {
        std::uint64_t open_statements = 0;
        std::uint64_t memory = 0;
        const auto segments = segments_.take(); // held while it is walked
        for (const auto& segment : *segments) {
            open_statements += segment->statements();
            memory += segment->memory_bytes();
        }
        std::uint64_t disk = 0;
        std::uint64_t facts = 0;
        for (std::size_t i = 0; i < family_count; ++i) {
            std::uint64_t size = 0;
            database_->db().GetIntProperty(database_->family(static_cast<Family>(i)),
                                           rocksdb::DB::Properties::kTotalSstFilesSize, &size);
            disk += size;
            const auto family = static_cast<Family>(i);
            if (family == Family::facts || family == Family::dictionary) facts += size;
        }
        using Kind = Measurement::Kind;
        const auto measured = [](const char* name, const char* help, std::uint64_t value,
                                 Kind kind = Kind::gauge) {
            return Measurement{name, help, static_cast<double>(value), kind};
        };
        return {
            measured("store_statements", "Statements in all stores", publisher_->visible()),
            measured("store_open_segment_statements", "Statements whose index is still in memory only",
                     open_statements),
            measured("store_memory_bytes", "Memory of the open and sealing segments", memory),
            {"store_facts_ready", "Share of the statements that analytics can count", facts_ready(),
             Kind::gauge},
            measured("store_log_statements", "Statements in the Merkle log", log_->state().size),
            measured("store_disk_bytes", "Size of the data folder", disk),
            measured("store_facts_bytes", "Of it, what analytics reads", facts),
            measured("store_queued_bytes", "Bytes waiting for the committer", committer_->queued_bytes()),
            measured("store_commits_total", "Groups written since the start", publisher_->groups(),
                     Kind::counter),
            measured("store_replayed_statements", "Statements indexed again at the start", replayed_),
        };
    }

  private:
    Result<void> at_rest(const std::function<Result<void>()>& work) {
        if (builder_->missing_through() > 0)
            return Error{"store_busy", "",
                         "Analytics is still being made of what an earlier version stored: try again later."};
        return publisher_->at_rest(work);
    }

    ReadView look() const { return view_of(*database_, segments_, publisher_->visible()); }

    // `stored` rises for ever: a clock that was once far ahead would be so in all that is stored from then
    // on.
    Result<void> check_times(spec::Instant last_stored) const {
        const auto ahead = std::chrono::duration_cast<std::chrono::minutes>(last_stored - options_.now());
        if (options_.allow_future_stored || ahead < std::chrono::minutes(10)) return {};
        return Error{
            "data_folder_ahead", "",
            "The last statement was stored at " + spec::format_timestamp(last_stored) + ", which is " +
                std::to_string(ahead.count()) +
                " minutes ahead of this machine's clock. If the clock is wrong now, set it and start "
                "again. If it was wrong then, start with --allow-future-stored: what is stored from "
                "now on follows that time a microsecond apart until the clock has caught up."};
    }

    Result<void> put(Family family, const std::string& key, const std::string& value) {
        if (auto room = database_->room_for(value.size()); !room.has_value()) return room;
        rocksdb::WriteOptions durable;
        durable.sync = true;
        const auto status = database_->db().Put(durable, database_->family(family), key, value);
        if (!status.ok()) return store_error(status);
        return {};
    }

    std::unique_ptr<Database> database_;
    const RocksdbOptions options_;
    SegmentList segments_;
    std::uint64_t replayed_ = 0;
    std::mutex backing_up_;
    Dictionary dictionary_;
    ContentFiles content_;
    // In the order of a statement's way, the end of it first: each hands on to what stands above it.
    std::unique_ptr<Sealer> sealer_;
    std::unique_ptr<OpenSegment> open_segment_;
    std::optional<StoredClock> clock_;
    std::unique_ptr<PromiseKeeper> promises_;
    std::unique_ptr<Publisher> publisher_;
    std::unique_ptr<Committer> committer_;
    std::unique_ptr<Attachments> attachments_;
    std::unique_ptr<Documents> documents_; // these use what is above them
    std::unique_ptr<FactBuilder> builder_;
    std::unique_ptr<LogWriter> log_;
};

} // namespace

Result<std::unique_ptr<Engine>> open_engine(const std::filesystem::path& folder,
                                            const RocksdbOptions& options, std::function<void()> log_failed) {
    auto claimed = DataFolder::claim(folder);
    if (!claimed.has_value()) return claimed.error();
    auto database = Database::open(std::move(*claimed), options, std::move(log_failed));
    if (!database.has_value()) return database.error();
    auto store = std::make_unique<RocksdbStore>(std::move(*database), options);
    const auto started = store->recover_and_start();
    if (!started.has_value()) {
        Error error = started.error();
        if (error.code == "store_damaged") error.code = "data_folder_damaged";
        if (error.code == "store_failed" || error.code == "store_full") error.code = "data_folder_unusable";
        return error;
    }
    return std::unique_ptr<Engine>(std::move(store));
}

} // namespace leerspoor::storage::engine

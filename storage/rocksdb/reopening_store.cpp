#include "storage/rocksdb/reopening_store.hpp"

#include <rocksdb/env.h>

#include <utility>

namespace leerspoor::storage::engine {

namespace {

// Between two tries.
constexpr std::chrono::seconds patience{1};

Error away() {
    return {"store_failed", "",
            "The data folder is being opened again, because its log could not be written: send the request "
            "again in a few seconds."};
}

} // namespace

ReopeningStore::ReopeningStore(std::filesystem::path folder, RocksdbOptions options,
                               std::unique_ptr<rocksdb::Env> files)
    : folder_(std::move(folder)), files_(std::move(files)), options_(std::move(options)) {}

ReopeningStore::~ReopeningStore() {
    close();
}

Result<void> ReopeningStore::open() {
    auto opened = open_engine_again();
    if (!opened.has_value()) return opened.error();
    store_ = std::move(*opened);
    away_ = false;
    thread_ = std::thread([this] { run(); });
    return {};
}

void ReopeningStore::close() {
    {
        const std::scoped_lock lock(wake_mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    if (store_) store_->close();
}

Result<std::unique_ptr<Engine>> ReopeningStore::open_engine_again() {
    return open_engine(folder_, options_, [this] {
        const std::scoped_lock lock(wake_mutex_);
        log_failed_ = true;
        wake_.notify_one();
    });
}

void ReopeningStore::run() {
    std::unique_lock lock(wake_mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return stopping_ || log_failed_; });
        if (stopping_) return;
        lock.unlock();
        const bool ready = store_->disk_takes_files();
        if (ready) reopen();
        lock.lock();
        if (!ready) wake_.wait_for(lock, patience, [&] { return stopping_; });
    }
}

// False: the store is being closed.
bool ReopeningStore::pause() {
    std::unique_lock lock(wake_mutex_);
    return !wake_.wait_for(lock, patience, [&] { return stopping_; });
}

void ReopeningStore::reopen() {
    std::unique_ptr<Engine> failed;
    promised_ = store_->consistent_through();
    away_ = true;
    {
        const std::scoped_lock lock(mutex_); // after the last that still reads
        failed = std::exchange(store_, nullptr);
    }
    failed->close();
    failed.reset();
    do {
        {
            const std::scoped_lock lock(wake_mutex_);
            log_failed_ = false;
        }
        auto opened = open_engine_again();
        if (!opened.has_value()) continue;
        ++reopened_;
        const std::scoped_lock lock(mutex_);
        store_ = std::move(*opened);
        away_ = false;
        return;
    } while (pause());
}

// Not for what runs under with_store(): a lock is not taken twice.
template <class Ask>
auto ReopeningStore::with_store(Ask ask) -> decltype(ask(std::declval<RecordStore&>())) {
    if (away_) return away();
    const std::shared_lock lock(mutex_);
    if (!store_) return away();
    return ask(*store_);
}

Result<void> ReopeningStore::writable() {
    return with_store([](RecordStore& store) { return store.writable(); });
}

std::vector<Measurement> ReopeningStore::measurements() {
    const auto measured =
        with_store([](RecordStore& store) { return Result<std::vector<Measurement>>(store.measurements()); });
    auto all = measured.has_value() ? *measured : std::vector<Measurement>();
    all.emplace_back("store_reopened_total", "Times the data folder was opened again, because its log failed",
                     static_cast<double>(reopened_), Measurement::Kind::counter);
    return all;
}

void ReopeningStore::put_statements(StoreId store, Submission submission, PutCallback done) {
    const auto handed_over = with_store([&](RecordStore& engine) {
        engine.put_statements(store, std::move(submission), std::exchange(done, {}));
        return Result<void>();
    });
    if (!handed_over.has_value()) done(handed_over.error());
}

Result<std::optional<StoredStatement>> ReopeningStore::find_statement(StoreId store, const spec::Uuid& id,
                                                                      bool voided) {
    return with_store([&](RecordStore& engine) { return engine.find_statement(store, id, voided); });
}

Result<Page> ReopeningStore::query_statements(StoreId store, const Query& query) {
    return with_store([&](RecordStore& engine) { return engine.query_statements(store, query); });
}

Result<Count> ReopeningStore::count_statements(StoreId store, const Query& query) {
    return with_store([&](RecordStore& engine) { return engine.count_statements(store, query); });
}

spec::Instant ReopeningStore::consistent_through() {
    const auto promised =
        with_store([](RecordStore& engine) { return Result<spec::Instant>(engine.consistent_through()); });
    return promised.has_value() ? *promised : promised_.load();
}

void ReopeningStore::change_document(StoreId store, DocumentName name, DocumentChange change,
                                     DocumentCallback done) {
    const auto handed_over = with_store([&](RecordStore& engine) {
        engine.change_document(store, std::move(name), std::move(change), std::exchange(done, {}));
        return Result<void>();
    });
    if (!handed_over.has_value()) done(handed_over.error());
}

void ReopeningStore::delete_documents(StoreId store, DocumentOwner owner, DocumentCallback done) {
    const auto handed_over = with_store([&](RecordStore& engine) {
        engine.delete_documents(store, std::move(owner), std::exchange(done, {}));
        return Result<void>();
    });
    if (!handed_over.has_value()) done(handed_over.error());
}

Result<std::optional<Document>> ReopeningStore::find_document(StoreId store, const DocumentName& name) {
    return with_store([&](RecordStore& engine) { return engine.find_document(store, name); });
}

Result<DocumentList> ReopeningStore::list_documents(StoreId store, const DocumentOwner& owner,
                                                    std::optional<spec::Instant> since) {
    return with_store([&](RecordStore& engine) { return engine.list_documents(store, owner, since); });
}

Result<std::optional<std::string>> ReopeningStore::activity_definition(StoreId store, std::string_view iri) {
    return with_store([&](RecordStore& engine) { return engine.activity_definition(store, iri); });
}

Result<std::vector<std::string>> ReopeningStore::agent_names(StoreId store, std::string_view identity) {
    return with_store([&](RecordStore& engine) { return engine.agent_names(store, identity); });
}

Result<std::unique_ptr<AttachmentUpload>> ReopeningStore::begin_attachment(StoreId store) {
    return with_store([&](RecordStore& engine) { return engine.begin_attachment(store); });
}

Result<std::unique_ptr<AttachmentContent>> ReopeningStore::open_attachment(StoreId store,
                                                                           std::string_view sha2) {
    return with_store([&](RecordStore& engine) { return engine.open_attachment(store, sha2); });
}

Result<void> ReopeningStore::save_credential(const Credential& credential) {
    return with_store([&](RecordStore& engine) { return engine.save_credential(credential); });
}

Result<std::vector<Credential>> ReopeningStore::credentials() {
    return with_store([](RecordStore& engine) { return engine.credentials(); });
}

Result<void> ReopeningStore::save_record(RecordKind kind, std::string_view name, std::string_view bytes) {
    return with_store([&](RecordStore& engine) { return engine.save_record(kind, name, bytes); });
}

Result<void> ReopeningStore::remove_record(RecordKind kind, std::string_view name) {
    return with_store([&](RecordStore& engine) { return engine.remove_record(kind, name); });
}

Result<std::vector<std::pair<std::string, std::string>>> ReopeningStore::records(RecordKind kind,
                                                                                 std::string_view prefix) {
    return with_store([&](RecordStore& engine) { return engine.records(kind, prefix); });
}

Result<std::optional<std::string>> ReopeningStore::find_record(RecordKind kind, std::string_view name) {
    return with_store([&](RecordStore& engine) { return engine.find_record(kind, name); });
}

Result<std::unique_ptr<AttachmentUpload>> ReopeningStore::begin_content(StoreId store) {
    return with_store([&](RecordStore& engine) { return engine.begin_content(store); });
}

Result<void> ReopeningStore::keep_content(StoreId store, std::vector<NewAttachment> files) {
    return with_store([&](RecordStore& engine) { return engine.keep_content(store, std::move(files)); });
}

Result<std::unique_ptr<AttachmentContent>> ReopeningStore::open_content(StoreId store,
                                                                        std::string_view sha2) {
    return with_store([&](RecordStore& engine) { return engine.open_content(store, sha2); });
}

Result<std::size_t> ReopeningStore::remove_content(StoreId store, const std::set<std::string>& used) {
    return with_store([&](RecordStore& engine) { return engine.remove_content(store, used); });
}

Sequence ReopeningStore::visible_through() {
    const auto visible =
        with_store([](RecordStore& engine) { return Result<Sequence>(engine.visible_through()); });
    return visible.has_value() ? *visible : 0;
}

Result<void> ReopeningStore::scan_facts(StoreId store, const FactQuery& query,
                                        const std::function<bool(const FactBlock&)>& each) {
    return with_store([&](RecordStore& engine) { return engine.scan_facts(store, query, each); });
}

Result<FactNumber> ReopeningStore::last_fact_number(StoreId store, FactText kind) {
    return with_store([&](RecordStore& engine) { return engine.last_fact_number(store, kind); });
}

Result<std::optional<FactNumber>> ReopeningStore::fact_number(StoreId store, FactText kind,
                                                              std::string_view text) {
    return with_store([&](RecordStore& engine) { return engine.fact_number(store, kind, text); });
}

Result<std::optional<std::string>> ReopeningStore::fact_text(StoreId store, FactText kind,
                                                             FactNumber number) {
    return with_store([&](RecordStore& engine) { return engine.fact_text(store, kind, number); });
}

Result<void> ReopeningStore::each_fact_text(StoreId store, FactText kind,
                                            const std::function<void(FactNumber, std::string_view)>& each) {
    return with_store([&](RecordStore& engine) { return engine.each_fact_text(store, kind, each); });
}

double ReopeningStore::facts_ready() {
    const auto ready = with_store([](RecordStore& engine) { return Result<double>(engine.facts_ready()); });
    return ready.has_value() ? *ready : 0;
}

Result<std::size_t> ReopeningStore::alter_statements(StoreId store,
                                                     const std::vector<Alteration>& alterations) {
    return with_store([&](RecordStore& engine) { return engine.alter_statements(store, alterations); });
}

Result<void> ReopeningStore::rename_actor(StoreId store, std::string_view from, std::string_view to) {
    return with_store([&](RecordStore& engine) { return engine.rename_actor(store, from, to); });
}

Result<std::size_t> ReopeningStore::forget_unused(StoreId store) {
    return with_store([&](RecordStore& engine) { return engine.forget_unused(store); });
}

Result<void> ReopeningStore::purge() {
    return with_store([](RecordStore& engine) { return engine.purge(); });
}

Result<void>
ReopeningStore::each_document(StoreId store,
                              const std::function<bool(const DocumentName&, const Document&)>& each) {
    return with_store([&](RecordStore& engine) { return engine.each_document(store, each); });
}

Result<Verification> ReopeningStore::verify(const std::atomic<bool>& stop) {
    return with_store([&](RecordStore& engine) { return engine.verify(stop); });
}

Result<Backup> ReopeningStore::back_up(const std::filesystem::path& folder) {
    return with_store([&](RecordStore& engine) { return engine.back_up(folder); });
}

LogState ReopeningStore::log_state() {
    const auto state = with_store([](RecordStore& engine) { return Result<LogState>(engine.log_state()); });
    return state.has_value() ? *state : LogState();
}

bool ReopeningStore::await_log(Sequence through, std::chrono::milliseconds patience) {
    const auto there =
        with_store([&](RecordStore& engine) { return Result<bool>(engine.await_log(through, patience)); });
    return there.has_value() && *there;
}

Result<std::string> ReopeningStore::log_tile(unsigned level, std::uint64_t index) {
    return with_store([&](RecordStore& engine) { return engine.log_tile(level, index); });
}

Result<std::optional<std::uint64_t>> ReopeningStore::log_index(Sequence sequence) {
    return with_store([&](RecordStore& engine) { return engine.log_index(sequence); });
}

} // namespace leerspoor::storage::engine

#include "tests/support/model_store.hpp"

#include "spec/base/json.hpp"
#include "spec/equivalence.hpp"
#include "spec/log/tile.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

namespace leerspoor::tests {
namespace {

struct Upload final : storage::AttachmentUpload {
    Result<void> complete() override { return {}; }
    Result<void> append(std::string_view more) override {
        bytes += more;
        return {};
    }
    std::string bytes;
};

struct Content final : storage::AttachmentContent {
    explicit Content(std::string all) : bytes(std::move(all)) {}
    std::uint64_t size() const override { return bytes.size(); }
    void go_to(std::uint64_t position) override { at = static_cast<std::size_t>(position); }
    Result<std::string_view> read(std::size_t limit) override {
        const auto piece = std::string_view(bytes).substr(at, limit);
        at += piece.size();
        return piece;
    }
    std::string bytes;
    std::size_t at = 0;
};

boost::json::object object_of(const std::string& bytes) {
    const auto value = spec::parse_stored_json(bytes);
    return value && value->is_object() ? value->get_object() : boost::json::object();
}

} // namespace

spec::Instant ModelStore::instant(std::int64_t sequence) {
    return spec::Instant(std::chrono::seconds(1'790'000'000) + std::chrono::milliseconds(sequence));
}

const ModelStore::Row* ModelStore::find(storage::StoreId store, const spec::Uuid& id) const {
    const auto place = places_.find({store, id});
    return place == places_.end() ? nullptr : &rows_[place->second];
}

bool ModelStore::contains(storage::StoreId store, const spec::Uuid& id) const {
    return find(store, id) != nullptr;
}

bool ModelStore::is_voided(const Row& row) const {
    return !row.voids && voiders_.contains({row.store, row.statement.id});
}

bool ModelStore::has_term(const Row& row, const spec::Term& term) const {
    constexpr std::size_t most_links = 32;
    std::set<spec::Uuid> seen;
    for (const Row* link = &row;
         link != nullptr && seen.size() <= most_links && seen.insert(link->statement.id).second;
         link = link->refers_to ? find(link->store, *link->refers_to) : nullptr) {
        if (std::find(link->terms.begin(), link->terms.end(), term) != link->terms.end()) return true;
    }
    return false;
}

void ModelStore::put_statements(storage::StoreId store, storage::Submission submission, PutCallback done) {
    auto outcome = put(store, std::move(submission));
    if (!answer_from_a_thread) {
        done(std::move(outcome));
        return;
    }
    std::thread([done = std::move(done), outcome = std::move(outcome)] { done(outcome); }).detach();
}

Result<void> ModelStore::put(storage::StoreId store, storage::Submission submission) {
    const std::lock_guard lock(mutex_);
    ++puts;
    if (refuse_puts) return *refuse_puts;
    std::vector<Row> fresh;
    for (std::size_t place = 0; place < submission.statements.size(); ++place) {
        auto& prepared = submission.statements[place];
        if (const auto* const same = find(store, prepared.id)) {
            if (spec::equivalent(object_of(same->statement.bytes), object_of(prepared.bytes),
                                 {prepared.timestamp_was_given, prepared.version}))
                continue;
            return Error{"statement_conflict", spec::child_pointer("", place), "The id is taken."};
        }
        const auto sequence = rows_.size() + fresh.size() + 1;
        const auto& before = fresh.empty() ? rows_ : fresh;
        auto stored = now(sequence);
        if (!before.empty())
            stored = std::max(stored, before.back().statement.stored + std::chrono::microseconds(1));
        prepared.set_stored(stored);
        fresh.push_back({store,
                         {sequence, prepared.id, stored, prepared.version, prepared.bytes, {}, {}},
                         prepared.terms,
                         prepared.refers_to,
                         prepared.voids,
                         {}});
        const auto number = [&](storage::FactText kind,
                                std::string_view text) -> Result<storage::FactNumber> {
            auto& texts = fact_texts_[{store, kind}];
            auto known = std::find(texts.begin(), texts.end(), text);
            if (known == texts.end()) known = texts.emplace(texts.end(), text);
            return static_cast<storage::FactNumber>(known - texts.begin() + 1);
        };
        fresh.back().facts = *storage::fact_values(prepared.facts, stored, number);
    }
    for (auto& row : fresh) {
        places_[{store, row.statement.id}] = rows_.size();
        if (row.voids) ++voiders_[{store, *row.refers_to}];
        rows_.push_back(std::move(row));
    }
    for (auto& attachment : submission.attachments) {
        attachments_.insert_or_assign({store, attachment.sha2},
                                      dynamic_cast<Upload&>(*attachment.upload).bytes);
    }
    return {};
}

Result<std::optional<storage::StoredStatement>>
ModelStore::find_statement(storage::StoreId store, const spec::Uuid& id, bool voided) {
    const std::lock_guard lock(mutex_);
    const auto* const row = find(store, id);
    if (row == nullptr || is_voided(*row) != voided) return std::optional<storage::StoredStatement>();
    return std::optional(row->statement);
}

std::vector<const ModelStore::Row*> ModelStore::matching(storage::StoreId store, const storage::Query& query,
                                                         storage::Sequence snapshot) const {
    std::vector<const Row*> matches;
    for (const auto& row : rows_) {
        const bool shown = row.store == store && !row.statement.erased() &&
                           (query.voided_too || !is_voided(row)) && row.statement.sequence <= snapshot;
        const bool in_time = (!query.since || row.statement.stored > *query.since) &&
                             (!query.until || row.statement.stored <= *query.until);
        if (shown && in_time &&
            std::all_of(query.terms.begin(), query.terms.end(),
                        [&](const spec::Term& term) { return has_term(row, term); }))
            matches.push_back(&row);
    }
    return matches;
}

Result<storage::Page> ModelStore::query_statements(storage::StoreId store, const storage::Query& query) {
    const std::lock_guard lock(mutex_);
    storage::Page page;
    page.snapshot = query.snapshot.value_or(rows_.size());
    auto matches = matching(store, query, page.snapshot);
    if (!query.ascending) std::reverse(matches.begin(), matches.end());
    std::size_t bytes = 0;
    for (const Row* row : matches) {
        const auto sequence = row->statement.sequence;
        const bool before =
            query.after && (query.ascending ? sequence <= *query.after : sequence >= *query.after);
        if (before) continue;
        if (page.statements.size() == query.limit || bytes >= query.limit_bytes) {
            page.next = page.statements.back().sequence;
            break;
        }
        page.statements.push_back(row->statement);
        bytes += row->statement.bytes.size();
    }
    return page;
}

Result<std::size_t> ModelStore::alter_statements(storage::StoreId store,
                                                 const std::vector<storage::Alteration>& alterations) {
    const std::lock_guard lock(mutex_);
    if (refuse_writes) return *refuse_writes;
    std::size_t count = 0;
    for (const auto& alteration : alterations) {
        auto& row = rows_.at(static_cast<std::size_t>(alteration.sequence - 1));
        auto& statement = row.statement;
        if (row.store != store || statement.erased()) continue;
        ++count;
        statement.altered = storage::Altered{statement.leaf(), instant(0)};
        statement.salt = {};
        row.terms.clear();
        statement.bytes = alteration.bytes.value_or(std::string());
        if (alteration.bytes) {
            row.terms = spec::filter_terms(object_of(statement.bytes));
        } else {
            places_.erase({store, statement.id});
            statement.id = {};
        }
    }
    return count;
}

Result<void> ModelStore::each_document(
    storage::StoreId store,
    const std::function<bool(const storage::DocumentName&, const storage::Document&)>& each) {
    decltype(documents_) documents;
    {
        const std::lock_guard lock(mutex_);
        documents = documents_;
    }
    for (const auto& [key, document] : documents)
        if (key.first == store && !each(key.second, document)) break;
    return {};
}

Result<storage::Count> ModelStore::count_statements(storage::StoreId store, const storage::Query& query) {
    const std::lock_guard lock(mutex_);
    return storage::Count{matching(store, query, rows_.size()).size()};
}

Result<void> ModelStore::save_record(storage::RecordKind kind, std::string_view name,
                                     std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (refuse_writes) return *refuse_writes;
    records_[kind].insert_or_assign(std::string(name), std::string(bytes));
    return {};
}

Result<void> ModelStore::remove_record(storage::RecordKind kind, std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (refuse_writes) return *refuse_writes;
    records_[kind].erase(std::string(name));
    return {};
}

Result<std::vector<std::pair<std::string, std::string>>> ModelStore::records(storage::RecordKind kind,
                                                                             std::string_view prefix) {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& [name, bytes] : records_[kind])
        if (name.starts_with(prefix)) found.emplace_back(name, bytes);
    return found;
}

Result<std::optional<std::string>> ModelStore::find_record(storage::RecordKind kind, std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto& all = records_[kind];
    const auto found = all.find(std::string(name));
    return found == all.end() ? std::nullopt : std::optional(found->second);
}

storage::Sequence ModelStore::visible_through() {
    const std::lock_guard lock(mutex_);
    return rows_.size();
}

storage::LogState ModelStore::log_state() {
    const std::lock_guard lock(mutex_);
    return {rows_.size() - log_lost, rows_.size() - log_lost};
}

Result<std::string> ModelStore::log_tile(unsigned level, std::uint64_t index) {
    const std::lock_guard lock(mutex_);
    std::string hashes;
    for (auto place = index * spec::tile_width; place < (index + 1) * spec::tile_width; ++place) {
        const auto leaves = std::uint64_t{1} << (spec::tile_height * level);
        if ((place + 1) * leaves > rows_.size()) break;
        spec::RootBuilder subtree;
        for (auto leaf = place * leaves; leaf < (place + 1) * leaves; ++leaf) {
            const auto& statement = rows_[static_cast<std::size_t>(leaf)].statement;
            subtree.add_leaf(statement.leaf());
        }
        const auto hash = subtree.root();
        hashes.append(hash.begin(), hash.end());
    }
    return Result<std::string>(boost::system::in_place_value, std::move(hashes));
}

Result<std::optional<std::uint64_t>> ModelStore::log_index(storage::Sequence sequence) {
    const std::lock_guard lock(mutex_);
    if (sequence == 0 || sequence > rows_.size()) return std::optional<std::uint64_t>();
    return std::optional<std::uint64_t>(sequence - 1);
}

Result<void> ModelStore::scan_facts(storage::StoreId store, const storage::FactQuery& query,
                                    const std::function<bool(const storage::FactBlock&)>& each) {
    const std::lock_guard lock(mutex_);
    storage::Query wanted;
    wanted.terms = query.terms;
    std::size_t number = 0;
    for (const Row* row : matching(store, wanted, query.snapshot.value_or(rows_.size()))) {
        if (number++ % query.parts != query.part) continue;
        storage::FactBlock block;
        block.rows = 1;
        for (const auto column : query.columns)
            block.columns[static_cast<std::size_t>(column)] = &row->facts[static_cast<std::size_t>(column)];
        if (query.statements) block.statements = {&row->statement, 1};
        if (!each(block)) break;
    }
    return {};
}

Result<storage::FactNumber> ModelStore::last_fact_number(storage::StoreId store, storage::FactText kind) {
    const std::lock_guard lock(mutex_);
    return static_cast<storage::FactNumber>(fact_texts_[{store, kind}].size());
}

Result<std::optional<storage::FactNumber>>
ModelStore::fact_number(storage::StoreId store, storage::FactText kind, std::string_view text) {
    const std::lock_guard lock(mutex_);
    const auto& texts = fact_texts_[{store, kind}];
    const auto known = std::find(texts.begin(), texts.end(), text);
    if (known == texts.end()) return std::optional<storage::FactNumber>();
    return std::optional(static_cast<storage::FactNumber>(known - texts.begin() + 1));
}

Result<std::optional<std::string>> ModelStore::fact_text(storage::StoreId store, storage::FactText kind,
                                                         storage::FactNumber number) {
    const std::lock_guard lock(mutex_);
    const auto& texts = fact_texts_[{store, kind}];
    return number == 0 || number > texts.size() ? std::nullopt : std::optional(texts[number - 1]);
}

Result<void>
ModelStore::each_fact_text(storage::StoreId store, storage::FactText kind,
                           const std::function<void(storage::FactNumber, std::string_view)>& each) {
    const std::lock_guard lock(mutex_);
    storage::FactNumber number = 0;
    for (const auto& text : fact_texts_[{store, kind}]) each(++number, text);
    return {};
}

bool ModelStore::belongs(const DocumentKey& key, storage::StoreId store,
                         const storage::DocumentOwner& owner) {
    auto of = key.second.owner;
    if (owner.kind == storage::DocumentKind::state && !owner.registration) of.registration.reset();
    return key.first == store && of == owner;
}

void ModelStore::change_document(storage::StoreId store, storage::DocumentName name,
                                 storage::DocumentChange change, DocumentCallback done) {
    const std::lock_guard lock(mutex_);
    if (refuse_writes) return done(*refuse_writes);
    const auto found = documents_.find({store, name});
    auto changed =
        change(found == documents_.end() ? std::nullopt : std::optional<storage::Document>(found->second));
    if (changed && *changed) {
        (*changed)->updated = instant(++document_changes_);
        documents_.insert_or_assign({store, name}, **changed);
    } else if (changed) {
        documents_.erase({store, name});
    }
    done(std::move(changed));
}

void ModelStore::delete_documents(storage::StoreId store, storage::DocumentOwner owner,
                                  DocumentCallback done) {
    const std::lock_guard lock(mutex_);
    std::erase_if(documents_, [&](const auto& entry) { return belongs(entry.first, store, owner); });
    done(std::optional<storage::Document>());
}

Result<std::optional<storage::Document>> ModelStore::find_document(storage::StoreId store,
                                                                   const storage::DocumentName& name) {
    const std::lock_guard lock(mutex_);
    const auto found = documents_.find({store, name});
    return found == documents_.end() ? std::nullopt : std::optional<storage::Document>(found->second);
}

Result<storage::DocumentList> ModelStore::list_documents(storage::StoreId store,
                                                         const storage::DocumentOwner& owner,
                                                         std::optional<spec::Instant> since) {
    const std::lock_guard lock(mutex_);
    std::set<std::string> ids;
    storage::DocumentList list;
    for (const auto& [key, document] : documents_) {
        if (!belongs(key, store, owner) || (since && document.updated <= *since)) continue;
        ids.insert(key.second.id);
        if (!list.newest || document.updated > *list.newest) list.newest = document.updated;
    }
    list.ids.assign(ids.begin(), ids.end());
    return list;
}

Result<std::optional<std::string>> ModelStore::activity_definition(storage::StoreId /*store*/,
                                                                   std::string_view iri) {
    const auto found = definitions.find(iri);
    return found == definitions.end() ? std::nullopt : std::optional<std::string>(found->second);
}

Result<std::vector<std::string>> ModelStore::agent_names(storage::StoreId /*store*/,
                                                         std::string_view identity) {
    const auto found = names.find(identity);
    return found == names.end() ? std::vector<std::string>() : found->second;
}

Result<std::unique_ptr<storage::AttachmentUpload>> ModelStore::begin_attachment(storage::StoreId /*store*/) {
    if (refuse_writes) return *refuse_writes;
    return std::unique_ptr<storage::AttachmentUpload>(std::make_unique<Upload>());
}

Result<std::unique_ptr<storage::AttachmentContent>> ModelStore::open_attachment(storage::StoreId store,
                                                                                std::string_view sha2) {
    const std::lock_guard lock(mutex_);
    const auto found = attachments_.find({store, std::string(sha2)});
    if (found == attachments_.end()) return std::unique_ptr<storage::AttachmentContent>();
    auto bytes = found->second;
    if (damages_attachments && !bytes.empty()) bytes.back() ^= 1;
    return std::unique_ptr<storage::AttachmentContent>(std::make_unique<Content>(std::move(bytes)));
}

Result<std::unique_ptr<storage::AttachmentUpload>> ModelStore::begin_content(storage::StoreId store) {
    return begin_attachment(store);
}

Result<void> ModelStore::keep_content(storage::StoreId store, std::vector<storage::NewAttachment> files) {
    const std::lock_guard lock(mutex_);
    if (refuse_writes) return *refuse_writes;
    for (auto& file : files)
        content_.insert_or_assign({store, file.sha2}, dynamic_cast<Upload&>(*file.upload).bytes);
    return {};
}

Result<std::unique_ptr<storage::AttachmentContent>> ModelStore::open_content(storage::StoreId store,
                                                                             std::string_view sha2) {
    const std::lock_guard lock(mutex_);
    const auto found = content_.find({store, std::string(sha2)});
    if (found == content_.end()) return std::unique_ptr<storage::AttachmentContent>();
    return std::unique_ptr<storage::AttachmentContent>(std::make_unique<Content>(found->second));
}

Result<std::size_t> ModelStore::remove_content(storage::StoreId store, const std::set<std::string>& used) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(content_, [&](const auto& file) {
        return file.first.first == store && !used.contains(file.first.second);
    });
}

Result<void> ModelStore::save_credential(const storage::Credential& credential) {
    if (refuse_writes) return *refuse_writes;
    credentials_.insert_or_assign(credential.key, credential);
    return {};
}

Result<std::vector<storage::Credential>> ModelStore::credentials() {
    std::vector<storage::Credential> all;
    for (const auto& [key, credential] : credentials_) all.push_back(credential);
    return all;
}

Result<void> ModelStore::writable() {
    if (refuse_writes) return *refuse_writes;
    return {};
}

std::vector<Measurement> ModelStore::measurements() {
    const std::lock_guard lock(mutex_);
    return {{"store_statements", "Statements in all stores", static_cast<double>(rows_.size()),
             Measurement::Kind::gauge}};
}

} // namespace leerspoor::tests

// A record store as a vector: slow, obvious, in memory. What it refuses and what it holds can be set by a
// test.
#pragma once

#include "spec/base/json.hpp"
#include "spec/equivalence.hpp"
#include "storage/record_store.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace leerspoor::test {

class FakeStore final : public storage::RecordStore {
  public:
    std::optional<Error> refuse_puts;
    std::optional<Error> refuse_writes; // what writable() says
    bool answer_from_a_thread = false;
    std::size_t puts = 0;

    void put_statements(storage::StoreId store, std::vector<spec::PreparedStatement> batch,
                        std::vector<storage::NewAttachment> attachments, PutCallback done) override {
        auto outcome = put(store, std::move(batch), std::move(attachments));
        if (!answer_from_a_thread) {
            done(std::move(outcome));
            return;
        }
        std::thread([done = std::move(done), outcome = std::move(outcome)] { done(outcome); }).detach();
    }

    Result<std::optional<storage::StoredStatement>>
    find_statement(storage::StoreId store, const spec::Uuid& id, bool voided) override {
        const std::lock_guard lock(mutex_);
        for (const auto& row : rows_) {
            if (row.store == store && row.statement.id == id && row.voided == voided) {
                return std::optional(row.statement);
            }
        }
        return std::optional<storage::StoredStatement>();
    }

    Result<storage::Page> query_statements(storage::StoreId store, const storage::Query& query) override {
        const std::lock_guard lock(mutex_);
        storage::Page page;
        page.snapshot = query.snapshot.value_or(rows_.size());
        auto matches = matching(store, query, page.snapshot);
        if (!query.ascending) std::reverse(matches.begin(), matches.end());
        for (const Row* row : matches) {
            const auto sequence = row->statement.sequence;
            const bool before =
                query.after && (query.ascending ? sequence <= *query.after : sequence >= *query.after);
            if (before) continue;
            if (page.statements.size() == query.limit) {
                page.more = true;
                break;
            }
            page.statements.push_back(row->statement);
        }
        return page;
    }

    Result<storage::Count> count_statements(storage::StoreId store, const storage::Query& query) override {
        const std::lock_guard lock(mutex_);
        return storage::Count{matching(store, query, rows_.size()).size()};
    }

    spec::Instant consistent_through() override { return instant(1'000'000); }

    void change_document(storage::StoreId store, storage::DocumentName name, storage::DocumentChange change,
                         DocumentCallback done) override {
        const std::lock_guard lock(mutex_);
        if (refuse_writes) return done(*refuse_writes);
        const auto found = documents_.find({store, name});
        auto changed = change(found == documents_.end() ? std::nullopt
                                                        : std::optional<storage::Document>(found->second));
        if (changed && *changed) {
            (*changed)->updated = instant(++document_changes_);
            documents_.insert_or_assign({store, name}, **changed);
        } else if (changed) {
            documents_.erase({store, name});
        }
        done(std::move(changed));
    }
    void delete_documents(storage::StoreId store, storage::DocumentOwner owner,
                          DocumentCallback done) override {
        const std::lock_guard lock(mutex_);
        std::erase_if(documents_, [&](const auto& entry) { return belongs(entry.first, store, owner); });
        done(std::optional<storage::Document>());
    }
    Result<std::optional<storage::Document>> find_document(storage::StoreId store,
                                                           const storage::DocumentName& name) override {
        const std::lock_guard lock(mutex_);
        const auto found = documents_.find({store, name});
        return found == documents_.end() ? std::nullopt : std::optional<storage::Document>(found->second);
    }
    Result<std::vector<std::string>> document_ids(storage::StoreId store, const storage::DocumentOwner& owner,
                                                  std::optional<spec::Instant> since) override {
        const std::lock_guard lock(mutex_);
        std::set<std::string> ids;
        for (const auto& [key, document] : documents_) {
            if (belongs(key, store, owner) && (!since || document.updated > *since))
                ids.insert(key.second.id);
        }
        return std::vector<std::string>(ids.begin(), ids.end());
    }

    // What statements have told: set by the test.
    std::map<std::string, std::string, std::less<>> definitions;
    std::map<std::string, std::vector<std::string>, std::less<>> names;
    Result<std::optional<std::string>> activity_definition(storage::StoreId /*store*/,
                                                           std::string_view iri) override {
        const auto found = definitions.find(iri);
        return found == definitions.end() ? std::nullopt : std::optional<std::string>(found->second);
    }
    Result<std::vector<std::string>> agent_names(storage::StoreId /*store*/,
                                                 std::string_view identity) override {
        const auto found = names.find(identity);
        return found == names.end() ? std::vector<std::string>() : found->second;
    }

    Result<std::unique_ptr<storage::AttachmentUpload>> begin_attachment(storage::StoreId /*store*/) override {
        if (refuse_writes) return *refuse_writes;
        return std::unique_ptr<storage::AttachmentUpload>(std::make_unique<Upload>());
    }
    Result<std::unique_ptr<storage::AttachmentContent>> open_attachment(storage::StoreId store,
                                                                        std::string_view sha2) override {
        const std::lock_guard lock(mutex_);
        const auto found = attachments_.find({store, std::string(sha2)});
        if (found == attachments_.end()) return std::unique_ptr<storage::AttachmentContent>();
        return std::unique_ptr<storage::AttachmentContent>(std::make_unique<Content>(found->second));
    }
    std::size_t attachments() const { return attachments_.size(); }

    Result<void> save_credential(const storage::Credential& credential) override {
        if (refuse_writes) return *refuse_writes;
        credentials_.insert_or_assign(credential.key, credential);
        return {};
    }
    Result<std::vector<storage::Credential>> credentials() override {
        std::vector<storage::Credential> all;
        for (const auto& [key, credential] : credentials_) all.push_back(credential);
        return all;
    }

    Result<void> writable() override {
        if (refuse_writes) return *refuse_writes;
        return {};
    }
    std::vector<Measurement> measurements() override {
        return {{"store_statements", "Statements in all stores", static_cast<double>(rows_.size()),
                 Measurement::Kind::gauge}};
    }

    static spec::Instant instant(std::int64_t sequence) {
        return spec::Instant(std::chrono::seconds(1'790'000'000) + std::chrono::milliseconds(sequence));
    }

  private:
    using DocumentKey = std::pair<storage::StoreId, storage::DocumentName>;

    static bool belongs(const DocumentKey& key, storage::StoreId store, const storage::DocumentOwner& owner) {
        auto of = key.second.owner;
        if (owner.kind == storage::DocumentKind::state && !owner.registration) of.registration.reset();
        return key.first == store && of == owner;
    }

    struct Upload final : storage::AttachmentUpload {
        Result<void> append(std::string_view more) override {
            bytes += more;
            return {};
        }
        std::string bytes;
    };

    struct Content final : storage::AttachmentContent {
        explicit Content(std::string all) : bytes(std::move(all)) {}
        std::uint64_t size() const override { return bytes.size(); }
        Result<std::string_view> read(std::size_t limit) override {
            const auto piece = std::string_view(bytes).substr(at, limit);
            at += piece.size();
            return piece;
        }
        std::string bytes;
        std::size_t at = 0;
    };

    struct Row {
        storage::StoreId store;
        storage::StoredStatement statement;
        std::vector<spec::Term> terms;
        bool voided = false;
    };

    static boost::json::object object_of(const std::string& bytes) {
        const auto value = spec::parse_json(bytes);
        return value && value->is_object() ? value->get_object() : boost::json::object();
    }

    Result<storage::PutReceipt> put(storage::StoreId store, std::vector<spec::PreparedStatement> batch,
                                    std::vector<storage::NewAttachment> attachments) {
        const std::lock_guard lock(mutex_);
        ++puts;
        if (refuse_puts) return *refuse_puts;
        storage::PutReceipt receipt;
        std::vector<Row> fresh;
        for (std::size_t place = 0; place < batch.size(); ++place) {
            auto& prepared = batch[place];
            const auto same = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) {
                return row.store == store && row.statement.id == prepared.id;
            });
            const auto sequence = rows_.size() + fresh.size() + 1;
            prepared.set_stored(instant(static_cast<std::int64_t>(sequence)));
            if (same != rows_.end()) {
                const bool equal = spec::equivalent(object_of(same->statement.bytes),
                                                    object_of(prepared.bytes), prepared.timestamp_was_given);
                if (!equal) {
                    return Error{"statement_conflict", spec::child_pointer("", place), "The id is taken."};
                }
                continue;
            }
            Row row{store, {}, prepared.terms, false};
            row.statement = {sequence, prepared.id, instant(static_cast<std::int64_t>(sequence)),
                             prepared.version, prepared.bytes};
            fresh.push_back(std::move(row));
            if (prepared.voids && prepared.refers_to) {
                for (auto& target : rows_) target.voided |= target.statement.id == *prepared.refers_to;
            }
        }
        receipt.stored = fresh.size();
        for (auto& row : fresh) rows_.push_back(std::move(row));
        for (auto& attachment : attachments) {
            attachments_.insert_or_assign({store, attachment.sha2},
                                          dynamic_cast<Upload&>(*attachment.upload).bytes);
        }
        receipt.at = instant(static_cast<std::int64_t>(rows_.size()));
        return receipt;
    }

    std::vector<const Row*> matching(storage::StoreId store, const storage::Query& query,
                                     storage::Sequence snapshot) const {
        std::vector<const Row*> matches;
        for (const auto& row : rows_) {
            const bool has_terms =
                std::all_of(query.terms.begin(), query.terms.end(), [&](const spec::Term& term) {
                    return std::find(row.terms.begin(), row.terms.end(), term) != row.terms.end();
                });
            const bool in_time = (!query.since || row.statement.stored > *query.since) &&
                                 (!query.until || row.statement.stored <= *query.until);
            const bool shown = row.store == store && !row.voided && row.statement.sequence <= snapshot;
            if (has_terms && in_time && shown) matches.push_back(&row);
        }
        return matches;
    }

    std::mutex mutex_;
    std::vector<Row> rows_;
    std::map<std::string, storage::Credential> credentials_;
    std::map<DocumentKey, storage::Document> documents_;
    std::int64_t document_changes_ = 0;
    std::map<std::pair<storage::StoreId, std::string>, std::string> attachments_;
};

} // namespace leerspoor::test

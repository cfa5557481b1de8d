// A record store as a vector: slow, obvious, in memory. What it refuses and what it holds can be set by a
// test.
#pragma once

#include "spec/equivalence.hpp"
#include "spec/json.hpp"
#include "storage/record_store.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
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
                        PutCallback done) override {
        auto outcome = put(store, std::move(batch));
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

    Result<std::optional<storage::Document>> find_document(storage::StoreId, const std::string&) override {
        return std::optional<storage::Document>();
    }
    Result<void> put_document(storage::StoreId, const std::string&, const storage::Document&) override {
        return {};
    }

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
    storage::Statistics statistics() override {
        storage::Statistics numbers;
        numbers.statements = rows_.size();
        return numbers;
    }

    static spec::Instant instant(std::int64_t sequence) {
        return spec::Instant(std::chrono::seconds(1'790'000'000) + std::chrono::milliseconds(sequence));
    }

  private:
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

    Result<storage::PutReceipt> put(storage::StoreId store, std::vector<spec::PreparedStatement> batch) {
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
                             prepared.bytes};
            fresh.push_back(std::move(row));
            if (prepared.voids && prepared.refers_to) {
                for (auto& target : rows_) target.voided |= target.statement.id == *prepared.refers_to;
            }
        }
        receipt.stored = fresh.size();
        for (auto& row : fresh) rows_.push_back(std::move(row));
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
};

} // namespace leerspoor::test

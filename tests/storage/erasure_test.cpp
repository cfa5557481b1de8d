// Statements taken back: from reads, the index, columns, files; while the log stays what it was.
#include "spec/agent.hpp"
#include "spec/base/sha2.hpp"
#include "spec/log/tile.hpp"
#include "spec/pseudonyms.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

const std::atomic<bool> never = false;

std::vector<std::string> problems_of(RecordStore& store) {
    const auto verification = store.verify(never);
    REQUIRE(verification.has_value());
    return verification->problems;
}

// Files of the folder in which the text stands, in any case.
std::vector<std::string> files_with(const std::filesystem::path& folder, const std::string& text) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        if (bytes.find(text) != std::string::npos) files.push_back(entry.path().string());
    }
    return files;
}

// Rows of the database in which the text stands: its files are compressed.
std::size_t rows_with(const std::filesystem::path& folder, const std::string& text) {
    std::size_t rows = 0;
    change_database(folder, [&](engine::Database& database) {
        for (std::size_t family = 0; family < engine::family_count; ++family) {
            const std::unique_ptr<rocksdb::Iterator> each(
                database.db().NewIterator({}, database.family(static_cast<engine::Family>(family))));
            for (each->SeekToFirst(); each->Valid(); each->Next())
                if (each->key().ToString().find(text) != std::string::npos ||
                    each->value().ToString().find(text) != std::string::npos)
                    ++rows;
        }
    });
    return rows;
}

std::vector<StoredStatement> everything(RecordStore& store, StoreId tenant = first_store) {
    Query all = query();
    all.ascending = true;
    all.voided_too = true;
    all.limit = 5000;
    const auto page = store.query_statements(tenant, all);
    REQUIRE(page.has_value());
    return page->statements;
}

std::vector<Alteration> erasing(const std::vector<Sequence>& sequences) {
    std::vector<Alteration> alterations;
    for (const auto sequence : sequences) alterations.push_back({sequence, std::nullopt});
    return alterations;
}

spec::Hash root_of(RecordStore& store) {
    LogHashes hashes(store);
    const auto root = spec::root_of(store.log_state().size, hashes);
    REQUIRE(root.has_value());
    return *root;
}

std::uint64_t rows_of(RecordStore& store) {
    std::uint64_t rows = 0;
    FactQuery facts;
    facts.columns = {FactColumn::actor};
    REQUIRE(store
                .scan_facts(first_store, facts,
                            [&](const FactBlock& block) {
                                rows += block.rows;
                                return true;
                            })
                .has_value());
    return rows;
}

void put_some(StoreFixture& fixture) {
    for (std::uint64_t id = 1; id <= 40; ++id) {
        auto one =
            with_id(statement(id % 4 == 0 ? "gone" : "ann", "passed", "quiz" + std::to_string(id % 3)), id);
        if (id % 4 == 0) one["actor"].as_object()["name"] = "Gone Away";
        one["result"] = {{"response", id % 4 == 0 ? "secret answer" : "answer"}};
        if (id == 7) one["context"] = {{"instructor", agent("gone")}};
        REQUIRE(put(fixture.store(), one).has_value());
    }
    REQUIRE(put(fixture.store(), with_id(referring("ann", "liked", 8), 41)).has_value());
    REQUIRE(put(fixture.store(), with_id(voiding(12), 42)).has_value());
}

std::vector<Sequence> of_gone() {
    std::vector<Sequence> sequences;
    for (Sequence id = 4; id <= 40; id += 4) sequences.push_back(id);
    return sequences;
}

} // namespace

TEST_CASE("An erased statement is nowhere, and the log is what it was") {
    StoreFixture fixture;
    put_some(fixture);
    REQUIRE(fixture.store().await_log(42, std::chrono::seconds(60)));
    const auto root = root_of(fixture.store());
    CHECK(fixture.store().alter_statements(first_store, erasing(of_gone())).value() == 10);
    for (int round = 0; round < 2; ++round) {
        auto& store = fixture.store();
        CHECK(everything(store).size() == 32);
        CHECK(store.count_statements(first_store, query()).value().matches == 32);
        CHECK_FALSE(is_there(store, 4));
        CHECK_FALSE(is_voided(store, 12));
        CHECK(is_there(store, 5));
        CHECK(found(store, query({by_agent("gone")})) == ids({42, 41})); // inherited, until it is renamed
        CHECK(found(store, query({by_verb("passed")})).size() == 32) /* of two that refer */;
        CHECK(rows_of(store) == 32);
        CHECK(root_of(store) == root);
        CHECK(problems_of(store) == std::vector<std::string>{});
        CHECK(store.alter_statements(first_store, erasing(of_gone())).value() == 0);
        fixture.reopen();
    }
    // A log that is made again is the same, though the bytes are gone.
    fixture.close();
    change_database(fixture.data(), [](engine::Database& database) {
        REQUIRE(
            database.db()
                .DeleteRange({}, database.family(engine::Family::log), rocksdb::Slice(), rocksdb::Slice("z"))
                .ok());
    });
    fixture.reopen();
    REQUIRE(fixture.store().await_log(42, std::chrono::seconds(60)));
    CHECK(root_of(fixture.store()) == root);
    // And the id is free again; who refers to it finds it.
    REQUIRE(put(fixture.store(), with_id(statement("bob", "passed", "quiz"), 8)).has_value());
    CHECK(is_there(fixture.store(), 8));
    CHECK(found(fixture.store(), query({by_agent("bob")})).size() == 2);
    CHECK(problems_of(fixture.store()) == std::vector<std::string>{});
}

TEST_CASE("An altered statement is found by what it says now") {
    StoreFixture fixture;
    put_some(fixture);
    REQUIRE(fixture.store().await_log(42, std::chrono::seconds(60)));
    const auto root = root_of(fixture.store());
    spec::Pseudonyms pseudonyms("https://example.org/pseudonyms");
    pseudonyms.add(spec::identity(agent("gone")), "nobody");
    std::vector<Alteration> alterations;
    for (const auto& one : everything(fixture.store()))
        if (auto next = pseudonyms.replaced(one.bytes))
            alterations.push_back({one.sequence, std::move(next->bytes)});
    CHECK(alterations.size() == 11);
    for (const auto& [from, to] : pseudonyms.identities())
        REQUIRE(fixture.store().rename_actor(first_store, from, to).has_value());
    CHECK(fixture.store().alter_statements(first_store, alterations).value() == 11);
    const spec::Term nobody{spec::Filter::agent, "account https://example.org/pseudonyms nobody"};
    const spec::Term related{spec::Filter::related_agent, nobody.text};
    for (int round = 0; round < 2; ++round) {
        auto& store = fixture.store();
        CHECK(found(store, query({by_agent("gone")})).empty());
        CHECK(found(store, query({nobody})).size() == 11); // one is voided, two refer
        CHECK(found(store, query({related})).size() == 12);
        CHECK(rows_of(store) == 41);
        CHECK(store.fact_number(first_store, FactText::actor, nobody.text).value().has_value());
        CHECK_FALSE(store.fact_number(first_store, FactText::actor, spec::identity(agent("gone")))
                        .value()
                        .has_value());
        CHECK(store.agent_names(first_store, spec::identity(agent("gone"))).value().empty());
        CHECK(root_of(store) == root);
        CHECK(problems_of(store) == std::vector<std::string>{});
        const auto one = everything(store)[3];
        CHECK(one.altered.has_value());
        CHECK(one.bytes.find("gone") == std::string::npos);
        fixture.reopen();
    }
    // A second time: who comes back becomes the same nobody.
    REQUIRE(put(fixture.store(), with_id(statement("gone", "passed", "quiz"), 50)).has_value());
    REQUIRE(
        fixture.store().rename_actor(first_store, spec::identity(agent("gone")), nobody.text).has_value());
    const auto again = everything(fixture.store()).back();
    REQUIRE(fixture.store()
                .alter_statements(first_store, {{again.sequence, pseudonyms.replaced(again.bytes)->bytes}})
                .has_value());
    CHECK(found(fixture.store(), query({nobody})).size() == 12);
    CHECK(problems_of(fixture.store()) == std::vector<std::string>{});
}

TEST_CASE("Nothing of who was erased stays in any file") {
    StoreFixture fixture;
    put_some(fixture);
    REQUIRE(
        put(fixture.store(), with_id(statement("gone", "passed", "quiz"), 60), first_store + 1).has_value());
    fixture.reopen(); // so that all of it is in files
    auto& store = fixture.store();
    const auto gone = spec::identity(agent("gone"));
    const auto mailbox = gone.substr(gone.find(':') + 1);
    CHECK_FALSE(files_with(fixture.data(), mailbox).empty());
    spec::Pseudonyms pseudonyms("https://leerspoor.invalid/erased");
    pseudonyms.add(gone, "nobody");
    for (const auto tenant : {first_store, first_store + 1}) {
        for (const auto& [from, to] : pseudonyms.identities())
            REQUIRE(store.rename_actor(tenant, from, to).has_value());
        std::vector<Alteration> alterations;
        for (const auto& one : everything(store, tenant)) {
            const auto next = pseudonyms.replaced(one.bytes);
            if (!next) continue;
            alterations.push_back({one.sequence, next->actor ? std::nullopt : std::optional(next->bytes)});
        }
        CHECK(store.alter_statements(tenant, alterations).value() > 0);
        REQUIRE(store.forget_unused(tenant).has_value());
    }
    REQUIRE(store.await_log(43, std::chrono::seconds(60)));
    REQUIRE(store.purge().has_value());
    CHECK(files_with(fixture.data(), mailbox) == std::vector<std::string>{});
    CHECK(files_with(fixture.data(), "secret answer") == std::vector<std::string>{});
    CHECK_FALSE(files_with(fixture.data(), "ann@").empty());
    CHECK(files_with(fixture.data(), "gone@") == std::vector<std::string>{});
    CHECK(problems_of(store) == std::vector<std::string>{});
    fixture.close();
    CHECK(rows_with(fixture.data(), "gone@") == 0);
    CHECK(rows_with(fixture.data(), "Gone Away") == 0);
    CHECK(rows_with(fixture.data(), "secret answer") == 0);
    CHECK(rows_with(fixture.data(), "ann@") > 0);
    fixture.open();
    CHECK(files_with(fixture.data(), mailbox) == std::vector<std::string>{});
    CHECK(problems_of(fixture.store()) == std::vector<std::string>{});
}

TEST_CASE("Statements are altered while others are written") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), many(1, 2000)).has_value());
    std::atomic<bool> stop = false;
    std::atomic<std::uint64_t> next = 3000;
    std::thread writer([&] {
        for (int batch = 0; batch < 100 && !stop; ++batch) {
            const auto first = next.fetch_add(50);
            if (!put(fixture.store(), many(first, 50)).has_value()) return;
        }
    });
    std::size_t altered = 0;
    for (Sequence from = 1; from <= 1000; from += 100) {
        std::vector<Sequence> some;
        for (Sequence at = from; at < from + 100; ++at) some.push_back(at);
        const auto done = fixture.store().alter_statements(first_store, erasing(some));
        if (done.has_value()) altered += *done;
    }
    stop = true;
    writer.join();
    CHECK(altered == 1000);
    const auto written = next - 3000;
    CHECK(fixture.store().count_statements(first_store, query()).value().matches == 1000 + written);
    CHECK(rows_of(fixture.store()) == 1000 + written);
    CHECK(problems_of(fixture.store()) == std::vector<std::string>{});
    fixture.reopen();
    CHECK(problems_of(fixture.store()) == std::vector<std::string>{});
}

TEST_CASE("Attachments go with the last statement that speaks of them") {
    StoreFixture fixture;
    const auto attach = [&](std::string_view actor, std::uint64_t id, const std::string& content) {
        auto digest = spec::Sha2(256);
        digest.update(content);
        const auto sha2 = digest.finish();
        auto one = with_id(statement(actor, "passed", "quiz"), id);
        one["attachments"] = boost::json::array{{{"usageType", "https://example.org/file"},
                                                 {"display", {{"en", "file"}}},
                                                 {"contentType", "text/plain"},
                                                 {"length", content.size()},
                                                 {"sha2", sha2}}};
        Submission submission;
        submission.statements = batch({one});
        auto upload = fixture.store().begin_attachment(first_store);
        REQUIRE(upload.has_value());
        REQUIRE((*upload)->append(content).has_value());
        REQUIRE((*upload)->complete().has_value());
        submission.attachments.push_back({sha2, std::move(*upload)});
        REQUIRE(put(fixture.store(), std::move(submission)).has_value());
        return sha2;
    };
    const auto shared = attach("gone", 1, "shared");
    attach("ann", 2, "shared");
    const auto own = attach("gone", 3, "own");
    CHECK(fixture.store().alter_statements(first_store, erasing({1, 3})).value() == 2);
    CHECK(fixture.store().forget_unused(first_store).value() == 1);
    CHECK(fixture.store().open_attachment(first_store, own).value() == nullptr);
    CHECK(fixture.store().open_attachment(first_store, shared).value() != nullptr);
}

TEST_CASE("All documents of a store are told, and only those") {
    StoreFixture fixture;
    const auto keep = [&](StoreId tenant, const std::string& id) {
        std::promise<void> done;
        fixture.store().change_document(
            tenant, {{DocumentKind::agent_profile, {}, "mbox mailto:ann@example.org", {}}, id},
            [](const std::optional<Document>&) -> Result<std::optional<Document>> {
                return std::optional(Document{"text/plain", "bytes", "etag", {}});
            },
            [&](const Result<std::optional<Document>>&) { done.set_value(); });
        done.get_future().get();
    };
    keep(first_store, "a");
    keep(first_store, "b");
    keep(first_store + 1, "c");
    std::set<std::string> ids;
    REQUIRE(fixture.store()
                .each_document(first_store,
                               [&](const DocumentName& name, const Document& document) {
                                   CHECK(document.bytes == "bytes");
                                   ids.insert(name.id);
                                   return true;
                               })
                .has_value());
    CHECK(ids == std::set<std::string>{"a", "b"});
}

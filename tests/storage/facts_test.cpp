// Facts are what the statements tell, whatever of them is in memory, sealed, or was made again.
#include "spec/base/json.hpp"
#include "spec/facts.hpp"
#include "storage/rocksdb/database/format.hpp"
#include "tests/storage/store_fixture.hpp"

#include <catch2/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;

std::vector<FactColumn> all_columns() {
    std::vector<FactColumn> all;
    for (std::size_t i = 0; i < fact_columns; ++i) all.push_back(static_cast<FactColumn>(i));
    return all;
}

FactText kind_of(FactColumn column, bool object_is_actor) {
    switch (column) {
    case FactColumn::actor:
    case FactColumn::team:
    case FactColumn::instructor:
        return FactText::actor;
    case FactColumn::object:
        return object_is_actor ? FactText::actor : FactText::iri;
    case FactColumn::parents:
    case FactColumn::groupings:
    case FactColumn::categories:
        return FactText::list;
    case FactColumn::platform:
    case FactColumn::language:
    case FactColumn::response:
        return FactText::word;
    default:
        return FactText::iri;
    }
}

bool is_text(FactColumn column) {
    return column == FactColumn::response || (column >= FactColumn::actor && column <= FactColumn::language &&
                                              column != FactColumn::registration);
}

// A row as one text, its numbers replaced by what they stand for.
std::string row_text(RecordStore& store, StoreId tenant, const FactBlock& block, std::size_t row) {
    std::string text;
    for (const auto column : all_columns()) {
        const auto value = block[column][row];
        text += '|';
        if (!is_text(column)) {
            text += std::to_string(value);
        } else if (value != no_fact) {
            const auto kind = kind_of(column, block[FactColumn::object_is_actor][row] != 0);
            const auto found = *store.fact_text(tenant, kind, static_cast<FactNumber>(value));
            REQUIRE(found.has_value());
            CHECK(*store.fact_number(tenant, kind, *found) == static_cast<FactNumber>(value));
            if (kind == FactText::list) {
                for (const auto number : list_of(*found))
                    text += **store.fact_text(tenant, FactText::iri, number) + ' ';
            } else {
                text += *found;
            }
        }
    }
    return text;
}

// Every row that the statements would give, read one by one.
std::vector<std::string> expected_rows(RecordStore& store, Query query, StoreId tenant) {
    std::vector<std::string> rows;
    for (;;) {
        const auto page = store.query_statements(tenant, query);
        REQUIRE(page.has_value());
        for (const auto& statement : page->statements) {
            const auto facts = spec::facts_of(spec::parse_stored_json(statement.bytes)->get_object());
            std::vector<std::string> texts{""};
            const auto number = [&](FactText kind, std::string_view text) -> Result<FactNumber> {
                std::string shown(text);
                if (kind == FactText::list) {
                    shown.clear();
                    for (const auto each : list_of(text)) shown += texts[each] + ' ';
                }
                texts.push_back(shown);
                return static_cast<FactNumber>(texts.size() - 1);
            };
            const auto values = *fact_values(facts, statement.stored, number);
            std::string text;
            for (const auto column : all_columns()) {
                const auto value = values[static_cast<std::size_t>(column)];
                text += '|';
                text += is_text(column) ? texts[static_cast<std::size_t>(value)] : std::to_string(value);
            }
            rows.push_back(text);
        }
        if (!page->next) break;
        query.after = page->next;
        query.snapshot = page->snapshot;
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

std::vector<std::string> scanned_rows(RecordStore& store, FactQuery query, StoreId tenant) {
    query.columns = all_columns();
    std::vector<std::string> rows;
    const auto scanned = store.scan_facts(tenant, query, [&](const FactBlock& block) {
        for (std::size_t i = 0; i < block.rows; ++i) rows.push_back(row_text(store, tenant, block, i));
        return true;
    });
    REQUIRE(scanned.has_value());
    std::sort(rows.begin(), rows.end());
    return rows;
}

// The statements come with their rows: each tells the facts beside it.
void check_statements(RecordStore& store, StoreId tenant) {
    for (const bool all : {true, false}) {
        FactQuery query;
        if (!all) query.terms = {tests::by_verb("passed")};
        query.columns = {FactColumn::timestamp, FactColumn::stored, FactColumn::duration};
        query.statements = true;
        std::size_t rows = 0;
        std::size_t different = 0;
        const auto scanned = store.scan_facts(tenant, query, [&](const FactBlock& block) {
            REQUIRE(block.statements.size() == block.rows);
            for (std::size_t i = 0; i < block.rows; ++i) {
                const auto& statement = block.statements[i];
                const auto facts = spec::facts_of(spec::parse_stored_json(statement.bytes)->get_object());
                const auto values = *fact_values(facts, statement.stored, [](FactText, std::string_view) {
                    return Result<FactNumber>(FactNumber{1});
                });
                for (const auto column : query.columns)
                    different += block[column][i] != values[static_cast<std::size_t>(column)];
            }
            rows += block.rows;
            return true;
        });
        REQUIRE(scanned.has_value());
        CHECK(different == 0);
        query.statements = false;
        CHECK(rows == scanned_rows(store, query, tenant).size());
    }
}

void check_all(RecordStore& store) {
    for (const StoreId tenant : {first_store, first_store + 1}) {
        CHECK(scanned_rows(store, {}, tenant) == expected_rows(store, {}, tenant));
        check_statements(store, tenant);
        FactQuery by_verb;
        by_verb.terms = {tests::by_verb("passed")};
        CHECK(scanned_rows(store, by_verb, tenant) ==
              expected_rows(store, query({tests::by_verb("passed")}), tenant));
        std::vector<std::string> parts;
        for (std::size_t part = 0; part < 3; ++part) {
            FactQuery some;
            some.part = part;
            some.parts = 3;
            const auto rows = scanned_rows(store, some, tenant);
            parts.insert(parts.end(), rows.begin(), rows.end());
        }
        std::sort(parts.begin(), parts.end());
        CHECK(parts == scanned_rows(store, {}, tenant));
    }
}

class Statements {
  public:
    boost::json::object next() {
        static const std::vector<std::string> verbs{"passed", "failed", "answered", "experienced"};
        const auto number = ++number_;
        auto made = statement("learner" + std::to_string(random_() % 9), verbs[random_() % verbs.size()],
                              "activity" + std::to_string(random_() % 7));
        made = with_id(made, number);
        if (random_() % 2 == 0)
            made["timestamp"] = "2026-03-" + std::to_string(10 + random_() % 19) + "T12:00:00.5Z";
        boost::json::object context;
        if (random_() % 2 == 0)
            context["registration"] = "00000000-0000-4000-8000-00000000000" + std::to_string(random_() % 9);
        if (random_() % 3 == 0) {
            context["contextActivities"] = {{"parent", {activity("course" + std::to_string(random_() % 3))}},
                                            {"grouping", {activity("path"), activity("year")}}};
        }
        if (random_() % 4 == 0) context["instructor"] = agent("trainer");
        if (random_() % 4 == 0) context["language"] = "nl-NL";
        if (random_() % 4 == 0) context["platform"] = "VR";
        if (!context.empty()) made["context"] = context;
        boost::json::object result;
        if (random_() % 2 == 0) result["success"] = random_() % 2 == 0;
        if (random_() % 2 == 0) result["score"] = {{"scaled", static_cast<double>(random_() % 101) / 100}};
        if (random_() % 3 == 0) result["duration"] = "PT" + std::to_string(random_() % 90) + "M1.25S";
        if (random_() % 3 == 0) result["response"] = "answer " + std::to_string(random_() % 5);
        if (!result.empty()) made["result"] = result;
        if (random_() % 20 == 0 && number > 1) return with_id(voiding(1 + random_() % (number - 1)), number);
        return made;
    }

  private:
    std::mt19937 random_{11};
    std::uint64_t number_ = 0;
};

void put_some(RecordStore& store, Statements& statements, int batches) {
    for (int i = 0; i < batches; ++i) {
        std::vector<boost::json::object> some;
        for (int k = 0; k < 20; ++k) some.push_back(statements.next());
        REQUIRE(put(store, batch(some), first_store + static_cast<StoreId>(i % 3 == 2)).has_value());
    }
}

} // namespace

TEST_CASE("Facts are what the statements tell, in memory, sealed, and made again") {
    RocksdbOptions options;
    options.segment_bytes = 200'000; // many segments a bucket
    StoreFixture fixture(options);
    Statements statements;
    put_some(fixture.store(), statements, 5);
    check_all(fixture.store());
    put_some(fixture.store(), statements, 30);
    check_all(fixture.store());
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    {
        const auto crashed = open_rocksdb(copy, options);
        REQUIRE(crashed.has_value());
        check_all(**crashed);
        CHECK(scanned_rows(**crashed, {}, first_store) == scanned_rows(fixture.store(), {}, first_store));
    }
    fixture.reopen();
    check_all(fixture.store());
    put_some(fixture.store(), statements, 3);
    check_all(fixture.store());
}

TEST_CASE("Facts of a snapshot stay, and whole blocks outside the time are left out") {
    StoreFixture fixture;
    Statements statements;
    put_some(fixture.store(), statements, 4);
    FactQuery query;
    query.snapshot = fixture.store().visible_through();
    const auto before = scanned_rows(fixture.store(), query, first_store);
    std::vector<boost::json::object> more;
    for (int i = 0; i < 20; ++i) more.push_back(statement("new", "came", "later"));
    REQUIRE(put(fixture.store(), batch(more)).has_value());
    CHECK(scanned_rows(fixture.store(), query, first_store) == before);
    CHECK(scanned_rows(fixture.store(), {}, first_store).size() == before.size() + 20);

    fixture.reopen(); // sealed
    FactQuery long_ago;
    long_ago.timestamp_to = 0;
    CHECK(scanned_rows(fixture.store(), long_ago, first_store).empty());
}

TEST_CASE("A scan ends when its reader has had enough") {
    StoreFixture fixture;
    Statements statements;
    put_some(fixture.store(), statements, 2);
    fixture.reopen();
    put_some(fixture.store(), statements, 2);
    int blocks = 0;
    FactQuery query;
    query.columns = {FactColumn::verb};
    REQUIRE(fixture.store()
                .scan_facts(first_store, query, [&](const FactBlock&) { return ++blocks == 0; })
                .has_value());
    CHECK(blocks == 1);
}

TEST_CASE("A folder that was made before there were facts gets them while it serves") {
    RocksdbOptions options;
    options.segment_bytes = 200'000;
    StoreFixture fixture(options);
    Statements statements;
    put_some(fixture.store(), statements, 30);
    const auto before = scanned_rows(fixture.store(), {}, first_store);
    fixture.close(); // sealed
    change_database(fixture.data(), [](engine::Database& database) {
        for (const auto family : {engine::Family::facts, engine::Family::dictionary}) {
            auto* const handle = database.family(family);
            REQUIRE(database.db().DeleteRange({}, handle, "", std::string(32, '\xff')).ok());
        }
        REQUIRE(
            database.db()
                .Delete({}, database.family(engine::Family::system), engine::slice(engine::facts_missing_key))
                .ok());
    });
    fixture.open();
    put_some(fixture.store(), statements, 3);
    while (fixture.store().facts_ready() < 1) std::this_thread::yield();
    check_all(fixture.store());
    CHECK(scanned_rows(fixture.store(), {}, first_store).size() > before.size() - 60);
    fixture.reopen();
    CHECK(fixture.store().facts_ready() == 1);
    check_all(fixture.store());
}

// What a store learns of activities and agents from its statements (xAPI 1.0.3 Part Three 2.4 and 2.5; IEEE
// 9274.1.1 4.1.6.5 and 4.1.6.6).
#include "tests/storage/breakable_disk.hpp"
#include "tests/storage/store_fixture.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::tests;
namespace json = boost::json;

using Names = std::vector<std::string>;

const std::string course = "http://example.com/activities/course";

json::object named(std::string_view language, std::string_view name) {
    return {{"name", {{language, name}}}};
}

json::object about_course(std::uint64_t number, const json::object& definition) {
    auto made = with_id(statement("ann", "did", "course"), number);
    made["object"].as_object()["definition"] = definition;
    return made;
}

json::object called(std::uint64_t number, std::string_view agent_name, std::string_view name) {
    auto made = with_id(statement(agent_name, "did", "course"), number);
    made["actor"].as_object()["name"] = name;
    return made;
}

json::value definition_of(RecordStore& store, std::string_view iri, StoreId tenant = first_store) {
    const auto definition = store.activity_definition(tenant, iri);
    if (!definition.has_value()) FAIL(definition.error().message);
    if (!*definition) return nullptr;
    auto parsed = spec::parse_json(**definition);
    if (!parsed.has_value()) FAIL(**definition);
    return *parsed;
}

Names names_of(RecordStore& store, std::string_view name, StoreId tenant = first_store) {
    auto names = store.agent_names(tenant, spec::identity(agent(name)));
    if (!names.has_value()) FAIL(names.error().message);
    return std::move(*names);
}

// The same after a clean stop, and after a crash that left nothing sealed.
void check_everywhere(StoreFixture& fixture, const std::function<void(RecordStore&)>& check) {
    {
        INFO("at once");
        check(fixture.store());
    }
    const auto copy = fixture.folder() / "copy";
    copy_as_crashed(fixture.data(), copy);
    {
        INFO("after a crash");
        const auto crashed = open_rocksdb(copy);
        REQUIRE(crashed.has_value());
        CHECK(measured(**crashed, "store_replayed_statements") > 0);
        check(**crashed);
    }
    std::filesystem::remove_all(copy);
    fixture.reopen();
    INFO("after a stop");
    check(fixture.store());
}

} // namespace

TEST_CASE("An activity is known by what all statements told of it") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), about_course(1, named("en", "Course"))).has_value());
    REQUIRE(put(fixture.store(),
                batch({about_course(2, named("nl", "Cursus")), about_course(3, named("de", "Kurs"))}))
                .has_value());
    check_everywhere(fixture, [](RecordStore& store) {
        CHECK(definition_of(store, course) ==
              json::value{{"name", {{"en", "Course"}, {"nl", "Cursus"}, {"de", "Kurs"}}}});
        CHECK(definition_of(store, course, 2) == nullptr);
        CHECK(definition_of(store, course + "s") == nullptr);
    });
}

TEST_CASE("A definition that was told before and changed since is taken back when it is told again") {
    StoreFixture fixture;
    std::uint64_t number = 1;
    for (const auto* name : {"A", "A", "B", "A", "B", "B"}) {
        REQUIRE(put(fixture.store(), about_course(number++, named("en", name))).has_value());
        CHECK(definition_of(fixture.store(), course) == json::value(named("en", name)));
    }
    check_everywhere(fixture, [](RecordStore& store) {
        CHECK(definition_of(store, course) == json::value(named("en", "B")));
    });
    REQUIRE(put(fixture.store(), about_course(number, named("en", "A"))).has_value());
    CHECK(definition_of(fixture.store(), course) == json::value(named("en", "A")));
}

TEST_CASE("Of one batch the last definition counts") {
    StoreFixture fixture;
    REQUIRE(
        put(fixture.store(), batch({about_course(1, named("en", "A")), about_course(2, named("en", "B")),
                                    about_course(3, named("en", "A")), about_course(4, named("en", "C"))}))
            .has_value());
    check_everywhere(fixture, [](RecordStore& store) {
        CHECK(definition_of(store, course) == json::value(named("en", "C")));
    });
}

TEST_CASE("All that one statement tells of an activity is taken") {
    StoreFixture fixture;
    auto made = about_course(1, named("en", "Course"));
    auto parent = activity("course");
    parent["definition"] = named("nl", "Cursus");
    made["context"] = {{"contextActivities", {{"parent", json::array{parent}}}}};
    REQUIRE(put(fixture.store(), made).has_value());
    check_everywhere(fixture, [](RecordStore& store) {
        CHECK(definition_of(store, course) == json::value{{"name", {{"en", "Course"}, {"nl", "Cursus"}}}});
    });
}

TEST_CASE("What a sender tells who may not define is not taken, not even by a replay") {
    StoreFixture fixture;
    auto silenced = batch({about_course(1, named("en", "Course")), called(2, "ann", "Ann")});
    REQUIRE(put(fixture.store(), Submission{silenced, {}, false}).has_value());
    check_everywhere(fixture, [](RecordStore& store) {
        CHECK(definition_of(store, course) == nullptr);
        CHECK(names_of(store, "ann").empty());
    });
}

TEST_CASE("A definition too large to be kept changes nothing") {
    StoreFixture fixture;
    REQUIRE(put(fixture.store(), about_course(1, named("en", "Course"))).has_value());
    REQUIRE(put(fixture.store(), about_course(2, named("nl", std::string(200'000, 'x')))).has_value());
    REQUIRE(put(fixture.store(), about_course(3, named("de", "Kurs"))).has_value());
    check_everywhere(fixture, [](RecordStore& store) {
        CHECK(definition_of(store, course) == json::value{{"name", {{"en", "Course"}, {"de", "Kurs"}}}});
    });
}

TEST_CASE("An agent is known by every name it was called, each once, sorted") {
    StoreFixture fixture;
    std::uint64_t number = 1;
    for (const auto* name : {"Ann", "ann b.", "Ann", "Ænn", "Ann"}) {
        REQUIRE(put(fixture.store(), called(number++, "ann", name)).has_value());
    }
    REQUIRE(put(fixture.store(), called(number++, "bob", "Bob")).has_value());
    REQUIRE(put(fixture.store(), called(number++, "ann", "Anna"), 2).has_value());
    check_everywhere(fixture, [](RecordStore& store) {
        CHECK(names_of(store, "ann") == Names{"Ann", "ann b.", "Ænn"});
        CHECK(names_of(store, "bob") == Names{"Bob"});
        CHECK(names_of(store, "ann", 2) == Names{"Anna"});
        CHECK(names_of(store, "bob", 2).empty());
    });
}

TEST_CASE("However many names an agent was called, a thousand are told") {
    StoreFixture fixture;
    std::vector<json::object> all;
    for (std::uint64_t i = 0; i < 1100; ++i) all.push_back(called(i, "ann", "Ann " + std::to_string(i)));
    REQUIRE(put(fixture.store(), batch(all)).has_value());
    CHECK(names_of(fixture.store(), "ann").size() == 1000);
}

TEST_CASE("What acknowledged statements told is known after a power cut at any change to the disk") {
    BreakableDisk disk;
    RocksdbOptions options;
    options.env = disk.env();
    bool reached = true;
    for (std::uint64_t n = 1; reached; ++n) {
        INFO("cut at change " << n);
        StoreFixture fixture(options);
        disk.fail_at(n, Fault::io_error, true);
        std::uint64_t acknowledged = 0;
        for (std::uint64_t i = 1; i <= 3; ++i) {
            const auto text = std::to_string(i);
            auto made = about_course(i, named("en", text));
            made["actor"].as_object()["name"] = text;
            if (put(fixture.store(), made).has_value()) acknowledged = i;
        }
        fixture.close(); // seals, if it still can
        reached = disk.failed();
        disk.heal();
        disk.cut_power();
        fixture.open();
        std::uint64_t there = 0;
        for (std::uint64_t i = 1; i <= 3; ++i) {
            if (is_there(fixture.store(), i)) there = i;
        }
        CHECK(there >= acknowledged);
        if (there > 0) {
            CHECK(definition_of(fixture.store(), course) == json::value(named("en", std::to_string(there))));
        }
        CHECK(names_of(fixture.store(), "ann").size() == there);
        fixture.close();
        REQUIRE(n < 300);
    }
}

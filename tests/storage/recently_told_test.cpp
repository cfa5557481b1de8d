#include "storage/rocksdb/catalogue/recently_told.hpp"

#include "storage/rocksdb/database/keyed_hash.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::storage::engine;

using Subject = spec::Description::Subject;

TellingMark mark(StoreId store, Subject subject, const std::string& of, const std::string& told) {
    return mark_of(store, of + told, {subject, {0, of.size()}, {of.size(), told.size()}});
}

TellingMark defined(StoreId store, const std::string& activity, const std::string& definition) {
    return mark(store, Subject::activity, activity, definition);
}

TellingMark called(StoreId store, const std::string& agent, const std::string& name) {
    return mark(store, Subject::agent, agent + name, "");
}

} // namespace

TEST_CASE("A definition adds nothing while the known one is as it was when it was told") {
    RecentlyTold told;
    CHECK_FALSE(told.adds_nothing(defined(1, "a", "A")));
    told.note(defined(1, "a", "A"), true);
    CHECK(told.adds_nothing(defined(1, "a", "A")));
    CHECK_FALSE(told.adds_nothing(defined(2, "a", "A")));
    CHECK_FALSE(told.adds_nothing(defined(1, "b", "A")));
    CHECK_FALSE(told.adds_nothing(defined(1, "a", "B")));
    told.note(defined(1, "a", "B"), false);
    CHECK(told.adds_nothing(defined(1, "a", "A")));
    CHECK(told.adds_nothing(defined(1, "a", "B")));
    told.note(defined(1, "a", "C"), true);
    CHECK_FALSE(told.adds_nothing(defined(1, "a", "A")));
    CHECK_FALSE(told.adds_nothing(defined(1, "a", "B")));
    CHECK(told.adds_nothing(defined(1, "a", "C")));
}

TEST_CASE("Names add nothing when they were told, and do not displace each other") {
    RecentlyTold told;
    told.note(called(1, "a", "A"), false);
    told.note(called(1, "a", "B"), false);
    CHECK(told.adds_nothing(called(1, "a", "A")));
    CHECK(told.adds_nothing(called(1, "a", "B")));
    CHECK_FALSE(told.adds_nothing(called(1, "a", "C")));
    CHECK_FALSE(told.adds_nothing(called(2, "a", "A")));
    CHECK_FALSE(told.adds_nothing(called(1, "A", "a")));
    CHECK_FALSE(told.adds_nothing(defined(1, "a", "A")));
}

TEST_CASE("What is told again and again is remembered; what was not told for long is forgotten") {
    RecentlyTold told;
    told.note(called(1, "often", "x"), false);
    told.note(called(1, "once", "x"), false);
    for (int i = 0; i < 200'000; ++i) {
        const auto other = called(1, "other " + std::to_string(i), "x");
        if (!told.adds_nothing(other)) told.note(other, false);
        if (i % 1000 == 0) CHECK(told.adds_nothing(called(1, "often", "x")));
    }
    CHECK_FALSE(told.adds_nothing(called(1, "once", "x")));
}

TEST_CASE("Hashes differ with every byte, with the length and with the seed, and between keys") {
    const KeyedHash hash;
    std::set<std::uint64_t> hashes;
    for (std::size_t length = 0; length < 40; ++length) {
        std::string text(length, '\0');
        CHECK(hashes.insert(hash(text, 0)).second);
        CHECK(hashes.insert(hash(text, 1)).second);
        for (auto& byte : text) {
            byte = 'x';
            CHECK(hashes.insert(hash(text, 0)).second);
        }
        CHECK(hash(text, 0) == hash(std::string(text), 0));
    }
    CHECK(KeyedHash()("text", 0) != hash("text", 0));
}

#include "storage/rocksdb/recently_told.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;

using Subject = spec::Description::Subject;

spec::Description defined(std::string activity, std::string definition) {
    return {Subject::activity, std::move(activity), std::move(definition)};
}

spec::Description called(std::string agent, std::string name) {
    return {Subject::agent, std::move(agent), std::move(name)};
}

} // namespace

TEST_CASE("A definition adds nothing while the known one is as it was when it was told") {
    RecentlyTold told;
    CHECK_FALSE(told.adds_nothing(1, defined("a", "A")));
    told.note(1, defined("a", "A"), true);
    CHECK(told.adds_nothing(1, defined("a", "A")));
    CHECK_FALSE(told.adds_nothing(2, defined("a", "A")));
    CHECK_FALSE(told.adds_nothing(1, defined("b", "A")));
    CHECK_FALSE(told.adds_nothing(1, defined("a", "B")));
    told.note(1, defined("a", "B"), false);
    CHECK(told.adds_nothing(1, defined("a", "A")));
    CHECK(told.adds_nothing(1, defined("a", "B")));
    told.note(1, defined("a", "C"), true);
    CHECK_FALSE(told.adds_nothing(1, defined("a", "A")));
    CHECK_FALSE(told.adds_nothing(1, defined("a", "B")));
    CHECK(told.adds_nothing(1, defined("a", "C")));
}

TEST_CASE("Names add nothing when they were told, and do not displace each other") {
    RecentlyTold told;
    told.note(1, called("a", "A"), false);
    told.note(1, called("a", "B"), false);
    CHECK(told.adds_nothing(1, called("a", "A")));
    CHECK(told.adds_nothing(1, called("a", "B")));
    CHECK_FALSE(told.adds_nothing(1, called("a", "C")));
    CHECK_FALSE(told.adds_nothing(2, called("a", "A")));
    CHECK_FALSE(told.adds_nothing(1, called("A", "a")));
    CHECK_FALSE(told.adds_nothing(1, defined("a", "A")));
}

TEST_CASE("What is told again and again is remembered; what was not told for long is forgotten") {
    RecentlyTold told;
    told.note(1, called("often", "x"), false);
    told.note(1, called("once", "x"), false);
    for (int i = 0; i < 200'000; ++i) {
        const auto other = called("other " + std::to_string(i), "x");
        if (!told.adds_nothing(1, other)) told.note(1, other, false);
        if (i % 1000 == 0) CHECK(told.adds_nothing(1, called("often", "x")));
    }
    CHECK_FALSE(told.adds_nothing(1, called("once", "x")));
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

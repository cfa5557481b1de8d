#include "storage/rocksdb/database/bucket_bits.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

namespace {

using namespace leerspoor::storage;
using namespace leerspoor::storage::engine;

BucketBits bits_of(const std::set<Offset>& offsets) {
    BucketBits bits;
    for (const Offset offset : offsets) bits.set(offset);
    return bits;
}

std::vector<Offset> listed(const BucketBits& bits, bool ascending = true, std::size_t limit = bucket_size) {
    std::vector<Offset> offsets;
    bits.list(ascending, limit, offsets);
    return offsets;
}

BucketBits decoded(const std::string& bytes) {
    BucketBits bits;
    REQUIRE(decode_into(bytes, bits));
    return bits;
}

bool refused(const std::string& bytes) {
    BucketBits bits;
    return !decode_into(bytes, bits);
}

} // namespace

TEST_CASE("Ranks are places among all that are there") {
    BucketBits all;
    BucketBits some;
    std::vector<std::uint16_t> expected;
    std::mt19937 random(3);
    std::uint16_t there = 0;
    for (std::size_t offset = 0; offset < bucket_size; ++offset) {
        if (random() % 3 == 0 && offset != 0 && offset != 65535) continue;
        all.set(static_cast<Offset>(offset));
        if (random() % 5 == 0 || offset == 0 || offset == 65535) {
            some.set(static_cast<Offset>(offset));
            expected.push_back(there);
        }
        ++there;
    }
    std::vector<std::uint16_t> ranks;
    all.list_ranks(some, ranks);
    CHECK(ranks == expected);
    ranks.clear();
    all.list_ranks(BucketBits(), ranks);
    CHECK(ranks.empty());
}

TEST_CASE("Sequences fall into buckets of 65,536, and come back from bucket and offset") {
    for (const Sequence sequence :
         {Sequence{0}, Sequence{1}, Sequence{65535}, Sequence{65536}, Sequence{65537}, Sequence{1} << 40}) {
        CHECK(bucket_of(sequence) == sequence / bucket_size);
        CHECK(offset_of(sequence) == sequence % bucket_size);
        CHECK(sequence_of(bucket_of(sequence), offset_of(sequence)) == sequence);
    }
}

TEST_CASE("Few offsets are written as a list, long runs as runs, many scattered ones as bits") {
    const auto list = encode(bits_of({1, 7, 65535}));
    CHECK(list.size() == 1 + 3 * 2);
    CHECK(listed(decoded(list)) == std::vector<Offset>{1, 7, 65535});

    BucketBits range;
    range.set_range(100, 60000);
    const auto runs = encode(range);
    CHECK(runs.size() == 1 + 4);
    CHECK(decoded(runs) == range);

    BucketBits scattered;
    for (unsigned offset = 0; offset < bucket_size; offset += 2) scattered.set(static_cast<Offset>(offset));
    const auto bits = encode(scattered);
    CHECK(bits.size() == 1 + bucket_size / 8);
    CHECK(decoded(bits) == scattered);
}

TEST_CASE("Nothing and everything can be written and read back") {
    CHECK_FALSE(decoded(encode(BucketBits())).any());
    BucketBits all;
    all.set_range(0, 0xffff);
    CHECK(all.count() == bucket_size);
    CHECK(decoded(encode(all)) == all);
}

TEST_CASE("Decoding adds to what is there") {
    auto bits = bits_of({5});
    REQUIRE(decode_into(encode(bits_of({9})), bits));
    CHECK(listed(bits) == std::vector<Offset>{5, 9});
}

TEST_CASE("What is no encoding of a posting is refused") {
    CHECK(refused(""));
    CHECK(refused(std::string("\x03", 1)));
    CHECK(refused(std::string("\xff\0\0", 3)));
    CHECK(refused(std::string("\0\x01", 2)));           // half an offset
    CHECK(refused(std::string("\x01\0\0\0", 4)));       // half a run
    CHECK(refused(std::string("\x01\x05\0\x04\0", 5))); // a run that ends before it begins
    CHECK(refused("\x02" + std::string(bucket_size / 8 - 1, 'x')));
    CHECK(refused("\x02" + std::string(bucket_size / 8 + 1, 'x')));
}

TEST_CASE("Ranges include both ends, also at the borders of words") {
    for (const auto& [first, last] : std::vector<std::pair<Offset, Offset>>{
             {0, 0}, {0, 63}, {63, 64}, {64, 127}, {1, 65534}, {65535, 65535}, {0, 65535}, {130, 131}}) {
        INFO(first << " to " << last);
        BucketBits bits;
        bits.set_range(first, last);
        CHECK(bits.count() == static_cast<std::size_t>(last - first + 1));
        CHECK(bits.test(first));
        CHECK(bits.test(last));
        BucketBits kept;
        kept.set_range(0, 0xffff);
        kept.keep_range(first, last);
        CHECK(kept == bits);
    }
}

TEST_CASE("Offsets are listed in the order asked for, and no more than the limit") {
    const auto bits = bits_of({0, 3, 64, 1000, 65535});
    CHECK(listed(bits, true) == std::vector<Offset>{0, 3, 64, 1000, 65535});
    CHECK(listed(bits, false) == std::vector<Offset>{65535, 1000, 64, 3, 0});
    CHECK(listed(bits, true, 2) == std::vector<Offset>{0, 3});
    CHECK(listed(bits, false, 2) == std::vector<Offset>{65535, 1000});
    CHECK(listed(bits, true, 0).empty());
    std::vector<Offset> behind{7};
    bits.list(true, 1, behind);
    CHECK(behind == std::vector<Offset>{7, 0});
}

TEST_CASE("Random bits behave as a set of numbers does") {
    const auto seed = GENERATE(range(1u, 13u));
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto density = std::vector<unsigned>{3, 200, 9000, 40000}[seed % 4];
    std::set<Offset> one;
    std::set<Offset> other;
    for (unsigned i = 0; i < density; ++i) {
        one.insert(static_cast<Offset>(random()));
        other.insert(static_cast<Offset>(random() % 2 == 0 ? random() : i)); // with runs
    }
    const auto a = bits_of(one);
    const auto b = bits_of(other);
    CHECK(a.count() == one.size());
    CHECK(listed(a) == std::vector<Offset>(one.begin(), one.end()));
    CHECK(decoded(encode(a)) == a);
    CHECK(decoded(encode(b)) == b);
    CHECK(encode(std::vector<Offset>(other.begin(), other.end())) == encode(b));
    CHECK(encode(b).size() <= 1 + bucket_size / 8);

    std::set<Offset> both;
    std::set<Offset> any = one;
    std::set<Offset> without;
    any.insert(other.begin(), other.end());
    for (const Offset offset : one) (other.contains(offset) ? both : without).insert(offset);
    CHECK((BucketBits(a) &= b) == bits_of(both));
    CHECK((BucketBits(a) |= b) == bits_of(any));
    CHECK((BucketBits(a) -= b) == bits_of(without));
    CHECK(a.any());
    CHECK(a.test(*one.begin()));
}

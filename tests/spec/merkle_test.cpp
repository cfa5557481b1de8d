// The tree against the definition of RFC 9162 2.1, written once more and slowly; and against known roots.
#include "spec/base/sha2.hpp"
#include "spec/log/merkle.hpp"
#include "spec/log/tile.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;

// 2.1.1, by its recursion.
Hash slow_root(const std::vector<Hash>& leaves, std::size_t first, std::size_t end) {
    if (first == end) return sha256("");
    if (end - first == 1) return leaves[first];
    const auto middle = first + std::bit_floor(end - first - 1);
    return node_hash(slow_root(leaves, first, middle), slow_root(leaves, middle, end));
}

class Leaves final : public HashSource {
  public:
    explicit Leaves(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) leaves.push_back(leaf_hash({}, std::to_string(i)));
    }
    Result<Hash> subtree(unsigned level, std::uint64_t index) override {
        const auto end = (index + 1) << level;
        REQUIRE(end <= leaves.size());
        return slow_root(leaves, static_cast<std::size_t>(index << level), static_cast<std::size_t>(end));
    }
    Hash root(std::size_t size) const { return slow_root(leaves, 0, size); }

    std::vector<Hash> leaves;
};

std::string hex_of(const Hash& hash) {
    std::string text;
    for (const auto byte : hash) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

} // namespace

TEST_CASE("Roots are those that certificate transparency has published") {
    using namespace std::string_literals;
    const std::vector<std::pair<std::string, std::string>> known{
        {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {"\0"s, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
        {"\x10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
        {"\x20\x21", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
        {"\x30\x31", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
        {"\x40\x41\x42\x43", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
        {"\x50\x51\x52\x53\x54\x55\x56\x57",
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
        {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
    RootBuilder builder;
    CHECK(hex_of(builder.root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (const auto& [entry, root] : known) {
        builder.add_leaf(sha256('\0' + entry));
        CHECK(hex_of(builder.root()) == root);
    }
}

TEST_CASE("A leaf is a zero byte, the salt and the statement") {
    Salt salt;
    salt.fill(7);
    CHECK(leaf_hash(salt, "{}") == sha256(std::string(1, '\0') + std::string(16, 7) + "{}"));
}

TEST_CASE("Every leaf of every small tree is proven, and nothing else is") {
    Leaves tree(41);
    for (std::uint64_t size = 1; size <= tree.leaves.size(); ++size) {
        const auto root = tree.root(size);
        REQUIRE(*root_of(size, tree) == root);
        for (std::uint64_t index = 0; index < size; ++index) {
            auto proof = *inclusion_proof(index, size, tree);
            const auto& leaf = tree.leaves[index];
            CHECK(proves_inclusion(leaf, index, size, proof, root));
            CHECK_FALSE(proves_inclusion(leaf, index + 1, size, proof, root));
            CHECK_FALSE(proves_inclusion(tree.leaves[(index + 1) % 41], index, size, proof, root));
            CHECK_FALSE(proves_inclusion(leaf, index, size, proof, tree.root(size - 1)));
            for (auto& hash : proof) {
                hash[3] ^= 1;
                CHECK_FALSE(proves_inclusion(leaf, index, size, proof, root));
                hash[3] ^= 1;
            }
            proof.push_back(root);
            CHECK_FALSE(proves_inclusion(leaf, index, size, proof, root));
        }
    }
}

TEST_CASE("Every small tree is proven to go on from every earlier one, and from nothing else") {
    Leaves tree(41);
    for (std::uint64_t size = 0; size <= tree.leaves.size(); ++size) {
        for (std::uint64_t earlier = 0; earlier <= size; ++earlier) {
            auto proof = *consistency_proof(earlier, size, tree);
            const auto before = tree.root(earlier);
            const auto now = tree.root(size);
            CHECK(proves_consistency(earlier, before, size, now, proof));
            auto other = before;
            other[0] ^= 1;
            CHECK_FALSE(proves_consistency(earlier, other, size, now, proof));
            if (earlier > 0 && earlier < size) {
                other = now;
                other[0] ^= 1;
                CHECK_FALSE(proves_consistency(earlier, before, size, other, proof));
            }
            for (auto& hash : proof) {
                hash[31] ^= 1;
                CHECK_FALSE(proves_consistency(earlier, before, size, now, proof));
                hash[31] ^= 1;
            }
            proof.push_back(now);
            CHECK_FALSE(proves_consistency(earlier, before, size, now, proof));
        }
    }
    CHECK_FALSE(proves_consistency(3, tree.root(3), 2, tree.root(2), {}));
}

TEST_CASE("One pass over some leaves, and the subtrees between them, gives the root") {
    Leaves tree(75);
    for (std::uint64_t size = 0; size <= tree.leaves.size(); ++size) {
        for (unsigned every : {1u, 2u, 3u, 7u, 40u, 100u}) {
            RootBuilder builder;
            const auto skip = [&](std::uint64_t end) {
                std::vector<Hash> hashes;
                for (const auto& part : subtrees_between(builder.size(), end))
                    hashes.push_back(*tree.subtree(part.level, part.index));
                REQUIRE(builder.add_others(end, hashes));
                hashes.push_back({});
                CHECK_FALSE(RootBuilder(builder).add_others(end, hashes));
            };
            for (std::uint64_t index = every / 2; index < size; index += every) {
                skip(index);
                builder.add_leaf(tree.leaves[index]);
            }
            skip(size);
            CHECK(builder.size() == size);
            CHECK(builder.root() == tree.root(size));
        }
    }
}

TEST_CASE("Tiles have one path each, and every subtree is in one") {
    for (const auto& [tile, path] : std::map<Tile, std::string>{{{0, 0, 256}, "0/000"},
                                                                {{0, 999, 256}, "0/999"},
                                                                {{1, 1000, 256}, "1/x001/000"},
                                                                {{0, 1234067, 256}, "0/x001/x234/067"},
                                                                {{3, 5, 12}, "3/005.p/12"}}) {
        CHECK(tile_path(tile) == path);
        CHECK(parse_tile(path) == tile);
    }
    for (const auto* path : {"", "0", "0/", "0/1", "0/0001", "8/000", "00/000", "0/x000/001", "0/000.p",
                             "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000/000", "0/x001", "0/-01",
                             "0/000.p/1/1", "0/x001/x001/x001/x001/x001/x001/x001/001"})
        CHECK_FALSE(parse_tile(path));
    CHECK(has_tile(256, {1, 0, 1}));
    CHECK_FALSE(has_tile(255, {1, 0, 1}));
    CHECK(has_tile(300, {0, 1, 44}));
    CHECK_FALSE(has_tile(300, {0, 1, 45}));

    Leaves tree(1024);
    const auto bytes_of = [&](const Tile& tile) {
        std::string bytes;
        for (std::uint64_t i = 0; i < tile.width; ++i) {
            const auto hash = *tree.subtree(tile.level * tile_height, tile.index * tile_width + i);
            bytes.append(hash.begin(), hash.end());
        }
        return bytes;
    };
    for (unsigned level = 0; level <= 10; ++level) {
        for (const std::uint64_t index : {std::uint64_t{0}, (std::uint64_t{1024} >> level) - 1}) {
            const auto place = place_of(level, index);
            auto tile = place.tile;
            tile.width = std::min<std::uint64_t>(tile_width, (1024u >> (tile_height * tile.level)) -
                                                                 tile.index * tile_width);
            CHECK(subtree_in(place, bytes_of(tile)) == *tree.subtree(level, index));
            CHECK_FALSE(subtree_in(place, bytes_of(tile).substr(0, (place.first + place.count) * 32 - 1)));
        }
    }
}

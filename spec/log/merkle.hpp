// The Merkle tree of RFC 9162, section 2.1: leaves, roots, proofs, and how each is verified.
#pragma once

#include "spec/base/error.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace leerspoor::spec {

using Hash = std::array<std::uint8_t, 32>;
using Salt = std::array<std::uint8_t, 16>;

// Of a statement: its salt and its bytes are the entry (2.1.1).
Hash leaf_hash(const Salt& salt, std::string_view statement);
Hash node_hash(const Hash& left, const Hash& right);
// Of no entry at all.
Hash empty_root();

// The hashes of complete subtrees.
class HashSource {
  public:
    HashSource() = default;
    HashSource(const HashSource&) = delete;
    HashSource& operator=(const HashSource&) = delete;
    virtual ~HashSource() = default;

    // Of the leaves [index * 2^level, (index + 1) * 2^level). REQUIRES: the tree has all of them.
    virtual Result<Hash> subtree(unsigned level, std::uint64_t index) = 0;
};

// The root of the first `size` leaves.
Result<Hash> root_of(std::uint64_t size, HashSource& hashes);
// 2.1.3.1. REQUIRES: index < size.
Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, HashSource& hashes);
// 2.1.4.1; empty where nothing is to be proven. REQUIRES: earlier <= size.
Result<std::vector<Hash>> consistency_proof(std::uint64_t earlier, std::uint64_t size, HashSource& hashes);

// 2.1.3.2.
bool proves_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root);
// 2.1.4.2. A tree of no leaves is consistent with every other.
bool proves_consistency(std::uint64_t earlier, const Hash& earlier_root, std::uint64_t size, const Hash& root,
                        std::span<const Hash> proof);

// A complete subtree.
struct Subtree {
    unsigned level = 0;
    std::uint64_t index = 0;
};
// The greatest ones that lie side by side in [first, end), from the left.
std::vector<Subtree> subtrees_between(std::uint64_t first, std::uint64_t end);

// Puts a root together from the left: leaves that are known, and subtrees of those that are not. So one pass
// proves many leaves at once, their order and that none is missing between two.
class RootBuilder {
  public:
    std::uint64_t size() const { return size_; }
    void add_leaf(const Hash& leaf) { add(0, leaf); }
    // The leaves [size(), end), as the hashes of subtrees_between(). False: they are not so many.
    bool add_others(std::uint64_t end, std::span<const Hash> hashes);
    // Of what was added. Nothing was: empty_root().
    Hash root() const;

  private:
    void add(unsigned level, Hash hash);

    std::uint64_t size_ = 0;
    std::vector<Hash> complete_; // of the complete subtrees, the greatest first
};

} // namespace leerspoor::spec

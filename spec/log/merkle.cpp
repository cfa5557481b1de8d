#include "spec/log/merkle.hpp"

#include "spec/base/sha2.hpp"

#include <algorithm>
#include <bit>
#include <string>

namespace leerspoor::spec {
namespace {

void append(std::string& text, std::span<const std::uint8_t> bytes) {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// The greatest power of two below n. REQUIRES: n > 1
std::uint64_t split_of(std::uint64_t n) {
    return std::bit_floor(n - 1);
}

// The root of the leaves [first, first + size), `first` being where such a subtree may begin.
Result<Hash> range_root(std::uint64_t first, std::uint64_t size, HashSource& hashes) {
    if (std::has_single_bit(size)) {
        const auto level = static_cast<unsigned>(std::countr_zero(size));
        return hashes.subtree(level, first >> level);
    }
    const auto left_size = split_of(size);
    const auto left = range_root(first, left_size, hashes);
    if (!left.has_value()) return left;
    const auto right = range_root(first + left_size, size - left_size, hashes);
    if (!right.has_value()) return right;
    return node_hash(*left, *right);
}

} // namespace

Hash leaf_hash(const Salt& salt, std::string_view statement) {
    thread_local std::string entry;
    entry.assign(1, '\0');
    append(entry, salt);
    entry.append(statement);
    return sha256(entry);
}

Hash node_hash(const Hash& left, const Hash& right) {
    std::array<char, 1 + 2 * std::tuple_size_v<Hash>> both{1};
    std::copy(left.begin(), left.end(), both.begin() + 1);
    std::copy(right.begin(), right.end(), both.begin() + 1 + left.size());
    return sha256({both.data(), both.size()});
}

Hash empty_root() {
    return sha256("");
}

Result<Hash> root_of(std::uint64_t size, HashSource& hashes) {
    if (size == 0) return empty_root();
    return range_root(0, size, hashes);
}

Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size, HashSource& hashes) {
    std::vector<Hash> proof;
    for (std::uint64_t first = 0; size > 1;) {
        const auto left = split_of(size);
        const bool is_left = index < left;
        const auto other =
            is_left ? range_root(first + left, size - left, hashes) : range_root(first, left, hashes);
        if (!other.has_value()) return other.error();
        proof.push_back(*other);
        if (!is_left) {
            first += left;
            index -= left;
        }
        size = is_left ? left : size - left;
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

Result<std::vector<Hash>> consistency_proof(std::uint64_t earlier, std::uint64_t size, HashSource& hashes) {
    std::vector<Hash> proof;
    if (earlier == 0 || earlier == size) return proof;
    bool whole = true; // the earlier tree is this subtree: its root is known
    std::uint64_t first = 0;
    while (earlier != size) {
        const auto left = split_of(size);
        const bool is_left = earlier <= left;
        const auto other =
            is_left ? range_root(first + left, size - left, hashes) : range_root(first, left, hashes);
        if (!other.has_value()) return other.error();
        proof.push_back(*other);
        if (is_left) {
            size = left;
        } else {
            first += left;
            earlier -= left;
            size -= left;
            whole = false;
        }
    }
    if (!whole) {
        const auto own = range_root(first, size, hashes);
        if (!own.has_value()) return own.error();
        proof.push_back(*own);
    }
    std::reverse(proof.begin(), proof.end());
    return proof;
}

bool proves_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof,
                      const Hash& root) {
    if (index >= size) return false;
    auto node = index;
    auto last = size - 1;
    Hash hash = leaf;
    for (const auto& other : proof) {
        if (last == 0) return false;
        if ((node & 1) != 0 || node == last) {
            hash = node_hash(other, hash);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, other);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == root;
}

bool proves_consistency(std::uint64_t earlier, const Hash& earlier_root, std::uint64_t size, const Hash& root,
                        std::span<const Hash> proof) {
    if (earlier > size) return false;
    if (earlier == 0) return proof.empty() && earlier_root == empty_root();
    if (earlier == size) return proof.empty() && earlier_root == root;
    auto node = earlier - 1;
    auto last = size - 1;
    while ((node & 1) != 0) {
        node >>= 1;
        last >>= 1;
    }
    auto next = proof.begin();
    Hash own{};
    if (std::has_single_bit(earlier)) {
        own = earlier_root;
    } else {
        if (next == proof.end()) return false;
        own = *next++;
    }
    Hash whole = own;
    for (; next != proof.end(); ++next) {
        if (last == 0) return false;
        if ((node & 1) != 0 || node == last) {
            own = node_hash(*next, own);
            whole = node_hash(*next, whole);
            while ((node & 1) == 0 && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            whole = node_hash(whole, *next);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && own == earlier_root && whole == root;
}

std::vector<Subtree> subtrees_between(std::uint64_t first, std::uint64_t end) {
    std::vector<Subtree> subtrees;
    while (first < end) {
        const auto room = std::bit_floor(end - first);
        const auto size = first == 0 ? room : std::min(room, first & -first);
        const auto level = static_cast<unsigned>(std::countr_zero(size));
        subtrees.push_back({level, first >> level});
        first += size;
    }
    return subtrees;
}

bool RootBuilder::add_others(std::uint64_t end, std::span<const Hash> hashes) {
    const auto subtrees = subtrees_between(size_, end);
    if (end < size_ || subtrees.size() != hashes.size()) return false;
    for (std::size_t i = 0; i < subtrees.size(); ++i) add(subtrees[i].level, hashes[i]);
    return true;
}

// A subtree of this level may begin at size_, so there is a smaller or equal one before it or nothing to
// join.
void RootBuilder::add(unsigned level, Hash hash) {
    const auto added = std::uint64_t{1} << level;
    for (auto joined = added; (size_ & joined) != 0; joined <<= 1) {
        hash = node_hash(complete_.back(), hash);
        complete_.pop_back();
    }
    complete_.push_back(hash);
    size_ += added;
}

Hash RootBuilder::root() const {
    if (complete_.empty()) return empty_root();
    Hash root = complete_.back();
    for (auto it = complete_.rbegin() + 1; it != complete_.rend(); ++it) root = node_hash(*it, root);
    return root;
}

} // namespace leerspoor::spec

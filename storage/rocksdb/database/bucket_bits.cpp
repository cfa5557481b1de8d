#include "storage/rocksdb/database/bucket_bits.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace leerspoor::storage::engine {

namespace {

enum class Form : char { list = 0, runs = 1, bits = 2 };

void append(std::string& out, Offset value) {
    out.push_back(static_cast<char>(value & 0xff));
    out.push_back(static_cast<char>(value >> 8));
}

Offset offset_at(std::string_view bytes, std::size_t position) {
    return static_cast<Offset>(static_cast<unsigned char>(bytes[position]) |
                               static_cast<unsigned char>(bytes[position + 1]) << 8);
}

std::vector<std::pair<Offset, Offset>> runs_of(const std::vector<Offset>& offsets) {
    std::vector<std::pair<Offset, Offset>> runs;
    for (const Offset offset : offsets) {
        if (!runs.empty() && runs.back().second + 1 == offset) {
            runs.back().second = offset;
        } else {
            runs.emplace_back(offset, offset);
        }
    }
    return runs;
}

} // namespace

void BucketBits::set_range(Offset first, Offset last) {
    for (std::size_t word = first >> 6; word <= last >> 6; ++word) {
        const std::size_t low = std::max<std::size_t>(first, word << 6) & 63;
        const std::size_t high = std::min<std::size_t>(last, (word << 6) + 63) & 63;
        words_[word] |= (~std::uint64_t{0} << low) & (~std::uint64_t{0} >> (63 - high));
    }
}

void BucketBits::keep_range(Offset first, Offset last) {
    BucketBits mask;
    mask.set_range(first, last);
    *this &= mask;
}

BucketBits& BucketBits::operator&=(const BucketBits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
    return *this;
}

BucketBits& BucketBits::operator|=(const BucketBits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
}

BucketBits& BucketBits::operator-=(const BucketBits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
    return *this;
}

std::size_t BucketBits::count() const {
    std::size_t sum = 0;
    for (const std::uint64_t word : words_) sum += static_cast<std::size_t>(std::popcount(word));
    return sum;
}

bool BucketBits::any() const {
    return std::any_of(words_.begin(), words_.end(), [](std::uint64_t word) { return word != 0; });
}

void BucketBits::list(bool ascending, std::size_t limit, std::vector<Offset>& out) const {
    for (std::size_t step = 0; step < words_.size() && limit > 0; ++step) {
        const std::size_t index = ascending ? step : words_.size() - 1 - step;
        for (std::uint64_t word = words_[index]; word != 0 && limit > 0; --limit) {
            const int bit = ascending ? std::countr_zero(word) : 63 - std::countl_zero(word);
            out.push_back(static_cast<Offset>(index * 64 + static_cast<std::size_t>(bit)));
            word &= ~(std::uint64_t{1} << bit);
        }
    }
}

void BucketBits::list_ranks(const BucketBits& these, std::vector<std::uint16_t>& out) const {
    std::size_t before = 0;
    for (std::size_t index = 0; index < words_.size(); ++index) {
        const std::uint64_t all = words_[index];
        for (std::uint64_t word = these.words_[index]; word != 0; word &= word - 1) {
            const std::uint64_t below = (word & -word) - 1;
            out.push_back(
                static_cast<std::uint16_t>(before + static_cast<std::size_t>(std::popcount(all & below))));
        }
        before += static_cast<std::size_t>(std::popcount(all));
    }
}

std::string encode(const BucketBits& bits) {
    std::vector<Offset> offsets;
    bits.list(true, bucket_size, offsets);
    return encode(offsets);
}

std::string encode(const std::vector<Offset>& offsets) {
    const auto runs = runs_of(offsets);
    const std::size_t list_size = offsets.size() * 2;
    const std::size_t runs_size = runs.size() * 4;
    std::string out;
    out.reserve(1 + std::min({list_size, runs_size, bucket_size / 8}));
    if (list_size <= std::min(runs_size, bucket_size / 8)) {
        out.push_back(static_cast<char>(Form::list));
        for (const Offset offset : offsets) append(out, offset);
    } else if (runs_size <= bucket_size / 8) {
        out.push_back(static_cast<char>(Form::runs));
        for (const auto& [first, last] : runs) {
            append(out, first);
            append(out, last);
        }
    } else {
        out.push_back(static_cast<char>(Form::bits));
        std::array<unsigned char, bucket_size / 8> packed{};
        for (const Offset offset : offsets) {
            packed[offset >> 3] = static_cast<unsigned char>(packed[offset >> 3] | 1u << (offset & 7));
        }
        out.append(packed.begin(), packed.end());
    }
    return out;
}

bool decode_into(std::string_view bytes, BucketBits& bits) {
    if (bytes.empty()) return false;
    const auto form = static_cast<Form>(bytes.front());
    bytes.remove_prefix(1);
    switch (form) {
    case Form::list:
        if (bytes.size() % 2 != 0) return false;
        for (std::size_t at = 0; at < bytes.size(); at += 2) bits.set(offset_at(bytes, at));
        return true;
    case Form::runs:
        if (bytes.size() % 4 != 0) return false;
        for (std::size_t at = 0; at < bytes.size(); at += 4) {
            const Offset first = offset_at(bytes, at);
            const Offset last = offset_at(bytes, at + 2);
            if (first > last) return false;
            bits.set_range(first, last);
        }
        return true;
    case Form::bits: {
        if (bytes.size() != bucket_size / 8) return false;
        static_assert(std::endian::native == std::endian::little, "words are read as they lie on disk");
        static_assert(sizeof(BucketBits) == bucket_size / 8);
        BucketBits read;
        std::memcpy(static_cast<void*>(&read), bytes.data(), bytes.size());
        bits |= read;
        return true;
    }
    }
    return false;
}

} // namespace leerspoor::storage::engine

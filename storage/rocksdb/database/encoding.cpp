#include "storage/rocksdb/database/encoding.hpp"

#include "spec/base/sha2.hpp"

#include <algorithm>

namespace leerspoor::storage::engine {

void append_text(std::string& out, std::string_view text) {
    append_number(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

// Takes a length and a text from the front of `bytes`.
bool take_text(std::string_view& bytes, std::string& text) {
    if (bytes.size() < 4) return false;
    const auto size = number_at<std::uint32_t>(bytes, 0);
    bytes.remove_prefix(4);
    if (bytes.size() < size) return false;
    text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
}

std::array<std::uint8_t, 16> digest(std::string_view text) {
    const auto whole = spec::sha256(text);
    std::array<std::uint8_t, 16> half{};
    std::copy_n(whole.begin(), half.size(), half.begin());
    return half;
}

} // namespace leerspoor::storage::engine

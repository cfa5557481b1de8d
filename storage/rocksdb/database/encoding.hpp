// Numbers, texts and hashes as they stand in keys and values.
#pragma once

#include <boost/endian/conversion.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace leerspoor::storage::engine {

// Big-endian, so that keys sort as their numbers do.
template <class T>
void append_number(std::string& out, T number) {
    number = boost::endian::native_to_big(number);
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    out.append(bytes, sizeof number);
}

// REQUIRES: so many bytes are there.
template <class T>
T number_at(std::string_view bytes, std::size_t position) {
    T number{};
    std::memcpy(&number, bytes.data() + position, sizeof number);
    return boost::endian::big_to_native(number);
}

template <std::size_t size>
void append_bytes(std::string& out, const std::array<std::uint8_t, size>& bytes) {
    out.append(bytes.begin(), bytes.end());
}

// REQUIRES: so many bytes are there.
template <std::size_t size>
void read_bytes(std::string_view bytes, std::size_t position, std::array<std::uint8_t, size>& out) {
    std::memcpy(out.data(), bytes.data() + position, out.size());
}

// A length, then the text.
void append_text(std::string& out, std::string_view text);
// Takes one from the front of `bytes`; false when there is none.
bool take_text(std::string_view& bytes, std::string& text);

// The first half of the text's SHA-256.
std::array<std::uint8_t, 16> digest(std::string_view text);

} // namespace leerspoor::storage::engine

#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

// 0: as it is; 'u': \u00XX; else the letter behind the backslash.
constexpr std::array<char, 256> make_escapes() {
    std::array<char, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c) {
        table[c] = 'u';
    }
    table['"'] = '"';
    table['\\'] = '\\';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    return table;
}

constexpr auto escapes = make_escapes();

// Does any of eight bytes need an escape? (The classic test for "a byte less than n" and "a byte equal to
// n".)
bool any_escape(std::uint64_t bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    const auto zero = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
    const auto control = (bytes - ones * 0x20) & ~bytes & tops;
    return (control | zero(bytes ^ ones * '"') | zero(bytes ^ ones * '\\')) != 0;
}

std::size_t plain_length(const char* data, std::size_t size) {
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, data + at, sizeof bytes);
        if (any_escape(bytes)) break;
    }
    while (at < size && escapes[static_cast<unsigned char>(data[at])] == 0) {
        ++at;
    }
    return at;
}

template <class Number>
std::size_t write_number(Number number, std::string& out) {
    char digits[32];
    const auto result = std::to_chars(digits, digits + sizeof digits, number);
    const auto length = static_cast<std::size_t>(result.ptr - digits);
    out.append(digits, length);
    return length;
}

// A double stays recognisable as one when it is read again: 1.0, not 1.
void write_double(double number, std::string& out) {
    const auto length = write_number(number, out);
    if (out.find_first_of(".en", out.size() - length) == std::string::npos) out += ".0";
}

void write_array(const json::array& array, std::string& out) {
    out += '[';
    bool first = true;
    for (const auto& element : array) {
        if (!first) out += ',';
        first = false;
        write_json(element, out);
    }
    out += ']';
}

} // namespace

void write_json_string(std::string_view text, std::string& out) {
    out += '"';
    const char* data = text.data();
    std::size_t left = text.size();
    while (true) {
        const auto plain = plain_length(data, left);
        out.append(data, plain);
        if (plain == left) break;
        const auto c = static_cast<unsigned char>(data[plain]);
        out += '\\';
        out += escapes[c];
        if (escapes[c] == 'u') {
            out += "00";
            append_hex(out, c);
        }
        data += plain + 1;
        left -= plain + 1;
    }
    out += '"';
}

void write_json(const json::object& object, std::string& out) {
    out += '{';
    bool first = true;
    for (const auto& member : object) {
        if (!first) out += ',';
        first = false;
        write_json_string(member.key(), out);
        out += ':';
        write_json(member.value(), out);
    }
    out += '}';
}

void write_json(const json::value& value, std::string& out) {
    switch (value.kind()) {
    case json::kind::object:
        return write_json(value.get_object(), out);
    case json::kind::array:
        return write_array(value.get_array(), out);
    case json::kind::string:
        if (const auto number = kept_number(value)) {
            out += *number;
            return;
        }
        return write_json_string(value.get_string(), out);
    case json::kind::int64:
        write_number(value.get_int64(), out);
        return;
    case json::kind::uint64:
        write_number(value.get_uint64(), out);
        return;
    case json::kind::double_:
        return write_double(value.get_double(), out);
    case json::kind::bool_:
        out += value.get_bool() ? "true" : "false";
        return;
    case json::kind::null:
        out += "null";
        return;
    }
}

} // namespace leerspoor::spec

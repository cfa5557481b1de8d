#include "spec/iri.hpp"

#include "spec/base/ascii.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace leerspoor::spec {
namespace {

bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// What an ASCII character means inside an IRI.
enum class Ascii : std::uint8_t { forbidden, allowed, percent };

constexpr std::array<Ascii, 128> make_ascii() {
    std::array<Ascii, 128> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        table[c] = c > 0x20 && c < 0x7f ? Ascii::allowed : Ascii::forbidden;
    }
    for (const unsigned char c : {'<', '>', '"', '{', '}', '|', '\\', '^', '`'}) {
        table[c] = Ascii::forbidden;
    }
    table['%'] = Ascii::percent;
    return table;
}

constexpr auto ascii = make_ascii();

// Characters outside ASCII that RFC 3987 leaves out of ucschar and iprivate, and the bidirectional formatting
// characters of its section 4.1.
bool is_forbidden_beyond_ascii(std::uint32_t point) {
    return point < 0xa0 || point == 0x200e || point == 0x200f || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0xfdd0 && point <= 0xfdef) || (point >= 0xfff0 && point <= 0xffff) ||
           (point & 0xfffe) == 0xfffe;
}

// Decodes the character at `at` of valid UTF-8 and moves behind it; 0 for one that is cut off.
std::uint32_t next_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[i]); };
    const auto lead = byte(at);
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (text.size() - at < length) {
        at = text.size();
        return 0;
    }
    auto point = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        point = point << 6 | (byte(at + i) & 0x3f);
    }
    at += length;
    return point;
}

// The length of the scheme in front of the first colon, 0 without one.
std::size_t scheme_length(std::string_view text) {
    if (text.empty() || !is_letter(text.front())) return 0;
    for (std::size_t at = 1; at < text.size(); ++at) {
        const char c = text[at];
        if (c == ':') return at;
        if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return 0;
    }
    return 0;
}

bool is_token_char(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return is_letter(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}

std::size_t token_length(std::string_view text) {
    std::size_t length = 0;
    while (length < text.size() && is_token_char(text[length])) {
        ++length;
    }
    return length;
}

std::string_view without_leading_blanks(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    return text;
}

// The length of "..." with backslash escapes at the front of `text`, 0 when it is not closed.
std::size_t quoted_length(std::string_view text) {
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '"') return at + 1;
        if (text[at] == '\\') ++at;
        if (at < text.size() && is_control(text[at])) return 0;
    }
    return 0;
}

} // namespace

bool is_iri(std::string_view text) {
    const auto scheme = scheme_length(text);
    if (scheme == 0 || text.size() == scheme + 1) return false;
    for (std::size_t at = scheme + 1; at < text.size();) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c >= 0x80) {
            if (is_forbidden_beyond_ascii(next_point(text, at))) return false;
            continue;
        }
        if (ascii[c] == Ascii::forbidden) return false;
        if (ascii[c] == Ascii::percent) {
            if (at + 2 >= text.size() || !is_hex_digit(text[at + 1]) || !is_hex_digit(text[at + 2]))
                return false;
            at += 2;
        }
        ++at;
    }
    return true;
}

bool is_irl(std::string_view text) {
    return is_iri(text);
}

bool is_mailto_iri(std::string_view text) {
    constexpr std::string_view scheme = "mailto:";
    if (!text.starts_with(scheme)) return false;
    const auto address = text.substr(scheme.size());
    const auto at_sign = address.find('@');
    if (at_sign == std::string_view::npos || at_sign == 0 || at_sign + 1 == address.size()) return false;
    if (address.find('@', at_sign + 1) != std::string_view::npos) return false;
    for (const char c : address) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f || c == '<' || c == '>') return false;
    }
    return true;
}

bool is_hex(std::string_view text, std::size_t digits) {
    if (text.size() != digits) return false;
    for (const char c : text) {
        if (!is_hex_digit(c)) return false;
    }
    return true;
}

bool is_media_type(std::string_view text) {
    const auto type = token_length(text);
    if (type == 0 || type == text.size() || text[type] != '/') return false;
    text.remove_prefix(type + 1);
    const auto subtype = token_length(text);
    if (subtype == 0) return false;
    text.remove_prefix(subtype);
    while (!(text = without_leading_blanks(text)).empty()) {
        if (text.front() != ';') return false;
        text = without_leading_blanks(text.substr(1));
        if (text.empty()) return true;
        const auto name = token_length(text);
        if (name == 0 || name == text.size() || text[name] != '=') return false;
        text.remove_prefix(name + 1);
        const auto value = !text.empty() && text.front() == '"' ? quoted_length(text) : token_length(text);
        if (value == 0) return false;
        text.remove_prefix(value);
    }
    return true;
}

} // namespace leerspoor::spec

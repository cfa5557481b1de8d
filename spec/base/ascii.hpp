// Text that is ASCII by its specification: names of header fields, media types, hex digits, language tags.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace leerspoor::spec {

constexpr char lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// What no value of a header field may hold (RFC 9110 5.5): whoever writes one with CR LF in it writes two.
constexpr bool is_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

// Bytes beyond ASCII stay as they are.
inline std::string lower_case(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) c = lower_case(c);
    return folded;
}

inline bool equal_but_for_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower_case(x) == lower_case(y); });
}

inline bool starts_with_but_for_case(std::string_view text, std::string_view start) {
    return equal_but_for_case(text.substr(0, start.size()), start);
}

// Without blanks and tabs around it.
constexpr std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

} // namespace leerspoor::spec

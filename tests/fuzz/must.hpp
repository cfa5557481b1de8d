// What every fuzz program says when something is not as it must be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace leerspoor::fuzz {

inline void must(bool condition) {
    if (!condition) std::abort();
}

// A refusal is one that a program and a person can do something with.
template <class Result>
void must_explain(const Result& refused) {
    must(!refused.error().code.empty() && !refused.error().message.empty());
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Takes what comes before the first zero byte from the front of `input`, or all of it.
inline std::string_view take_text(std::string_view& input) {
    const auto end = input.find('\0');
    const auto taken = input.substr(0, end);
    input.remove_prefix(end == std::string_view::npos ? input.size() : end + 1);
    return taken;
}

} // namespace leerspoor::fuzz

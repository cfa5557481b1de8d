#include "spec/base/version.hpp"

#include <algorithm>

namespace leerspoor::spec {
namespace {

constexpr std::size_t longest_version = 64;

// "", ".0", ".17": what may follow "2.0".
bool is_patch(std::string_view text) {
    if (text.empty()) return true;
    if (text.front() != '.' || text.size() < 2 || text.size() > 8) return false;
    return std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

Result<Version> parse_version_header(std::string_view text) {
    if (text.empty()) {
        return Error{"version_missing", "",
                     "The header X-Experience-API-Version is missing; send 1.0.3 or 2.0.0."};
    }
    // Whatever follows "1.0." (1.0.3 Part Three 3.3).
    if (text == "1.0" || (text.starts_with("1.0.") && text.size() <= longest_version)) return Version::v1_0_3;
    if (text.starts_with("2.0") && is_patch(text.substr(3))) return Version::v2_0_0;
    return Error{"version_unsupported", "",
                 "The header X-Experience-API-Version must be 1.0, 1.0.x, 2.0 or 2.0.x."};
}

std::string_view to_string(Version version) {
    return version == Version::v1_0_3 ? "1.0.3" : "2.0.0";
}

} // namespace leerspoor::spec

#include "spec/document.hpp"

#include "spec/base/json.hpp"

#include <algorithm>
#include <utility>

namespace leerspoor::spec {

namespace {

namespace json = boost::json;

Error not_object(std::string_view which) {
    return {"document_not_object", "",
            "POST merges JSON objects, and " + std::string(which) +
                " is none. Use PUT to replace the document whole."};
}

} // namespace

bool is_mergeable(std::string_view content_type) {
    const std::string_view type = content_type.substr(0, content_type.find(';'));
    constexpr std::string_view wanted = "application/json";
    const auto end = type.find_last_not_of(" \t");
    const auto begin = type.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return false;
    const auto name = type.substr(begin, end - begin + 1);
    return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
    });
}

Result<void> check_mergeable(std::string_view bytes) {
    const auto value = parse_json(bytes);
    if (!value.has_value()) return value.error();
    if (!value->is_object()) return not_object("the document that was sent");
    return {};
}

Result<std::string> merge_documents(std::string_view present, std::string_view posted) {
    auto added = parse_json(posted);
    if (!added.has_value()) return added.error();
    if (!added->is_object()) return not_object("the document that was sent");
    auto merged = parse_json(present);
    if (!merged.has_value() || !merged->is_object()) return not_object("the document that is stored");
    for (auto& member : added->get_object()) {
        merged->get_object().insert_or_assign(member.key(), std::move(member.value()));
    }
    std::string text;
    write_json(*merged, text);
    return {boost::system::in_place_value, std::move(text)};
}

} // namespace leerspoor::spec

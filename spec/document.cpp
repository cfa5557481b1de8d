#include "spec/document.hpp"

#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"

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
    return equal_but_for_case(trimmed(content_type.substr(0, content_type.find(';'))), "application/json");
}

Result<std::string> merge_documents(std::string_view present, std::string_view posted) {
    // A document was taken as it came; what of it is read here is read as widely as can be.
    constexpr JsonRules rules{.max_depth = stored_json_depth, .any_number = true, .repeated_keys = true};
    auto added = parse_json(posted, rules);
    if (!added.has_value()) return added.error();
    if (!added->is_object()) return not_object("the document that was sent");
    auto merged = parse_json(present, rules);
    if (!merged.has_value() || !merged->is_object()) return not_object("the document that is stored");
    for (auto& member : added->get_object()) {
        merged->get_object().insert_or_assign(member.key(), std::move(member.value()));
    }
    std::string text;
    write_json(*merged, text);
    return {boost::system::in_place_value, std::move(text)};
}

} // namespace leerspoor::spec

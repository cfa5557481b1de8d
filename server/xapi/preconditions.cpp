#include "server/xapi/preconditions.hpp"

#include "spec/base/ascii.hpp"

#include <algorithm>

namespace leerspoor::server::xapi {
namespace {

std::optional<std::string> text_of(const http::Fields& fields, std::string_view name) {
    const auto value = fields.find(name);
    return value ? std::optional<std::string>(*value) : std::nullopt;
}

} // namespace

bool names_etag(std::string_view field, std::string_view etag, bool weak) {
    if (spec::trimmed(field) == "*") return true;
    while (!field.empty()) {
        std::string_view one = field.substr(0, field.find(','));
        field.remove_prefix(std::min(one.size() + 1, field.size()));
        one = spec::trimmed(one);
        if (one.starts_with("W/")) {
            if (!weak) continue;
            one.remove_prefix(2);
        }
        if (one.size() >= 2 && one.front() == '"' && one.back() == '"') one = one.substr(1, one.size() - 2);
        if (one == etag) return true;
    }
    return false;
}

Preconditions Preconditions::of(const http::Fields& fields) {
    return {text_of(fields, "If-Match"), text_of(fields, "If-None-Match")};
}

Result<void> Preconditions::check(const std::optional<std::string>& etag) const {
    if (if_match && (!etag || !names_etag(*if_match, *etag, false))) {
        return Error{
            "precondition_failed", "",
            etag ? "The document was changed since: it has another ETag than If-Match asks for. Read it "
                   "again, and send the change with its present ETag."
                 : "There is no document, so none has the ETag that If-Match asks for."};
    }
    if (if_none_match && etag && names_etag(*if_none_match, *etag, true)) {
        return Error{
            "precondition_failed", "",
            "There is a document already, which If-None-Match forbids. Read it, and send the change with "
            "If-Match and its ETag."};
    }
    return {};
}

} // namespace leerspoor::server::xapi

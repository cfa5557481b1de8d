#include "server/xapi/content_type.hpp"

#include "spec/base/ascii.hpp"

namespace leerspoor::server::xapi {

std::string media_type_of(std::string_view content_type) {
    return spec::lower_case(spec::trimmed(content_type.substr(0, content_type.find(';'))));
}

bool is_multipart(const http::RequestHead& head) {
    return media_type_of(head.fields.find("Content-Type").value_or("")) == "multipart/mixed";
}

Result<void> expect_identity(const http::RequestHead& head) {
    if (const auto encoding = head.fields.find("Content-Encoding"); encoding && *encoding != "identity") {
        return Error{"content_encoding_unsupported", "", "Send the body as it is, without Content-Encoding."};
    }
    return {};
}

Result<void> expect_json(const http::RequestHead& head) {
    if (auto plain = expect_identity(head); !plain) return plain;
    const auto header = head.fields.find("Content-Type");
    if (!header) {
        return Error{"content_type_missing", "",
                     "The request has a body but no Content-Type. Statements are "
                     "sent as application/json."};
    }
    const auto type = media_type_of(*header);
    if (type == "application/json") return {};
    return Error{"content_type_unsupported", "",
                 "Statements are sent as application/json, or with attachments as multipart/mixed."};
}

} // namespace leerspoor::server::xapi

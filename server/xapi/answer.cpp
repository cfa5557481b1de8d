#include "server/xapi/answer.hpp"

#include "server/http/date.hpp"
#include "server/xapi/preconditions.hpp"
#include "spec/base/hex.hpp"

#include <array>
#include <openssl/sha.h>
#include <utility>

namespace leerspoor::server::xapi {

http::Response plain_json(std::string body) {
    http::Response response;
    response.fields.add("Content-Type", "application/json");
    response.body = std::move(body);
    return response;
}

http::Response cacheable_json(const http::RequestHead& head, std::string body,
                              std::optional<spec::Instant> modified) {
    const auto etag = sha1_of(body);
    const auto known = head.fields.find("If-None-Match");
    const bool same = known && names_etag(*known, etag, true);
    http::Response response = plain_json(same ? std::string() : std::move(body));
    if (same) response.status = 304;
    response.fields.add("ETag", "\"" + etag + "\"");
    if (modified) response.fields.add("Last-Modified", http::date(*modified));
    return response;
}

std::string sha1_of(std::string_view bytes) {
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return spec::hex(digest);
}

} // namespace leerspoor::server::xapi

// Optimistic concurrency: writers who do not overwrite what they have not seen (xAPI 1.0.3 Part Three 3.1;
// IEEE 9274.1.1 4.1.4).
#include "conformance/checks/document_checks.hpp"
#include "conformance/checks/groups.hpp"

#include <openssl/evp.h>

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* never = "\"0123456789012345678901234567890123456789\"";

// 1.0.3 lets State documents be overwritten unseen.
std::vector<const Resource*> guarded(const Context& c) {
    if (c.is_2_0()) return {&state_resource, &agent_profile_resource, &activity_profile_resource};
    return {&agent_profile_resource, &activity_profile_resource};
}

std::string etag_of(Context& c, const Document& document) {
    const auto answer = c.send(document.call("GET"));
    c.require(answer, answer.status == 200 && answer.has("ETag"), "200 with an ETag");
    return answer.field("ETag");
}

void expect_kept(Context& c, const Document& document, const json::value& content) {
    const auto answer = c.send(document.call("GET"));
    c.expect(answer, answer.json() == content, "the document as it was");
}

std::string sha1(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha1(), nullptr);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

void etags(Context& c) {
    for (const auto* resource : {&state_resource, &agent_profile_resource, &activity_profile_resource}) {
        const Document document(*resource);
        document.put(c, "text/plain", "a document");
        const auto answer = c.send(document.call("GET"));
        const auto tag = answer.field("ETag");
        c.expect(answer,
                 tag.ends_with('"') && (tag.starts_with('"') || tag.starts_with("W/\"")) && tag.size() > 2,
                 "an ETag in quotes");
        c.expect(answer, c.is_2_0() || tag.find(sha1("a document")) != std::string::npos,
                 "an ETag of the SHA-1 of the bytes");
        const auto changed =
            c.send(document.call("PUT").field("If-Match", tag).body("text/plain", "another"));
        c.expect_status(changed, 204, "the current ETag");
        c.expect(c.send(document.call("GET")), etag_of(c, document) != tag,
                 "another ETag for another content");
    }
}

// `method` with an ETag that was never one, then with the current one.
void matches(Context& c, const std::string& method) {
    for (const auto* resource : guarded(c)) {
        const Document document(*resource);
        document.put(c, {{"a", 1}});
        const auto call = [&](const std::string& tag) {
            auto made = document.call(method).field("If-Match", tag);
            if (method != "DELETE") made.body({{"a", 2}});
            return made;
        };
        c.expect_status(c.send(call(never)), 412, "the ETag is not the current one");
        expect_kept(c, document, {{"a", 1}});
        const auto tag = etag_of(c, document);
        c.expect_status(c.send(call(tag)), 204, "the ETag is the current one");
        if (method == "DELETE") {
            c.expect_status(c.send(document.call("GET")), 404, "it was deleted");
        } else {
            expect_kept(c, document, {{"a", 2}});
            c.expect_status(c.send(call(tag)), 412, "the ETag is that of a version that is no more");
        }
    }
}

void new_only(Context& c) {
    for (const auto* resource : guarded(c)) {
        const Document document(*resource);
        document.put(c, {{"a", 1}});
        c.expect_status(c.send(document.call("PUT").field("If-None-Match", "*").body({{"a", 2}})), 412,
                        "it is there already");
        expect_kept(c, document, {{"a", 1}});
    }
}

void conflict(Context& c) {
    for (const auto* resource : guarded(c)) {
        const Document document(*resource);
        document.put(c, {{"a", 1}});
        const auto answer = c.send(document.call("PUT").body({{"a", 2}}));
        c.expect_status(answer, 409, "it is there, and the request does not say which version it knows");
        c.expect(answer, !answer.body.empty(), "an answer that says what to do");
        expect_kept(c, document, {{"a", 1}});
    }
}

} // namespace

Requirements concurrency() {
    const std::string clause = "4.1.4";
    return {
        {"XAPI-00322",
         "ETags guard documents against writers who have not seen them",
         {"Part Three 3.1", clause},
         [](Context& c) {
             etags(c);
             matches(c, "PUT");
             new_only(c);
             conflict(c);
         }},
        {"IEEE-4.1.4-1", "Documents come with an ETag in quotes", {"", clause}, etags},
        {"IEEE-4.1.4-2", "PUT with If-Match", {"", clause}, [](Context& c) { matches(c, "PUT"); }},
        {"IEEE-4.1.4-3", "POST with If-Match", {"", clause}, [](Context& c) { matches(c, "POST"); }},
        {"IEEE-4.1.4-4", "DELETE with If-Match", {"", clause}, [](Context& c) { matches(c, "DELETE"); }},
        {"IEEE-4.1.4-5",
         "PUT over a document without a precondition is a conflict, of State too",
         {"", clause},
         conflict},
    };
}

} // namespace leerspoor::conformance::checks

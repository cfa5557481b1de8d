#include "server/app/router.hpp"

#include "server/xapi/protocol.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::server;

namespace {

constexpr std::array<Method, 0> nothing_can_be_done{};

constexpr Resource resource(std::string_view path) {
    return {.name = path, .path = path, .methods = nothing_can_be_done};
}

constexpr std::array public_resources = {resource("/jobs"), resource("/jobs/{job}"),
                                         resource("/jobs/{job}/parts/{part}"), resource("/jobs/newest")};
constexpr std::array content_resources = {resource("/file"), resource("/{name}")};
constexpr std::array<std::string_view, 2> versions = {"/api/v1", "/api/v2"};
constexpr std::array<std::string_view, 1> root = {""};

Router router(std::string content_host = {}) {
    static const xapi::Protocol protocol;
    Api first;
    first.prefixes = versions;
    first.resources = public_resources;
    first.protocol = &protocol;
    Api content;
    content.host = std::move(content_host);
    content.prefixes = root;
    content.resources = content_resources;
    content.protocol = &protocol;
    return Router({first, content});
}

// "name path {parameter}=value": what is found.
std::string found(const Router& router, std::string target, std::string host = "lrs.example") {
    http::RequestHead head;
    head.target = std::move(target);
    head.fields.add("Host", std::move(host));
    const auto match = router.find(head);
    if (!match.resource) return "nothing";
    std::string text(match.resource->name);
    text.append(" ").append(match.path);
    for (const auto& [name, value] : match.parameters)
        text.append(" ").append(name).append("=").append(value);
    return text;
}

} // namespace

TEST_CASE("A path is found below each prefix of its API, and nowhere else") {
    const auto at = router();
    CHECK(found(at, "/api/v1/jobs") == "/jobs /api/v1/jobs");
    CHECK(found(at, "/api/v2/jobs?x=/y") == "/jobs /api/v2/jobs");
    CHECK(found(at, "/file") == "/file /file");
    for (const std::string other : {"/api/v1", "/api/v1/", "/api/v3/jobs", "/api/v1jobs", "/api/v1/jobs/",
                                    "/api/v1//jobs", "", "*", "/", "jobs"}) {
        INFO(other);
        CHECK(found(at, other) == "nothing");
    }
}

TEST_CASE("A name in braces takes any one segment, decoded") {
    const auto at = router();
    CHECK(found(at, "/api/v1/jobs/17") == "/jobs/{job} /api/v1/jobs/17 job=17");
    CHECK(found(at, "/api/v1/jobs/a%2Fb%20c+d") == "/jobs/{job} /api/v1/jobs/a%2Fb%20c+d job=a/b c+d");
    CHECK(found(at, "/api/v1/jobs/17/parts/2") ==
          "/jobs/{job}/parts/{part} /api/v1/jobs/17/parts/2 job=17 part=2");
    for (const std::string other :
         {"/api/v1/jobs/17/parts", "/api/v1/jobs/17/parts/", "/api/v1/jobs/17/other/2",
          "/api/v1/jobs//parts/2", "/api/v1/jobs/17/parts/2/3", "/api/v1/jobs/%zz", "/api/v1/jobs/%ff"}) {
        INFO(other);
        CHECK(found(at, other) == "nothing");
    }
}

TEST_CASE("What has a host name of its own is found there only, and nothing else is") {
    const auto at = router("*.content.example");
    CHECK(found(at, "/file", "abc.content.example:8443") == "/file /file host=abc");
    CHECK(found(at, "/x", "ABC.Content.Example") == "/{name} /x host=abc name=x");
    CHECK(found(at, "/api/v1/jobs", "abc.content.example") == "nothing");
    CHECK(found(at, "/api/v1/jobs", "lrs.example") == "/jobs /api/v1/jobs");
    for (const std::string other : {"lrs.example", "content.example", ".content.example",
                                    "a.b.content.example", "abc.content.example.evil", "[::1]:8443", ""}) {
        INFO(other);
        CHECK(found(at, "/file", other) == "nothing");
    }
    CHECK(found(router("files.example"), "/file", "files.example") == "/file /file");
    CHECK(found(router("files.example"), "/file", "lrs.example") == "nothing");
}

TEST_CASE("An access admits whom it names") {
    auth::Principal key;
    key.scopes = {auth::Scope::state};
    auth::Principal person;
    person.is_person = true;
    person.scopes = {auth::Scope::all};
    person.role = auth::Role::analyst;
    CHECK(Access{.keys = {auth::Scope::all, auth::Scope::state}}.admits(key));
    CHECK_FALSE(Access{.keys = {auth::Scope::all}}.admits(key));
    CHECK_FALSE(Access{.keys = {auth::Scope::all}}.admits(person));
    CHECK(Access{.people = {auth::Role::analyst}}.admits(person));
    CHECK_FALSE(Access{.people = {auth::Role::analyst}}.admits(key));
    CHECK_FALSE(Access{.operators = true}.admits(key));
}

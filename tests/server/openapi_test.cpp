// The description says what there is, and there is what it says.
#include "server/analytics/api.hpp"
#include "server/api/api.hpp"
#include "server/api/openapi.hpp"
#include "server/audit/api.hpp"
#include "server/courses/api.hpp"
#include "server/relay/api.hpp"
#include "server/xapi/api.hpp"
#include "spec/base/json.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <boost/json/object.hpp>
#include <set>

using namespace leerspoor;
using namespace leerspoor::test;

namespace {

std::string lower(std::string_view text) {
    std::string made;
    for (const char c : text) made += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return made;
}

} // namespace

TEST_CASE("Every method of every resource of the API is described, and no other") {
    std::set<std::string> there;
    for (const auto& api :
         {server::api::api(), server::analytics::api(), server::xapi::plain_api(), server::audit::api(),
          server::relay::api(), server::courses::api(), server::courses::content_side_api()}) {
        const auto prefix = api.prefixes.front().substr(std::string_view("/api/v1").size());
        for (const auto& resource : api.resources) {
            for (const auto& method : resource.methods)
                there.insert(lower(method.name) + " " + std::string(prefix) + std::string(resource.path));
        }
    }
    std::set<std::string> described;
    std::set<std::string> names;
    const auto document = json_of(server::api::openapi());
    for (const auto& [path, methods] : document.at("paths").as_object()) {
        for (const auto& [method, operation] : methods.as_object()) {
            described.insert(std::string(method) + " " + std::string(path));
            CHECK(names.insert(text(operation.at("operationId"))).second);
            CHECK_FALSE(text(operation.at("summary")).empty());
        }
    }
    CHECK(described == there);
}

TEST_CASE("The description is for everybody") {
    AppFixture app;
    const auto response = app.send_bare("GET", "/api/v1/openapi.json", "", {});
    CHECK(response.status == 200);
    CHECK(response.body == server::api::openapi());
    CHECK(text(json_of(response.body).at("openapi")) == "3.1.0");
}

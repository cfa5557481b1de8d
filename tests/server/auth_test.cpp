#include "app_fixture.hpp"

#include "server/auth/secret.hpp"
#include "server/auth/throttle.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::test;

namespace {

Headers as(const std::string& key, std::string_view secret = learner_secret) {
    return {{"Authorization", basic(key, secret)}};
}

const std::string id_one = "11111111-1111-4111-8111-111111111111";

} // namespace

TEST_CASE("Without credentials the answer is 401 and how to authenticate") {
    AppFixture app;
    const auto response =
        app.send_bare("GET", "/xapi/statements", "", {{"X-Experience-API-Version", "2.0.0"}});
    CHECK(refusal(response) == "401 credentials_missing");
    CHECK(header(response, "WWW-Authenticate").starts_with("Basic realm="));
}

TEST_CASE("Wrong credentials are refused with 401, one answer for all") {
    const std::vector<std::string> wrong = {basic("learner", "wrong secret"),
                                            basic("nobody", learner_secret),
                                            "Basic",
                                            "Basic ",
                                            "Basic !!!",
                                            "Basic bGVhcm5lcg==",
                                            "Bearer abc",
                                            basic("", ""),
                                            basic("learner", std::string(learner_secret) + "x")};
    for (const auto& value : wrong) {
        AppFixture app;
        CHECK(refusal(app.send("GET", "/xapi/statements", "", {{"Authorization", value}})) ==
              "401 credentials_invalid");
    }
}

TEST_CASE("The word Basic is read in any case") {
    AppFixture app;
    auto value = basic("learner", learner_secret);
    value.replace(0, 5, "bAsIc");
    CHECK(app.send("GET", "/xapi/statements", "", {{"Authorization", value}}).status == 200);
}

TEST_CASE("What was right once is right again, and a wrong secret stays wrong beside it") {
    AppFixture app;
    for (int i = 0; i < 3; ++i) CHECK(app.send("GET", "/xapi/statements").status == 200);
    const auto header_value = basic("learner", learner_secret);
    const auto known = app.authenticator->known(header_value, app.address);
    REQUIRE(known.has_value());
    CHECK(known->principal->key == "learner");
    CHECK_FALSE(app.authenticator->known(basic("learner", "other secret"), app.address).has_value());
}

TEST_CASE("A revoked key is refused at once") {
    AppFixture app;
    app.add_key("leaver", {"all"});
    CHECK(app.send("GET", "/xapi/statements", "", as("leaver")).status == 200);
    REQUIRE(app.keys->revoke("leaver").has_value());
    CHECK(refusal(app.send("GET", "/xapi/statements", "", as("leaver"))) == "401 credentials_invalid");
    CHECK(app.send("GET", "/xapi/statements").status == 200);
    CHECK(app.keys->revoke("leaver").has_value());
    CHECK(app.keys->revoke("nobody").error().code == "key_unknown");
}

TEST_CASE("A key that failed too often from an address waits there, and keeps nobody else waiting") {
    AppFixture app;
    app.add_key("other", {"all"});
    CHECK(app.send("GET", "/xapi/statements").status == 200);
    for (int i = 0; i < 3; ++i)
        CHECK(app.send("GET", "/xapi/statements", "", as("learner", "wrong secret")).status == 401);
    const auto refused = app.send("GET", "/xapi/statements", "", as("learner", "wrong secret"));
    CHECK(refusal(refused) == "429 too_many_failures");
    CHECK(header(refused, "Retry-After") == "60");
    // Right keys behind a shared address, known already or not.
    CHECK(app.send("GET", "/xapi/statements", "", as("other")).status == 200);
    CHECK(app.send("GET", "/xapi/statements").status == 200);

    app.address = "192.0.2.2";
    CHECK(app.send("GET", "/xapi/statements", "", as("other")).status == 200);
    app.address = "192.0.2.1";
    app.now += std::chrono::seconds(61);
    CHECK(app.send("GET", "/xapi/statements", "", as("learner", "wrong secret")).status == 401);
}

TEST_CASE("One IPv6 client is its network of 64 bits") {
    CHECK(server::auth::client_of("2001:db8::1") == server::auth::client_of("2001:db8::ffff"));
    CHECK(server::auth::client_of("2001:db8::1") != server::auth::client_of("2001:db8:0:1::1"));
    CHECK(server::auth::client_of("::ffff:192.0.2.1") == "192.0.2.1");
}

TEST_CASE("The throttle remembers a bounded number of addresses") {
    server::auth::ThrottleOptions options;
    options.failures = 1;
    options.addresses = 2;
    options.now = [] { return std::chrono::steady_clock::time_point(); };
    server::auth::Throttle throttle(options);
    for (const std::string address : {"a", "b", "c"}) throttle.failed(address, "key");
    CHECK(throttle.wait("a", "key").count() == 0);
    CHECK(throttle.wait("c", "key").count() == 60);
}

TEST_CASE(
    "An address from which all keys together failed very often waits, but for what is known to be right") {
    server::auth::ThrottleOptions options;
    options.failures = 3;
    options.address_failures = 5;
    options.now = [] { return std::chrono::steady_clock::time_point(); };
    server::auth::Throttle throttle(options);
    for (const std::string key : {"a", "b", "c", "d"}) throttle.failed("192.0.2.1", key);
    CHECK(throttle.wait("192.0.2.1", "other").count() == 0);
    throttle.failed("192.0.2.1", "e");
    CHECK(throttle.wait("192.0.2.1", "other").count() == 60);
    CHECK(throttle.wait("192.0.2.2", "other").count() == 0);
}

TEST_CASE("Making or revoking one key makes nobody else's secret be checked again") {
    AppFixture app;
    app.add_key("leaver", {"all"});
    CHECK(app.send("GET", "/xapi/statements").status == 200);
    const auto is_known = [&] {
        return app.authenticator->known(basic("learner", learner_secret), app.address).has_value();
    };
    CHECK(is_known());
    app.add_key("newcomer", {"all"});
    CHECK(is_known());
    REQUIRE(app.keys->revoke("leaver").has_value());
    CHECK(is_known());
    REQUIRE(app.keys->revoke("learner").has_value());
    CHECK_FALSE(is_known());
}

TEST_CASE("A key without the scope is refused with 403") {
    AppFixture app;
    app.add_key("reader", {"statements/read"});
    app.add_key("everything-reader", {"all/read"});
    app.add_key("writer", {"statements/write"});
    app.add_key("state-only", {"state", "define", "profile"});
    for (const std::string key : {"reader", "everything-reader"}) {
        CHECK(app.send("GET", "/xapi/statements", "", as(key)).status == 200);
        CHECK(refusal(app.send("POST", "/xapi/statements", statement(), as(key))) == "403 scope_missing");
    }
    CHECK(app.send("POST", "/xapi/statements", statement(), as("writer")).status == 200);
    CHECK(refusal(app.send("GET", "/xapi/statements", "", as("writer"))) == "403 scope_missing");
    CHECK(refusal(app.send("GET", "/xapi/statements", "", as("state-only"))) == "403 scope_missing");
    CHECK(refusal(app.send("PUT", "/xapi/statements?statementId=" + id_one, statement(), as("state-only"))) ==
          "403 scope_missing");
}

TEST_CASE("statements/read/mine sees what the key itself has stored") {
    AppFixture app;
    app.add_key("own", {"statements/write", "statements/read/mine"});
    CHECK(app.send("POST", "/xapi/statements", statement()).status == 200);
    CHECK(app.send("PUT", "/xapi/statements?statementId=" + id_one, statement()).status == 204);
    // Somebody else's statement in which the key's Agent is the instructor is not the key's.
    auto about_own = json_of(statement());
    about_own.as_object()["context"] = {
        {"instructor",
         {{"objectType", "Agent"}, {"account", {{"homePage", "https://leerspoor.local"}, {"name", "own"}}}}}};
    for (int i = 0; i < 3; ++i) {
        CHECK(app.send("POST", "/xapi/statements", boost::json::serialize(about_own)).status == 200);
    }
    const auto mine =
        app.send("POST", "/xapi/statements", statement({}, "http://example.com/mine"), as("own"));
    REQUIRE(mine.status == 200);
    for (int i = 0; i < 3; ++i) {
        CHECK(app.send("POST", "/xapi/statements", boost::json::serialize(about_own)).status == 200);
    }

    CHECK(app.send("GET", "/xapi/statements?statementId=" + id_one, "", as("own")).status == 404);
    const auto own_id = text(json_of(mine.body).at(0));
    // Nor when it was voided, by whomever.
    const auto void_it = [](const std::string& target) {
        return R"({"actor":{"mbox":"mailto:ann@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},)"
               R"("object":{"objectType":"StatementRef","id":")" +
               target + "\"}}";
    };
    const std::string id_two = "22222222-2222-4222-8222-222222222222";
    CHECK(app.send("PUT", "/xapi/statements?statementId=" + id_two, statement()).status == 204);
    CHECK(app.send("POST", "/xapi/statements", void_it(id_two)).status == 200);
    CHECK(app.send("GET", "/xapi/statements?voidedStatementId=" + id_two).status == 200);
    CHECK(app.send("GET", "/xapi/statements?voidedStatementId=" + id_two, "", as("own")).status == 404);
    CHECK(app.send("GET", "/xapi/statements?statementId=" + own_id, "", as("own")).status == 200);
    std::string next = "/xapi/statements?limit=1";
    std::size_t seen = 0;
    for (int pages = 0; !next.empty() && pages < 10; ++pages) {
        const auto page = json_of(app.send("GET", next, "", as("own")).body);
        for (const auto& each : page.at("statements").as_array()) {
            CHECK(text(each.at("id")) == own_id);
            ++seen;
        }
        next = std::string(page.at("more").as_string());
    }
    CHECK(next.empty());
    CHECK(seen == 1);
}

TEST_CASE("A secret is kept as an Argon2id hash and shown once") {
    ModelStore store;
    server::auth::KeyRingOptions options;
    options.cost = {8, 1};
    auto ring = server::auth::KeyRing::load(store, options);
    REQUIRE(ring.has_value());
    const auto created = (*ring)->create({});
    REQUIRE(created.has_value());
    CHECK(created->key.size() == 22);
    CHECK(created->secret.size() == 43);
    const auto saved = store.credentials();
    REQUIRE(saved->size() == 1);
    CHECK(saved->front().secret_hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    CHECK(saved->front().secret_hash.find(created->secret) == std::string::npos);
    CHECK(server::auth::verify_secret(saved->front().secret_hash, created->secret));
    CHECK_FALSE(server::auth::verify_secret(saved->front().secret_hash, created->secret + "x"));
    auto again = server::auth::KeyRing::load(store, options);
    CHECK((*again)->find(created->key)->key == created->key);
}

TEST_CASE("Keys that cannot work are not made") {
    AppFixture app;
    const auto create = [&](std::string key, std::string secret, std::vector<std::string> scopes = {"all"}) {
        server::auth::NewKey wanted;
        wanted.key = std::move(key);
        wanted.secret = std::move(secret);
        wanted.scopes = std::move(scopes);
        const auto made = app.keys->create(wanted);
        return made ? std::string("made") : made.error().code;
    };
    CHECK(create("learner", "long enough") == "key_exists");
    CHECK(create("with:colon", "long enough") == "key_invalid");
    CHECK(create("", "long enough") == "key_invalid");
    CHECK(create("line\nbreak", "long enough") == "key_invalid");
    CHECK(create("short", "short") == "secret_invalid");
    CHECK(create("unscoped", "long enough", {}) == "scope_unknown");
    CHECK(create("misscoped", "long enough", {"everything"}) == "scope_unknown");
    app.store.refuse_writes = Error{"store_full", "", "The disk is full."};
    CHECK(create("unsaved", "long enough") == "store_full");
    CHECK(app.keys->find("unsaved") == nullptr);
}

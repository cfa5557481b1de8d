#include "app_fixture.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::test;

TEST_CASE("Every response carries X-Experience-API-Version, whatever went wrong") {
    AppFixture app;
    CHECK(header(app.send("GET", "/xapi/statements"), "X-Experience-API-Version") == "2.0.0");
    const Headers old = {{"X-Experience-API-Version", "1.0.1"}};
    CHECK(header(app.send("GET", "/xapi/statements", "", old), "X-Experience-API-Version") == "1.0.3");
    CHECK(header(app.send_bare("GET", "/xapi/statements", "", {}), "X-Experience-API-Version") == "2.0.0");
    CHECK(header(app.send_bare("GET", "/nowhere", "", {}), "X-Experience-API-Version") == "2.0.0");
    CHECK(header(app.send_bare("GET", "/healthz", "", {}), "X-Experience-API-Version") == "2.0.0");
    CHECK(header(app.send_bare("OPTIONS", "/xapi/statements", "", {}), "X-Experience-API-Version") ==
          "2.0.0");
    CHECK(header(app.send("DELETE", "/xapi/statements"), "X-Experience-API-Version") == "2.0.0");
    const auto unread = app.app->begin({});
    CHECK(header(unread->refuse({431, {"header_too_large", "", "Too large."}}), "X-Experience-API-Version") ==
          "2.0.0");
}

TEST_CASE("A missing or unsupported version is refused with 400, except by About") {
    AppFixture app;
    const Headers authorized = {{"Authorization", basic("learner", learner_secret)}};
    CHECK(refusal(app.send_bare("GET", "/xapi/statements", "", authorized)) == "400 version_missing");
    for (const std::string version : {"0.9", "0.95", "1.1", "2.1.0", "3", "nonsense"}) {
        const Headers headers = {{"X-Experience-API-Version", version}};
        CHECK(refusal(app.send("GET", "/xapi/statements", "", headers)) == "400 version_unsupported");
        CHECK(app.send("GET", "/xapi/about", "", headers).status == 200);
    }
    for (const std::string version : {"1.0", "1.0.0", "1.0.9", "1.0.3-beta", "1.0.x", "2.0", "2.0.7"}) {
        CHECK(app.send("GET", "/xapi/statements", "", {{"X-Experience-API-Version", version}}).status == 200);
    }
}

TEST_CASE("About is open to everybody and names the versions") {
    AppFixture app;
    const auto response = app.send_bare("GET", "/xapi/about", "", {});
    CHECK(response.status == 200);
    CHECK(header(response, "Content-Type") == "application/json");
    CHECK(boost::json::serialize(json_of(response.body).at("version")) == R"(["1.0.3","2.0.0"])");
    CHECK(app.send_bare("HEAD", "/xapi/about", "", {}).status == 200);
    CHECK(refusal(app.send_bare("GET", "/xapi/about?x=1", "", {})) == "400 query_parameter_unknown");
}

TEST_CASE("The resources answer below every usual prefix and after a doubled slash") {
    AppFixture app;
    for (const std::string prefix : {"/xapi", "/xAPI", "/data/xAPI"}) {
        CHECK(app.send("GET", prefix + "/statements").status == 200);
        CHECK(app.send("GET", prefix + "//statements").status == 200);
    }
    for (const std::string path : {"/xapi", "/xapi/", "/xapi/statement", "/xapi/statements/",
                                   "/XAPI/statements", "/xapi///statements", "/xapistatements", "*", ""}) {
        CHECK(refusal(app.send("GET", path)) == "404 resource_unknown");
    }
}

TEST_CASE("A method that the resource has not is refused with 405 and what it has") {
    AppFixture app;
    for (const std::string method : {"DELETE", "PATCH", "get", "TRACE"}) {
        const auto response = app.send(method, "/xapi/statements");
        CHECK(refusal(response) == "405 method_not_allowed");
        CHECK(header(response, "Allow") == "GET, HEAD, PUT, POST, OPTIONS");
    }
}

TEST_CASE("A refusal is problem+json with type, title, status, detail, code, pointer and request id") {
    AppFixture app;
    const auto response = app.send("GET", "/xapi/statements?x=1");
    CHECK(header(response, "Content-Type") == "application/problem+json");
    const auto body = json_of(response.body);
    CHECK(text(body.at("type")) == "urn:leerspoor:error:query_parameter_unknown");
    CHECK(text(body.at("title")) == "Bad Request");
    CHECK(body.at("status") == 400);
    CHECK(text(body.at("code")) == "query_parameter_unknown");
    CHECK(text(body.at("pointer")).empty());
    CHECK(text(body.at("request_id")) == "request-1");
    CHECK(body.at("detail").is_string());
}

TEST_CASE("A browser's preflight is answered without credentials") {
    AppFixture app;
    const auto response = app.send_bare("OPTIONS", "/xapi/statements", "",
                                        {{"Origin", "https://lms.example.org"},
                                         {"Access-Control-Request-Method", "PUT"},
                                         {"Access-Control-Request-Headers", "authorization"}});
    CHECK(response.status == 204);
    CHECK(header(response, "Access-Control-Allow-Origin") == "*");
    CHECK(header(response, "Access-Control-Allow-Methods") == "GET, HEAD, PUT, POST, OPTIONS");
    const auto allowed = header(response, "Access-Control-Allow-Headers");
    for (const std::string name : {"Authorization", "Content-Type", "X-Experience-API-Version", "If-Match"}) {
        CHECK(allowed.find(name) != std::string::npos);
    }
}

TEST_CASE("Browsers may read the headers that xAPI clients need, from errors too") {
    AppFixture app;
    const auto response =
        app.send_bare("GET", "/xapi/statements", "", {{"Origin", "https://lms.example.org"}});
    CHECK(response.status == 401);
    CHECK(header(response, "Access-Control-Allow-Origin") == "*");
    const auto exposed = header(response, "Access-Control-Expose-Headers");
    for (const std::string name : {"X-Experience-API-Version", "X-Experience-API-Consistent-Through", "ETag",
                                   "Last-Modified", "Retry-After"}) {
        CHECK(exposed.find(name) != std::string::npos);
    }
}

TEST_CASE("Only the configured origins may read, when there are any") {
    AppFixture app;
    app.settings.cors_origins = {"https://lms.example.org"};
    const auto known = app.send("GET", "/xapi/statements", "", {{"Origin", "https://lms.example.org"}});
    CHECK(header(known, "Access-Control-Allow-Origin") == "https://lms.example.org");
    CHECK(header(known, "Vary") == "Origin");
    const auto foreign = app.send("GET", "/xapi/statements", "", {{"Origin", "https://evil.example.org"}});
    CHECK(header(foreign, "Access-Control-Allow-Origin") == "(none)");
}

TEST_CASE("Answers about statements say through when they are consistent, errors too") {
    AppFixture app;
    const auto expected = spec::format_timestamp(app.store.consistent_through());
    for (const std::string target : {"/xapi/statements", "/xapi/statements?limit=x"}) {
        CHECK(header(app.send("GET", target), "X-Experience-API-Consistent-Through") == expected);
    }
    CHECK(header(app.send("POST", "/xapi/statements", statement()), "X-Experience-API-Consistent-Through") ==
          expected);
    CHECK(header(app.send_bare("GET", "/xapi/statements", "", {}), "X-Experience-API-Consistent-Through") ==
          expected);
    CHECK(header(app.send("GET", "/xapi/about"), "X-Experience-API-Consistent-Through") == "(none)");
}

TEST_CASE("Answers below /xapi say how long the server took") {
    AppFixture app;
    const auto timing = header(app.send("GET", "/xapi/statements"), "Server-Timing");
    CHECK(timing.starts_with("app;dur="));
}

TEST_CASE("Nobody keeps what is somebody's alone") {
    AppFixture app;
    const std::string state = "/xapi/activities/state?activityId=http%3A%2F%2Fa.b%2Fc&stateId=s&agent=" +
                              http::percent_encode(R"({"mbox":"mailto:ann@example.com"})");
    CHECK(app.send("PUT", state, "{}").status == 204);
    for (const std::string& target :
         {std::string("/xapi/statements"), state, std::string("/xapi/statements?nonsense=1")}) {
        INFO(target);
        const auto response = app.send("GET", target);
        CHECK(header(response, "Cache-Control") ==
              (response.status == 200 ? "private, no-cache" : "no-store"));
    }
    const auto about = app.send_bare("GET", "/xapi/about", "", {});
    CHECK(header(about, "Cache-Control") == "(none)");
}

TEST_CASE("A body beyond the limit is refused with 413") {
    AppFixture app;
    app.settings.max_body_bytes = 100;
    const auto response = app.send("POST", "/xapi/statements", statement());
    CHECK(refusal(response) == "413 body_too_large");
    CHECK(app.store.puts == 0);
}

TEST_CASE("healthz is alive and readyz says why statements are not taken") {
    AppFixture app;
    CHECK(app.send_bare("GET", "/healthz", "", {}).status == 200);
    CHECK(app.send_bare("GET", "/readyz", "", {}).status == 200);
    app.store.refuse_writes = Error{"store_full", "", "The disk is full."};
    CHECK(app.send_bare("GET", "/healthz", "", {}).status == 200);
    CHECK(refusal(app.send_bare("GET", "/readyz", "", {})) == "503 store_full");
}

TEST_CASE("Metrics are for this machine and for keys that may read all") {
    AppFixture app;
    app.add_key("watcher", {"all/read"});
    app.add_key("writer", {"statements/write"});
    CHECK(refusal(app.send_bare("GET", "/metrics", "", {})) == "401 credentials_missing");
    CHECK(
        app.send_bare("GET", "/metrics", "", {{"Authorization", basic("watcher", learner_secret)}}).status ==
        200);
    CHECK(
        refusal(app.send_bare("GET", "/metrics", "", {{"Authorization", basic("writer", learner_secret)}})) ==
        "403 scope_missing");

    app.add_key("elsewhere", {"all"}, storage::first_store + 1);
    CHECK(refusal(app.send_bare("GET", "/metrics", "",
                                {{"Authorization", basic("elsewhere", learner_secret)}})) ==
          "403 scope_missing");

    app.address = "127.0.0.1";
    CHECK(app.send_bare("GET", "/metrics", "", {}).status == 200);
    CHECK(app.send_bare("GET", "/metrics", "", {{"X-Forwarded-For", "198.51.100.7"}}).status == 401);
    app.address = "192.0.2.1";
    app.settings.metrics_anywhere = true;
    const auto response = app.send_bare("GET", "/metrics", "", {});
    CHECK(response.status == 200);
    CHECK(header(response, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(
        response.body.find(R"(leerspoor_http_requests_total{method="GET",route="metrics",status="401"} 2)") !=
        std::string::npos);
    CHECK(response.body.find("leerspoor_store_statements 0") != std::string::npos);
    CHECK(response.body.find(R"(leerspoor_http_refusals_total{code="credentials_missing"} 2)") !=
          std::string::npos);
    CHECK(response.body.find(R"(leerspoor_http_refusals_total{code="scope_missing"} 2)") !=
          std::string::npos);
}

TEST_CASE("What happens inside stays out of the answer") {
    AppFixture app;
    app.store.refuse_puts = Error{"store_failed", "", "The disk failed."};
    const auto response = app.send("POST", "/xapi/statements", statement());
    CHECK(refusal(response) == "503 store_failed");
    CHECK(header(response, "Retry-After") == "30");
}

TEST_CASE("If-Match compares strongly: a weak tag matches nothing (RFC 9110 13.1.1)") {
    AppFixture app;
    const std::string profile =
        "/xapi/activities/profile?activityId=http%3A%2F%2Fexample.com%2Fa&profileId=p";
    REQUIRE(app.send("PUT", profile, "{}", {{"If-None-Match", "*"}}).status == 204);
    const auto etag = header(app.send("GET", profile), "ETag");
    REQUIRE(etag.starts_with('"'));
    for (const std::string method : {"PUT", "POST", "DELETE"}) {
        INFO(method);
        const auto body = method == "DELETE" ? "" : "{}";
        CHECK(refusal(app.send(method, profile, body, {{"If-Match", "W/" + etag}})) ==
              "412 precondition_failed");
        CHECK(refusal(app.send(method, profile, body, {{"If-Match", "\"other\", W/" + etag}})) ==
              "412 precondition_failed");
    }
    CHECK(app.send("DELETE", profile, "", {{"If-Match", "\"other\""}}).status == 412);
    CHECK(app.send("GET", profile).status == 200);
    CHECK(app.send("DELETE", profile, "", {{"If-Match", "W/\"x\", " + etag}}).status == 204);
    CHECK(app.send("GET", profile).status == 404);
}

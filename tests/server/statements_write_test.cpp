#include "app_fixture.hpp"

#include <catch2/catch.hpp>

using namespace leerspoor;
using namespace leerspoor::test;

namespace {

const std::string id_one = "11111111-1111-4111-8111-111111111111";
const std::string id_two = "22222222-2222-4222-8222-222222222222";
const std::string by_id = "/xapi/statements?statementId=" + id_one;

} // namespace

TEST_CASE("POST stores one statement or several and answers with their ids in order") {
    AppFixture app;
    const auto one = app.send("POST", "/xapi/statements", statement(id_one));
    CHECK(one.status == 200);
    CHECK(one.body == "[\"" + id_one + "\"]");
    const auto several =
        app.send("POST", "/xapi/statements", "[" + statement(id_two) + "," + statement() + "]");
    CHECK(several.status == 200);
    const auto ids = json_of(several.body);
    REQUIRE(ids.as_array().size() == 2);
    CHECK(text(ids.at(0)) == id_two);
    CHECK(app.send("GET", "/xapi/statements?statementId=" + text(ids.at(1))).status == 200);
}

TEST_CASE("POST of an empty array stores nothing") {
    AppFixture app;
    const auto response = app.send("POST", "/xapi/statements", "[]");
    CHECK(response.status == 200);
    CHECK(response.body == "[]");
    CHECK(app.store.puts == 0);
}

TEST_CASE("PUT stores the statement under the query's id and answers 204") {
    AppFixture app;
    CHECK(app.send("PUT", by_id, statement()).status == 204);
    CHECK(text(json_of(app.send("GET", by_id).body).at("id")) == id_one);
    CHECK(app.send("PUT", by_id, statement(id_one)).status == 204);
}

TEST_CASE("PUT is refused without an id, with a wrong one and with two") {
    AppFixture app;
    const auto put = [&](const std::string& target, const std::string& body) {
        return refusal(app.send("PUT", target, body));
    };
    CHECK(put("/xapi/statements", statement()) == "400 query_parameter_missing");
    CHECK(put("/xapi/statements?statementId=7", statement()) == "400 query_parameter_invalid");
    CHECK(put("/xapi/statements?statementid=" + id_one, statement()) == "400 query_parameter_case");
    CHECK(put(by_id + "&statementId=" + id_one, statement()) == "400 query_parameter_repeated");
    CHECK(put(by_id + "&format=ids", statement()) == "400 query_parameter_unknown");
    CHECK(put(by_id, statement(id_two)) == "400 statement_id_mismatch /id");
    CHECK(put(by_id, "[" + statement(id_one) + "]") == "400 statement_expected");
    CHECK(app.store.puts == 0);
}

TEST_CASE("The id in the query and the id in the statement may differ in case") {
    AppFixture app;
    CHECK(app.send("PUT", "/xapi/statements?statementId=AAAAAAAA-1111-4111-8111-111111111111",
                   statement("aaaaaaaa-1111-4111-8111-111111111111"))
              .status == 204);
}

TEST_CASE("An equal statement may be sent again; a different one under the same id is 409") {
    AppFixture app;
    CHECK(app.send("PUT", by_id, statement()).status == 204);
    CHECK(app.send("PUT", by_id, statement()).status == 204);
    CHECK(refusal(app.send("PUT", by_id, statement({}, "http://example.com/other"))) ==
          "409 statement_conflict /0");
    const auto batch = "[" + statement(id_two) + "," + statement(id_one, "http://example.com/other") + "]";
    CHECK(refusal(app.send("POST", "/xapi/statements", batch)) == "409 statement_conflict /1");
    CHECK(app.send("GET", "/xapi/statements?statementId=" + id_two).status == 404);
}

TEST_CASE("A batch with a broken statement or an id twice is refused and nothing of it stored") {
    AppFixture app;
    const auto post = [&](const std::string& body) { return app.send("POST", "/xapi/statements", body); };
    const auto broken = post("[" + statement() + ",{\"actor\":{}}]");
    CHECK(broken.status == 400);
    CHECK(json_of(broken.body).at("pointer").as_string().starts_with("/1"));
    CHECK(post("[" + statement(id_one) + "," + statement(id_one) + "]").status == 400);
    CHECK(app.store.puts == 0);
}

TEST_CASE("A body that is no strict JSON is refused") {
    AppFixture app;
    for (const std::string body : {"{", "nonsense", R"({"actor":1,"actor":2})", "\xff", "{} {}"}) {
        CHECK(app.send("POST", "/xapi/statements", body).status == 400);
    }
    app.settings.max_json_depth = 8;
    const std::string deep = std::string(9, '[') + std::string(9, ']');
    CHECK(refusal(app.send("POST", "/xapi/statements", deep)).starts_with("400 json_too_deep"));
}

TEST_CASE("More statements than a batch may have are refused with 413") {
    AppFixture app;
    app.settings.max_batch_statements = 1;
    CHECK(refusal(app.send("POST", "/xapi/statements", "[" + statement() + "," + statement() + "]")) ==
          "413 batch_too_large");
}

TEST_CASE("Only JSON is taken as statements") {
    AppFixture app;
    const auto as = [&](const std::string& type) {
        return refusal(app.send("POST", "/xapi/statements", statement(), {{"Content-Type", type}}));
    };
    CHECK(app.send("POST", "/xapi/statements", statement(),
                   {{"Content-Type", "Application/JSON; charset=utf-8"}})
              .status == 200);
    CHECK(as("text/plain") == "400 content_type_unsupported");
    CHECK(as("multipart/form-data; boundary=x") == "400 content_type_unsupported");
    CHECK(as("multipart/mixed; boundary=x") == "400 multipart_incomplete");
    const Headers no_type = {{"X-Experience-API-Version", "2.0.0"},
                             {"Authorization", basic("learner", learner_secret)}};
    CHECK(refusal(app.send_bare("POST", "/xapi/statements", statement(), no_type)) ==
          "400 content_type_missing");
    CHECK(refusal(app.send("POST", "/xapi/statements", statement(), {{"Content-Encoding", "gzip"}})) ==
          "415 content_encoding_unsupported");
}

TEST_CASE("An attachment sent as JSON must say where its bytes are") {
    AppFixture app;
    auto body = json_of(statement());
    boost::json::object attachment{{"usageType", "http://example.com/usage"},
                                   {"display", {{"en", "a"}}},
                                   {"contentType", "text/plain"},
                                   {"length", 1},
                                   {"sha2", std::string(64, 'a')}};
    body.as_object()["attachments"] = boost::json::array{attachment};
    CHECK(refusal(app.send("POST", "/xapi/statements", boost::json::serialize(body))) ==
          "400 attachment_without_file_url /attachments/0");
    attachment["fileUrl"] = "https://example.com/a.txt";
    body.as_object()["attachments"] = boost::json::array{attachment};
    CHECK(app.send("POST", "/xapi/statements", boost::json::serialize(body)).status == 200);
}

TEST_CASE("The authority of a statement is the key it came with, whatever the client says") {
    AppFixture app;
    CHECK(app.send("PUT", by_id, statement()).status == 204);
    const auto authority = json_of(app.send("GET", by_id).body).at("authority");
    CHECK(text(authority.at("objectType")) == "Agent");
    CHECK(text(authority.at("account").at("homePage")) == "https://leerspoor.local");
    CHECK(text(authority.at("account").at("name")) == "learner");
}

TEST_CASE("A store that is busy, full or broken is answered with 503 and when to try again") {
    AppFixture app;
    for (const std::string code : {"store_busy", "store_full", "store_failed", "store_closed"}) {
        app.store.refuse_puts = Error{code, "", "Not now."};
        const auto response = app.send("POST", "/xapi/statements", statement());
        CHECK(refusal(response) == "503 " + code);
        CHECK(header(response, "Retry-After") != "(none)");
    }
}

TEST_CASE("The request waits for a store that answers from its own thread") {
    AppFixture app;
    app.store.answer_from_a_thread = true;
    for (int i = 0; i < 20; ++i) CHECK(app.send("POST", "/xapi/statements", statement()).status == 200);
}

TEST_CASE("The alternate request syntax of 1.0.3 carries a request in a form") {
    AppFixture app;
    const Headers form = {{"Content-Type", "application/x-www-form-urlencoded"},
                          {"X-Experience-API-Version", "1.0.3"}};
    const auto content = http::percent_encode(statement());
    CHECK(
        app.send("POST", "/xapi/statements?method=PUT", "statementId=" + id_one + "&content=" + content, form)
            .status == 204);
    const auto page = app.send("POST", "/xapi/statements?method=GET", "limit=1", form);
    CHECK(page.status == 200);
    CHECK(json_of(page.body).at("statements").as_array().size() == 1);

    const std::string headers_in_form =
        "statementId=" + id_two + "&content=" + content +
        "&X-Experience-API-Version=1.0.3&Content-Type=application%2Fjson&Authorization=" +
        http::percent_encode(basic("learner", learner_secret));
    const auto bare = app.send_bare("POST", "/xapi/statements?method=PUT", headers_in_form,
                                    {{"Content-Type", "application/x-www-form-urlencoded"}});
    CHECK(bare.status == 204);
    CHECK(app.log_lines.back().find(" user=learner method=POST ") != std::string::npos);
}

TEST_CASE("A form of another site does nothing with the credentials that a browser keeps") {
    const auto content = http::percent_encode(statement());
    const auto send = [&](const Headers& more, const std::string& in_form = {}) {
        AppFixture app;
        Headers headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                           {"Host", "lrs.example.org:8443"},
                           {"Authorization", basic("learner", learner_secret)}};
        headers.insert(headers.end(), more.begin(), more.end());
        const auto form =
            "X-Experience-API-Version=1.0.3&statementId=" + id_one + "&content=" + content + in_form;
        return app.send_bare("POST", "/xapi/statements?method=PUT", form, headers).status;
    };
    const auto own = "&Authorization=" + http::percent_encode(basic("learner", learner_secret));
    CHECK(send({}) == 204);
    CHECK(send({{"Origin", "https://lrs.example.org:8443"}}) == 204);
    CHECK(send({{"Sec-Fetch-Site", "none"}}) == 204);
    for (const auto& foreign :
         {Headers{{"Origin", "https://evil.example.org"}}, Headers{{"Origin", "null"}},
          Headers{{"Sec-Fetch-Site", "cross-site"}}, Headers{{"Sec-Fetch-Site", "same-site"}}}) {
        CHECK(send(foreign) == 401);
        CHECK(send(foreign, own) == 204);
    }
}

TEST_CASE("A malformed alternate request is refused, and 2.0 knows none") {
    AppFixture app;
    const auto send = [&](const std::string& target, const std::string& body,
                          const std::string& version = "1.0.3") {
        return refusal(app.send(
            "POST", target, body,
            {{"Content-Type", "application/x-www-form-urlencoded"}, {"X-Experience-API-Version", version}}));
    };
    const auto content = "statementId=" + id_one + "&content=" + http::percent_encode(statement());
    CHECK(send("/xapi/statements?method=PUT&statementId=" + id_one, content) ==
          "400 alternate_request_invalid");
    CHECK(send("/xapi/statements?method=PUT", "statementId=" + id_one) == "400 alternate_request_invalid");
    CHECK(send("/xapi/statements?method=OPTIONS", content) == "400 alternate_request_invalid");
    CHECK(send("/xapi/statements?method=DELETE", content) == "405 method_not_allowed");
    CHECK(send("/xapi/statements?method=PUT", content + "&X-Experience-API-Version=0.8") ==
          "400 version_unsupported");
    CHECK(send("/xapi/statements?method=PUT", content + "&Authorization=Basic+eDp5") ==
          "401 credentials_invalid");
    CHECK(send("/xapi/statements?method=PUT", content, "2.0.0") == "400 query_parameter_unknown");
    CHECK(refusal(app.send("PUT", "/xapi/statements?method=POST", statement())) ==
          "400 query_parameter_unknown");
    CHECK(app.store.puts == 0);
}

namespace {

// A statement with an attachment of five bytes, as multipart/mixed with the boundary "b".
std::string with_attachment() {
    const std::string sha2 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"; // of "hello"
    auto text = statement(id_one);
    text.pop_back();
    text +=
        R"(,"attachments":[{"usageType":"http://example.com/u","display":{"en":"x"},"contentType":"text/plain",)"
        R"("length":5,"sha2":")" +
        sha2 + R"("}]})";
    return "--b\r\nContent-Type: application/json\r\n\r\n" + text +
           "\r\n--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n"
           "X-Experience-API-Hash: " +
           sha2 + "\r\n\r\nhello\r\n--b--\r\n";
}

const Headers multipart{{"Content-Type", "multipart/mixed; boundary=b"}};

} // namespace

TEST_CASE("What a key that was revoked meanwhile had begun to send is not stored") {
    AppFixture app;
    REQUIRE(app.send("POST", "/xapi/statements", with_attachment(), multipart).status == 200);
    const auto puts = app.store.puts;
    app.halfway = [&] { REQUIRE(app.keys->revoke("learner").has_value()); };
    const auto refused = app.send("POST", "/xapi/statements", with_attachment(), multipart);
    CHECK(refusal(refused) == "401 credentials_invalid");
    CHECK(app.store.puts == puts);
}

TEST_CASE("An attachment is given by itself, to be saved and not to be shown") {
    AppFixture app;
    REQUIRE(app.send("POST", "/xapi/statements", with_attachment(), multipart).status == 200);
    const auto statement =
        json_of(app.send("GET", "/xapi/statements").body).at("statements").as_array().front().as_object();
    const std::string path = "/api/v1/statements/" + text(statement.at("id")) + "/attachments/";
    const auto sha2 = text(statement.at("attachments").as_array().front().at("sha2"));
    const auto given = app.send("GET", path + sha2);
    CHECK(given.status == 200);
    CHECK(given.body == "hello");
    CHECK(header(given, "Content-Type") == "text/plain");
    CHECK(header(given, "Content-Disposition").starts_with("attachment; "));
    CHECK(header(given, "Content-Security-Policy") == "default-src 'none'; sandbox");
    CHECK(refusal(app.send("GET", path + "00")) == "404 attachment_unknown");
    CHECK(refusal(app.send("GET", "/api/v1/statements/none/attachments/" + sha2)) == "404 statement_unknown");
    app.store.damages_attachments = true;
    CHECK_THROWS_WITH(app.send("GET", path + sha2),
                      "The bytes of an attachment are not those that were stored.");
}

TEST_CASE("Bytes of an attachment that are not those that were stored are not sent to their end") {
    AppFixture app;
    REQUIRE(app.send("POST", "/xapi/statements", with_attachment(), multipart).status == 200);
    CHECK(app.send("GET", "/xapi/statements?attachments=true").body.find("\r\n\r\nhello\r\n--") !=
          std::string::npos);
    app.store.damages_attachments = true;
    CHECK_THROWS_WITH(app.send("GET", "/xapi/statements?attachments=true"),
                      "The bytes of an attachment are not those that were stored.");
}

TEST_CASE("With a certificate of the operator's own, browsers are told to stay with HTTPS") {
    AppFixture app;
    CHECK(header(app.send("GET", "/xapi/about"), "Strict-Transport-Security") == "(none)");
    app.settings.strict_transport = true;
    CHECK(header(app.send("GET", "/xapi/about"), "Strict-Transport-Security") == "max-age=31536000");
}

TEST_CASE("A body of any size is read, small ones and large ones, and refused by the same rules") {
    AppFixture app;
    const auto size = GENERATE(0u, 200'000u);
    auto large = statement(id_one);
    large.pop_back();
    const auto with = [&](const std::string& rest) {
        return large + R"(,"context":{"extensions":{"http://example.com/e":")" + std::string(size, 'x') +
               "\"}}" + rest + "}";
    };
    CHECK(app.send("POST", "/xapi/statements", with("")).status == 200);
    CHECK(refusal(app.send("POST", "/xapi/statements", with(R"(,"nonsense":1)"))) ==
          "400 property_unknown /nonsense");
    CHECK(json_of(app.send("GET", "/xapi/statements?statementId=" + id_one).body)
              .at("context")
              .at("extensions")
              .at("http://example.com/e")
              .as_string()
              .size() == size);
}

TEST_CASE("Bytes of an attachment are those that its statement names by their digest") {
    AppFixture app;
    auto other = with_attachment();
    other.replace(other.find("\r\n\r\nhello"), 9, "\r\n\r\nhullo");
    CHECK(refusal(app.send("POST", "/xapi/statements", other, multipart)) ==
          "400 attachment_hash /attachments/0");
    auto unknown = with_attachment();
    const auto header = unknown.find("X-Experience-API-Hash: ");
    unknown[header + 23] = '3';
    CHECK(refusal(app.send("POST", "/xapi/statements", unknown, multipart))
              .starts_with("400 attachment_unexpected"));
    CHECK(app.store.puts == 0);
    CHECK(app.store.attachments() == 0);
}

TEST_CASE(
    "Where deeper nesting is allowed, what is nested so is stored, compared and given back in every format") {
    AppFixture app;
    app.settings.max_json_depth = 512;
    auto deep = statement(id_one);
    deep.pop_back();
    deep += R"(,"context":{"extensions":{"http://example.com/e":)" + std::string(500, '[') +
            std::string(500, ']') + "}}}";
    CHECK(app.send("POST", "/xapi/statements", deep).status == 200);
    CHECK(app.send("POST", "/xapi/statements", deep).status == 200);
    CHECK(refusal(app.send("POST", "/xapi/statements", statement(id_one))) == "409 statement_conflict /0");
    for (const std::string format : {"exact", "ids", "canonical"}) {
        const auto page = app.send("GET", "/xapi/statements?format=" + format);
        CHECK(page.status == 200);
        CHECK(page.body.find(std::string(500, '[')) != std::string::npos);
    }
    CHECK(app.send("GET", "/xapi/statements?attachments=true").status == 200);
}

// Signed statements (xAPI 1.0.3 Part Two 2.6; IEEE 9274.1.1 4.2.6).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/multipart.hpp"
#include "conformance/probe/signing.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

constexpr const char* usage = "http://adlnet.gov/expapi/attachments/signature";

// The statement with the signature beside it.
Call signed_call(json::object statement, const std::string& signature,
                 std::string_view content_type = "application/octet-stream") {
    auto attachment = attachment_of(signature, content_type);
    attachment["usageType"] = usage;
    statement["attachments"] = json::array{attachment};
    return post("/statements")
        .body(multipart_type(),
              multipart_body({statement_part(statement), attachment_part(signature, content_type)}));
}

json::object to_sign() {
    return plain().with_id(new_uuid()).statement();
}

void refuses(Context& c, const Call& call, std::string_view why) {
    c.expect_status(c.send(call), 400, why);
}

void needs_the_type(Context& c) {
    const auto statement = to_sign();
    const Jws jws{jws_header("RS256"), json::serialize(statement)};
    c.expect_status(c.send(signed_call(statement, jws.sign())), 200, "a signed statement");
    refuses(c, signed_call(statement, jws.sign(), "text/plain"), "a signature is application/octet-stream");
    refuses(c, signed_call(statement, "not a signature"), "a signature is a JWS");
    refuses(c, signed_call(statement, "a.b.c"), "a JWS has parts that can be read");
}

void needs_the_statement(Context& c) {
    const auto statement = to_sign();
    const auto text = json::serialize(statement);
    refuses(c, signed_call(statement, Jws{jws_header("RS256"), text.substr(0, text.size() - 1)}.sign()),
            "the payload is not JSON");
    auto another = statement;
    another["verb"].as_object()["id"] = "http://example.com/verbs/passed";
    refuses(c, signed_call(another, Jws{jws_header("RS256"), text}.sign()),
            "the payload is another statement");
    refuses(c, signed_call(statement, Jws{jws_header("RS256"), "{}"}.sign()), "the payload is no statement");
}

void needs_an_algorithm(Context& c) {
    for (const auto* algorithm : {"RS256", "RS384", "RS512"}) {
        const auto statement = to_sign();
        const Jws jws{jws_header(algorithm), json::serialize(statement)};
        c.expect_status(c.send(signed_call(statement, jws.sign())), 200,
                        std::string(algorithm) + " is allowed");
    }
    for (const auto* algorithm : {"HS256", "ES256", "none", "rs256"}) {
        const auto statement = to_sign();
        const Jws jws{jws_header(algorithm), json::serialize(statement)};
        refuses(c, signed_call(statement, jws.sign()), std::string(algorithm) + " is not allowed");
    }
    // With the certificate at hand the signature itself can be judged.
    const auto statement = to_sign();
    const auto text = json::serialize(statement);
    const auto whole = Jws{jws_header("RS256", true), text}.sign();
    c.expect_status(c.send(signed_call(statement, whole)), 200, "the certificate's key made the signature");
    const auto other = Jws{jws_header("RS256", true), text + " "}.sign();
    const auto forged = whole.substr(0, whole.rfind('.')) + other.substr(other.rfind('.'));
    refuses(c, signed_call(to_sign(), forged), "this signature was made for other bytes");
    refuses(c, signed_call(statement, forged), "this signature was made for other bytes");
}

void durations_as_compared(Context& c) {
    auto statement = to_sign();
    statement["result"] = {{"duration", "P1DT12H36M0.12S"}};
    const auto signature = Jws{jws_header("RS256"), json::serialize(statement)}.sign();
    statement["result"] = {{"duration", "P1DT12H36M0.12567S"}};
    c.expect_status(c.send(signed_call(statement, signature)), 200,
                    "beyond 0.01 s durations are not compared");
}

} // namespace

Requirements signatures() {
    const Clauses clauses{"Part Two 2.6", "4.2.6"};
    return {
        {"XAPI-00115", "A signature is a JWS in an attachment of application/octet-stream", clauses,
         needs_the_type},
        {"XAPI-00116", "A signature's payload is the statement", clauses, needs_the_statement},
        {"XAPI-00117", "A signature is made with RS256, RS384 or RS512, and rightly", clauses,
         needs_an_algorithm},
        {"IEEE-4.2.7-4",
         "A signature's duration is compared to 0.01 s",
         {"", "4.2.7"},
         durations_as_compared},
    };
}

} // namespace leerspoor::conformance::checks

// Attachments: what a statement says of them, and how their bytes travel (xAPI 1.0.3 Part Two 2.4.11, Part
// Three 1.5; IEEE 9274.1.1 4.1.3, 4.2.2.6).
#include "conformance/checks/groups.hpp"
#include "conformance/probe/context.hpp"
#include "conformance/probe/multipart.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::conformance::checks {
namespace {

constexpr std::string_view essay = "Why a ladder should lean, not stand.\n";

Draft with_essay(std::string_view content = essay) {
    return plain().with("/attachments", json::array{attachment_of(content)});
}

Call upload(const std::vector<Part>& parts, const std::string& type = multipart_type()) {
    return post("/statements").body(type, multipart_body(parts));
}

void refuses(Context& c, const Call& call, std::string_view why) {
    c.expect_status(c.send(call), 400, why);
}

void accepted(Context& c, const Call& call, std::string_view why) {
    c.expect_status(c.send(call), 200, why);
}

Requirement property(std::string id, std::string_view name, std::string_view kind, bool needed,
                     std::vector<Change> wrong) {
    const auto at = "/attachments/0/" + std::string(name);
    if (needed) wrong.push_back(drop(""));
    return {std::move(id),
            "An attachment's " + std::string(name) + " is " + std::string(kind),
            {"Part Two 2.4.11", "4.2.2.6"},
            [at, wrong = std::move(wrong)](Context& c) {
                c.accepts(with_file_url());
                c.refuses({{with_file_url(), at}}, wrong);
            }};
}

void other_types(Context& c) {
    const auto statement = json::serialize(plain().statement());
    for (const auto* type :
         {"text/plain", "application/xml", "multipart/form-data; boundary=x", "application/octet-stream"}) {
        refuses(c, post("/statements").body(type, statement), "a type that statements do not come in");
        const auto id = new_uuid();
        refuses(c, put("/statements").param("statementId", id).body(type, statement),
                "a type that statements do not come in");
    }
    accepted(c, post("/statements").body("application/json; charset=utf-8", statement),
             "application/json with a parameter");
}

void surplus_parts(Context& c) {
    refuses(c,
            upload({statement_part(with_essay().statement()), attachment_part(essay),
                    attachment_part("another one")}),
            "no statement has the last part's attachment");
    refuses(c, upload({statement_part(plain().statement()), attachment_part(essay)}),
            "the statement has no attachment");
}

void missing_parts(Context& c) {
    refuses(c, post("/statements").body(with_essay().statement()),
            "the bytes are neither here nor elsewhere");
    refuses(c, upload({statement_part(with_essay().statement())}), "the attachment's part is missing");
    accepted(c, upload({statement_part(with_essay().statement()), attachment_part(essay)}),
             "statement and attachment");
    const auto shared = json::array{with_essay().statement(), with_essay().statement()};
    accepted(c, upload({statement_part(shared), attachment_part(essay)}), "one part for two statements");
}

void no_delimiters(Context& c) {
    const auto text = json::serialize(with_essay().statement());
    refuses(c, post("/statements").body(multipart_type(), "Content-Type: application/json\r\n\r\n" + text),
            "no boundary before the parts");
    const auto body = multipart_body({statement_part(with_essay().statement()), attachment_part(essay)});
    refuses(c, post("/statements").body("multipart/mixed; boundary=another", body),
            "the parts have another boundary");
    refuses(c, post("/statements").body(multipart_type(), body.substr(0, body.size() / 2)),
            "the last boundary is missing");
}

void no_boundary(Context& c) {
    const auto body = multipart_body({statement_part(with_essay().statement()), attachment_part(essay)});
    refuses(c, post("/statements").body("multipart/mixed", body), "the Content-Type names no boundary");
    refuses(c, post("/statements").body("multipart/mixed; boundary=", body), "the boundary is empty");
}

void wrong_hash(Context& c) {
    const auto statement = statement_part(with_essay().statement());
    const auto part = attachment_part(essay);
    refuses(c, upload({statement, part.without("X-Experience-API-Hash")}), "the part has no hash");
    refuses(c, upload({statement, part.with("X-Experience-API-Hash", sha2("another"))}),
            "the part has another hash");
    auto changed = part;
    changed.content += "!";
    refuses(c, upload({statement, changed}), "the bytes do not have the hash that they claim");
}

void first_part_only(Context& c) {
    const auto first = statement_part(with_essay().statement());
    const auto second = statement_part(with_essay().statement());
    refuses(c, upload({first, second, attachment_part(essay)}), "statements in a second part");
    refuses(c, upload({attachment_part(essay), first}), "the statements are not in the first part");
}

void first_part_type(Context& c) {
    const auto part = statement_part(with_essay().statement());
    refuses(c, upload({part.with("Content-Type", "text/plain"), attachment_part(essay)}),
            "the first part is no JSON");
    refuses(c, upload({part.without("Content-Type"), attachment_part(essay)}), "the first part has no type");
}

void transfer_encoding(Context& c) {
    const auto statement = statement_part(with_essay().statement());
    const auto part = attachment_part(essay);
    refuses(c, upload({statement, part.with("Content-Transfer-Encoding", "base64")}),
            "attachments are sent as binary");
    accepted(c, upload({statement, part.with("Content-Transfer-Encoding", "binary")}), "binary");
}

void comes_back(Context& c) {
    const std::string bytes("any\0bytes\r\n--\xff\r\n", 16);
    const auto draft = with_essay(bytes).with_id(new_uuid());
    const std::string id(draft.find("/id")->get_string().c_str());
    const auto posted = c.send(upload({statement_part(draft.statement()), attachment_part(bytes)}));
    c.require_status(posted, 200, "a statement with an attachment");
    auto call = get("/statements").param("statementId", id).param("attachments", "true");
    const auto answer = c.send_until(call, [](const Answer& got) { return got.status == 200; });
    const auto parts = read_multipart(answer.field("Content-Type"), answer.body);
    c.require(answer, parts && parts->size() == 2,
              "multipart/mixed of two parts: the statement and the attachment");
    c.expect(answer,
             find_field((*parts)[0].fields, "Content-Type").value_or("").starts_with("application/json"),
             "application/json first");
    c.expect(answer, (*parts)[1].content == bytes, "the bytes as they were sent");
    c.expect(answer, find_field((*parts)[1].fields, "X-Experience-API-Hash") == sha2(bytes),
             "their hash with them");
    c.expect(answer, find_field((*parts)[1].fields, "Content-Transfer-Encoding") == "binary",
             "sent as binary");
}

} // namespace

Requirements attachments() {
    const Clauses data{"Part Two 2.4.11", "4.2.2.6"};
    const Clauses json_type{"Part Three 1.5.1", "4.1.3"};
    const Clauses mixed{"Part Three 1.5.2", "4.1.3"};
    return {
        property("XAPI-00102", "length", "a whole number", true,
                 {set("", "27"), set("", 2.5), set("", true)}),
        property("XAPI-00103", "sha2", "the digits of a hash", true,
                 {set("", 7), set("", "not a hash"), set("", json::object{})}),
        property("XAPI-00104", "fileUrl", "an IRL", false,
                 {set("", "a file"), set("", 7), set("", json::object{})}),
        property("XAPI-00105", "contentType", "an Internet media type", true,
                 {set("", 7), set("", "a photo"), set("", json::object{})}),
        property("XAPI-00106", "display", "a language map", true,
                 {set("", "a photo"), set("", 7), set("", {{"a12345678", "a photo"}}), set("", {{"en", 7}})}),
        property("XAPI-00107", "usageType", "an IRI", true,
                 {set("", "a photo"), set("", 7), set("", json::object{})}),
        {"XAPI-00127", "Statements come as application/json or multipart/mixed only", json_type, other_types},
        {"XAPI-00128", "Parts that are no attachment of any statement are refused", json_type, surplus_parts},
        {"XAPI-00129", "Attachments without bytes and without fileUrl are refused", json_type, missing_parts},
        {"XAPI-00130", "Each part begins with the boundary", mixed, no_delimiters},
        {"XAPI-00131", "multipart/mixed names its boundary", mixed, no_boundary},
        {"XAPI-00132", "Each attachment's part has the hash of an attachment, and the bytes to it", mixed,
         wrong_hash},
        {"XAPI-00133", "All statements are in the first part", mixed, first_part_only},
        {"XAPI-00134", "The first part is application/json", mixed, first_part_type},
        {"XAPI-00135", "Attachments are not sent in another transfer encoding than binary", mixed,
         transfer_encoding},
        {"XAPI-00167",
         "With attachments=true the attachments come along, in multipart/mixed",
         {"Part Three 2.1.3", "4.1.6.1"},
         comes_back},
        {"IEEE-4.1.3-1",
         "Attachments that are elsewhere need no parts, in either type",
         {"", "4.1.3"},
         [](Context& c) {
             c.accepts(with_file_url());
             accepted(c, upload({statement_part(with_file_url().statement())}),
                      "all attachments have a fileUrl");
         }},
        {"IEEE-4.1.3-2",
         "multipart/mixed may hold statements without attachments",
         {"", "4.1.3"},
         [](Context& c) {
             accepted(c, upload({statement_part(plain().statement())}), "a statement in multipart/mixed");
         }},
    };
}

} // namespace leerspoor::conformance::checks

// Attachments over the wire (xAPI 1.0.3 Part Three 1.5.2; IEEE 9274.1.1 4.1.3): in, kept, out, and refused
// without a trace. And what versions see of each other.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include "spec/base/sha2.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace {

using namespace leerspoor::tests;
namespace json = boost::json;

std::string sha2(std::string_view bytes) {
    leerspoor::spec::Sha2 digest(256);
    digest.update(bytes);
    return digest.finish();
}

json::object with_attachment(std::string_view bytes, const std::string& type = "text/plain") {
    auto value = object_in(statement({}));
    value["attachments"] = {json::object{{"usageType", "http://example.com/usage"},
                                         {"display", {{"nl", "bijlage"}}},
                                         {"contentType", type},
                                         {"length", bytes.size()},
                                         {"sha2", sha2(bytes)}}};
    return value;
}

std::string part(const std::string& fields, std::string_view content) {
    std::string text = "\r\n--x y\r\n" + fields + "\r\n\r\n";
    return text.append(content);
}

std::string attached(std::string_view bytes) {
    return part("Content-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: " +
                    sha2(bytes),
                bytes);
}

std::string first(const json::value& body) {
    return "ignored preamble" + part("Content-Type: application/json", json::serialize(body));
}

HttpResponse send(LrsClient& lrs, const std::string& body) {
    return lrs.request("POST", "/xapi/statements", body,
                       {{"Content-Type", "multipart/mixed; boundary=\"x y\""}});
}

const std::string end = "\r\n--x y--\r\nignored epilogue";

std::size_t files_below(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        count += entry.is_regular_file() ? 1 : 0;
    return count;
}

} // namespace

TEST_CASE("An attachment that several statements share comes once and goes once, byte by byte") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const std::string bytes("line\r\n--x\r\n\0\xff end", 18);
    const ServerProcess server({.data = data});
    LrsClient lrs(server);
    const json::array batch{with_attachment(bytes), with_attachment(bytes)};
    REQUIRE(send(lrs, first(batch) + attached(bytes) + end).status == 200);
    CHECK(files_below(data / "attachments") == 1);

    const auto page = lrs.get("attachments=true");
    CHECK(page.field("Content-Type").starts_with("multipart/mixed; boundary="));
    const auto begin = page.body.find("X-Experience-API-Hash: " + sha2(bytes));
    REQUIRE(begin != std::string::npos);
    CHECK(page.body.find("X-Experience-API-Hash", begin + 1) == std::string::npos);
    const auto content = page.body.find("\r\n\r\n", begin) + 4;
    CHECK(page.body.substr(content, bytes.size()) == bytes);
    CHECK(page.body.compare(content + bytes.size(), 4, "\r\n--") == 0);
    CHECK(lrs.get("").field("Content-Type") == "application/json");
}

TEST_CASE("Parts that do not fit the statements are refused, and nothing is stored") {
    const TemporaryFolder folder;
    const auto data = folder.path() / "data";
    const ServerProcess server({.data = data});
    LrsClient lrs(server);
    const std::string bytes = "the bytes";
    const json::array batch{with_attachment(bytes)};
    const auto refused = [&](const std::string& body) {
        const auto answer = send(lrs, body);
        CHECK(answer.status == 400);
        const auto pointer = std::string(object_in(answer.body).at("pointer").get_string());
        return code_of(answer) + (pointer.empty() ? "" : " " + pointer);
    };
    const auto hash = "X-Experience-API-Hash: " + sha2(bytes);
    CHECK(refused(first(batch) + end) == "attachment_missing /0/attachments/0");
    CHECK(refused(first(batch) + attached(bytes) + attached("more") + end) == "attachment_unexpected");
    CHECK(refused(first(batch) + attached(bytes) + attached(bytes) + end) ==
          "attachment_repeated /0/attachments/0");
    CHECK(refused(first(batch) + part("Content-Type: text/plain", bytes) + end) == "attachment_hash_missing");
    CHECK(refused(first(batch) + part(hash, "other bytes") + end) == "attachment_hash /0/attachments/0");
    CHECK(refused(first(batch) + part(hash + "\r\nContent-Transfer-Encoding: base64", bytes) + end) ==
          "attachment_encoding /0/attachments/0");
    CHECK(refused(first(batch) + part(hash + "\r\nContent-Type: image/png", bytes) + end) ==
          "attachment_content_type /0/attachments/0");
    CHECK(refused(first(batch) + attached(bytes)) == "multipart_incomplete");
    CHECK(refused(attached(bytes) + first(batch) + end) == "multipart_first_part");
    CHECK(refused(end) == "multipart_first_part");
    CHECK(lrs.ids("").empty());
    CHECK(files_below(data / "attachments") == 0);
}

TEST_CASE("A large attachment costs the server no memory to speak of") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient lrs(server);
    const auto peak = [&] {
        std::ifstream status("/proc/" + std::to_string(server.pid()) + "/status");
        for (std::string line; std::getline(status, line);) {
            if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6));
        }
        return 0ul;
    };
    const auto before = peak();
    REQUIRE(before > 0);
    const std::string bytes(128u << 20, 'a');
    REQUIRE(send(lrs, first(json::array{with_attachment(bytes)}) + attached(bytes) + end).status == 200);
    const auto answer = lrs.get("attachments=true");
    CHECK(answer.body.size() > bytes.size());
    CHECK(answer.body.find(bytes) != std::string::npos);
    CHECK(peak() - before < 16u << 10); // KiB
}

TEST_CASE("A 1.0.3 client gets a statement of 2.0 as it was accepted, and finds it by 2.0's agents") {
    const TemporaryFolder folder;
    const ServerProcess server({.data = folder.path() / "data"});
    LrsClient old(server);
    LrsClient recent(server, {.version = "2.0.0"});
    auto value = object_in(statement({}));
    value["context"] = json::parse(R"({"contextAgents":[{"objectType":"contextAgent",
        "agent":{"mbox":"mailto:coach@example.com"},"relevantTypes":["http://example.com/coach"]}]})");
    const auto posted = recent.post(json::serialize(value));
    REQUIRE(posted.status == 200);
    const auto id = ids_in(posted.body).front();
    const auto seen = object_in(old.get_id(id).body);
    CHECK(seen == object_in(recent.get_id(id).body));
    CHECK(seen.at("version").get_string() == "2.0.0");
    CHECK(seen.at("context") == value.at("context"));
    const auto coach = percent_encode(R"({"mbox":"mailto:coach@example.com"})");
    CHECK(old.ids("related_agents=true&agent=" + coach).size() == 1);
}

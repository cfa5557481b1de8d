#include "spec/multipart.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct ReadPart {
    Fields fields;
    std::string content;

    bool operator==(const ReadPart&) const = default;
};

// What a body comes to.
struct Outcome {
    std::vector<ReadPart> parts;
    std::string error; // the code, if there was one

    bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    out << outcome.error;
    for (const auto& part : outcome.parts) out << "[" << part.fields.size() << "|" << part.content << "]";
    return out;
}

constexpr std::size_t header_limit = 128;
constexpr std::size_t part_limit = 4;

// Fed in the pieces that end at `cuts`.
Outcome read(std::string_view body, const std::vector<std::size_t>& cuts = {},
             const std::string& boundary = "bound") {
    using Kind = PartEvent::Kind;
    MultipartReader reader(boundary, header_limit, part_limit);
    Outcome outcome;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= cuts.size(); ++i) {
        const std::size_t end = i == cuts.size() ? body.size() : cuts[i];
        const std::string piece(body.substr(begin, end - begin));
        begin = end;
        reader.feed(piece);
        for (;;) {
            const auto event = reader.next();
            if (!event.has_value()) {
                outcome.error = event.error().code;
                return outcome;
            }
            if (event->kind == Kind::end) return outcome;
            if (event->kind == Kind::need_more) break;
            if (event->kind == Kind::header) outcome.parts.push_back({reader.header().fields, {}});
            if (event->kind == Kind::content) outcome.parts.back().content += event->content;
        }
    }
    const auto whole = reader.finish();
    if (!whole.has_value()) outcome.error = whole.error().code;
    return outcome;
}

std::vector<std::size_t> every_byte(std::string_view body) {
    std::vector<std::size_t> cuts;
    for (std::size_t i = 1; i < body.size(); ++i) cuts.push_back(i);
    return cuts;
}

// The same in one piece, byte by byte, and cut in two anywhere.
Outcome read_in_all_ways(std::string_view body) {
    const Outcome whole = read(body);
    CHECK(read(body, every_byte(body)) == whole);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        const Outcome cut_in_two = read(body, {cut});
        if (cut_in_two == whole) continue;
        INFO("cut at " << cut);
        CHECK(cut_in_two == whole);
    }
    return whole;
}

std::string error_of(std::string_view body) {
    return read_in_all_ways(body).error;
}

std::string boundary_error(std::string_view content_type) {
    const auto boundary = multipart_boundary(content_type);
    return boundary.has_value() ? "" : boundary.error().code;
}

} // namespace

TEST_CASE("A boundary may be quoted or not, anywhere among the parameters, in any case") {
    for (const auto* type :
         {"multipart/mixed;boundary=b-1", "multipart/mixed; boundary=\"b-1\"",
          "Multipart/MIXED ; charset=utf-8; BOUNDARY=b-1", "multipart/mixed; boundary=b-1; x=\"a;b\"",
          "multipart/mixed; x=\"boundary=no; \\\"\"; boundary=b-1;",
          "multipart/mixed;; boundary=\"b\\-1\""}) {
        const auto boundary = multipart_boundary(type);
        INFO(type);
        REQUIRE(boundary.has_value());
        CHECK(*boundary == "b-1");
    }
    CHECK(*multipart_boundary("multipart/mixed; boundary=----=_Part_1.2") == "----=_Part_1.2");
    CHECK(*multipart_boundary("multipart/mixed; boundary=\"a b'()+_,-./:=?c\"") == "a b'()+_,-./:=?c");
}

TEST_CASE("A boundary that RFC 2046 does not allow is refused, and so is none or two") {
    for (const std::string type :
         {"multipart/mixed", "multipart/mixed;", "multipart/mixed; boundary",
          "multipart/mixed; boundary=", "multipart/mixed; boundary=\"\"", "multipart/mixed; boundary=\"open",
          "multipart/mixed; boundary=a b", "multipart/mixed; boundary=\"a \"",
          "multipart/mixed; boundary=a*b", "multipart/mixed; boundary=\"\\",
          "multipart/mixed; boundary=a; boundary=b", "multipart/mixed; boundary=\xc3\xa9",
          "multipart/mixed; boundary=\"a\"b"}) {
        INFO(type);
        CHECK(boundary_error(type) == "multipart_boundary");
    }
    const std::string type = "multipart/mixed; boundary=";
    CHECK(boundary_error(type + std::string(70, 'x')).empty());
    CHECK(boundary_error(type + std::string(71, 'x')) == "multipart_boundary");
}

TEST_CASE("Another media type is no multipart/mixed") {
    for (const auto* type : {"", "application/json", "multipart/form-data; boundary=x", "multipart/mixedx",
                             "multipart/mixe", "multipart"}) {
        INFO(type);
        CHECK(boundary_error(type) == "multipart_type");
    }
}

TEST_CASE("Parts are told with their header fields and their bytes as they are") {
    const auto outcome = read_in_all_ways("--bound\r\nContent-Type: application/json\r\nX-A:\t b c \r\n\r\n"
                                          "{\"a\":\n1}\r\n--bound\r\nContent-Type:x/y\r\n\r\n"
                                          "\r\nline\r\n\r\n--bound--\r\n");
    CHECK(outcome == Outcome{{{{{"Content-Type", "application/json"}, {"X-A", "b c"}}, "{\"a\":\n1}"},
                              {{{"Content-Type", "x/y"}}, "\r\nline\r\n"}},
                             ""});
}

TEST_CASE("A header field is found in any case") {
    PartHeader header;
    header.fields = {{"Content-Type", "x/y"}, {"X-Experience-API-Hash", "abc"}};
    CHECK(header.find("content-type") == "x/y");
    CHECK(header.find("x-experience-api-hash") == "abc");
    CHECK_FALSE(header.find("Content-Typ").has_value());
}

TEST_CASE("What stands before the first boundary line and after the last one is passed over") {
    const Outcome expected{{{{}, "x"}}, ""};
    for (const std::string before : {"", "\r\n", "a preamble\r\n", "--boun\r\n--other\r\n", "--\r\n\r\n"}) {
        for (const std::string after :
             {"", "\r\n", "  \r\nan epilogue", "\r\n--bound\r\nno: part\r\n\r\n\r\n--bound--"}) {
            INFO(before << "..." << after);
            CHECK(read_in_all_ways(before + "--bound\r\n\r\nx\r\n--bound--" + after) == expected);
        }
    }
}

TEST_CASE("Blanks after a boundary are passed over, up to the limit of a header") {
    CHECK(read_in_all_ways("--bound \t \r\n\r\nx\r\n--bound\t\r\n\r\ny\r\n--bound-- ") ==
          Outcome{{{{}, "x"}, {{}, "y"}}, ""});
    const auto padded = [](std::size_t blanks) {
        return "--bound" + std::string(blanks, ' ') + "\r\n\r\nx\r\n--bound--";
    };
    CHECK(error_of(padded(header_limit)).empty());
    CHECK(error_of(padded(header_limit + 1)) == "multipart_header");
}

TEST_CASE("A part may have no header fields, no bytes, or neither") {
    CHECK(read_in_all_ways("--bound\r\n\r\nx\r\n--bound--") == Outcome{{{{}, "x"}}, ""});
    CHECK(read_in_all_ways("--bound\r\nA: b\r\n\r\n\r\n--bound--") == Outcome{{{{{"A", "b"}}, ""}}, ""});
    CHECK(read_in_all_ways("--bound\r\nA: b\r\n\r\n--bound--") == Outcome{{{{{"A", "b"}}, ""}}, ""});
    CHECK(read_in_all_ways("--bound\r\n\r\n--bound\r\n\r\n\r\n--bound--") ==
          Outcome{{{{}, ""}, {{}, ""}}, ""});
    CHECK(read_in_all_ways("--bound\r\nA:\r\n\r\nx\r\n--bound--") == Outcome{{{{{"A", ""}}, "x"}}, ""});
    CHECK(read_in_all_ways("--bound--") == Outcome{});
}

TEST_CASE("What only looks like a boundary belongs to the content") {
    for (const std::string content :
         {"--bound", "a--bound--", "\n--bound\n", "\r--bound\r", "\r\n--boun", "\r\n-bound", "\r\n --bound",
          "\r\r\n\r\n-", "\r\n--Bound\r\n", "\r", "\r\n", "\r\n\r\n\r\n-\r\n--", "x\r\n--boun\r\n--boun"}) {
        INFO(content);
        // A text that begins with the boundary would be one behind the empty line's end.
        const std::string safe = "=" + content;
        CHECK(read_in_all_ways("--bound\r\n\r\n" + safe + "\r\n--bound--") == Outcome{{{{}, safe}}, ""});
    }
}

TEST_CASE("Lines end with CRLF: a bare LF or CR is refused") {
    CHECK(error_of("--bound\n\nx\n--bound--") == "multipart_header");
    CHECK(error_of("--bound\r\r\nx") == "multipart_header");
    CHECK(error_of("--bound\r\nA: b\nC: d\r\n\r\nx\r\n--bound--") == "multipart_header");
    CHECK(error_of("--bound\r\nA: b\rC: d\r\n\r\nx\r\n--bound--") == "multipart_header");
    CHECK(error_of("--bound\r\n\r\nx\n--bound--\n") == "multipart_incomplete");
}

TEST_CASE("A boundary line holds nothing but its boundary") {
    CHECK(error_of("--boundary\r\n\r\nx\r\n--bound--") == "multipart_header");
    CHECK(error_of("--bound x\r\n\r\nx\r\n--bound--") == "multipart_header");
    CHECK(error_of("--bound\r\n\r\nx\r\n--bound-\r\n") == "multipart_header");
    CHECK(error_of("--bound\r\n\r\nx\r\n--bounds\r\n") == "multipart_header");
}

TEST_CASE("A header field is a name, a colon and a value on one line, once") {
    for (const std::string field :
         {"no colon", ": no name", "blank : x", " A: folded", "A: b\r\n folded", "A: b\r\n\tfolded", "(A): b",
          "A: b\r\na: c", "\xc3\xa9: b", "A: b\x7f"}) {
        INFO(field);
        CHECK(error_of("--bound\r\n" + field + "\r\n\r\nx\r\n--bound--") == "multipart_header");
    }
    CHECK(error_of(std::string("--bound\r\nA: b\0c\r\n\r\nx\r\n--bound--", 31)) == "multipart_header");
}

TEST_CASE("The header of a part has a limit, in bytes and in fields") {
    const auto with_header = [](std::size_t bytes) {
        return "--bound\r\nA: " + std::string(bytes - 5, 'b') + "\r\n\r\nx\r\n--bound--";
    };
    CHECK(error_of(with_header(header_limit)).empty());
    CHECK(error_of(with_header(header_limit + 1)) == "multipart_header_too_large");
    CHECK(error_of("--bound\r\nA: " + std::string(header_limit, 'b')) == "multipart_header_too_large");

    const auto with_fields = [](std::size_t count) {
        std::string body = "--b\r\n";
        for (std::size_t i = 0; i < count; ++i) body += "f" + std::to_string(i) + ": x\r\n";
        MultipartReader reader("b");
        reader.feed(body + "\r\nx\r\n--b--");
        const auto event = reader.next();
        return event.has_value() ? "" : event.error().code;
    };
    CHECK(with_fields(64).empty());
    CHECK(with_fields(65) == "multipart_header_too_large");
}

TEST_CASE("The number of parts has a limit") {
    std::string body;
    for (std::size_t i = 0; i < part_limit; ++i) body += "--bound\r\n\r\nx\r\n";
    CHECK(error_of(body + "--bound--").empty());
    CHECK(error_of(body + "--bound\r\n\r\nx\r\n--bound--") == "multipart_too_many_parts");
}

TEST_CASE("A body that ends before its closing boundary line is not whole") {
    const std::string body = "--bound\r\nA: b\r\n\r\nx\r\n--bound--";
    for (std::size_t size = 0; size < body.size(); ++size) {
        INFO(body.substr(0, size));
        CHECK(read(body.substr(0, size)).error == "multipart_incomplete");
    }
    CHECK(read("").error == "multipart_incomplete");
}

TEST_CASE("Content is handed out as it comes, but for what may begin a boundary") {
    MultipartReader reader("bound");
    reader.feed("--bound\r\n\r\n");
    CHECK(reader.next()->kind == PartEvent::Kind::header);
    const std::string piece(1u << 20, 'x');
    for (int i = 0; i < 3; ++i) {
        CHECK(reader.next()->kind == PartEvent::Kind::need_more);
        reader.feed(piece);
        const auto event = reader.next();
        REQUIRE(event->kind == PartEvent::Kind::content);
        CHECK(event->content.size() == piece.size());
    }
    CHECK(reader.next()->kind == PartEvent::Kind::need_more);
    reader.feed("y\r\n--boun");
    CHECK(reader.next()->content == "y");
    CHECK(reader.next()->kind == PartEvent::Kind::need_more);
    reader.feed("d--");
    CHECK(reader.next()->kind == PartEvent::Kind::part_end);
    CHECK(reader.next()->kind == PartEvent::Kind::end);
    CHECK(reader.finish().has_value());
}

TEST_CASE("Random parts come back as they were put together, however the body is cut") {
    constexpr unsigned seed = 20260801;
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const std::vector<std::string> pieces{"\r",     "\n",    "\r\n",   "-", "--",
                                          "\r\n--", "bound", "--boun", "x", "\0"};
    for (int round = 0; round < 2000; ++round) {
        Outcome expected;
        std::string body = below(2) == 0 ? "" : "preamble\r\n";
        for (std::size_t part = below(part_limit + 1); part > 0; --part) {
            std::string content;
            for (std::size_t i = below(12); i > 0; --i) content += pieces[below(pieces.size())];
            if (("\r\n" + content + "\r").find("\r\n--bound") != std::string::npos) content = "tame";
            Fields fields;
            if (below(2) == 0) fields.emplace_back("Content-Type", "a/b");
            body += "--bound\r\n";
            for (const auto& [name, value] : fields)
                body.append(name).append(": ").append(value).append("\r\n");
            body.append("\r\n").append(content).append("\r\n");
            expected.parts.push_back({std::move(fields), std::move(content)});
        }
        body += "--bound--";
        std::vector<std::size_t> cuts;
        for (std::size_t i = below(6); i > 0; --i) cuts.push_back(below(body.size() + 1));
        std::sort(cuts.begin(), cuts.end());
        INFO("seed " << seed << ", round " << round << ": " << body);
        REQUIRE(read(body, cuts) == expected);
        REQUIRE(read(body, every_byte(body)) == expected);
    }
}

TEST_CASE("Random damage to a body gives the same however it is cut") {
    constexpr unsigned seed = 20260802;
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const std::string good =
        "pre\r\n--bound \r\nA: b\r\nC: d\r\n\r\nx\r\n--boun\r\n--bound\r\n\r\n\r\n--bound--\r\n";
    const std::string bytes("\r\n-: bx\t\0", 9);
    for (int round = 0; round < 5000; ++round) {
        std::string body = good;
        for (std::size_t i = 1 + below(3); i > 0; --i) {
            const auto at = below(body.size());
            if (below(2) == 0) {
                body.erase(at, 1 + below(4));
            } else {
                body.insert(at, 1, bytes[below(bytes.size())]);
            }
            if (body.empty()) body = "x";
        }
        INFO("seed " << seed << ", round " << round << ": " << body);
        const Outcome whole = read(body);
        REQUIRE(read(body, every_byte(body)) == whole);
        REQUIRE(read(body, {below(body.size() + 1)}) == whole);
    }
}

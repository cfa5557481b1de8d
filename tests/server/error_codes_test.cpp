// The table of error codes, held against the sources and against its page.
#include "server/app/error_codes.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace leerspoor;

namespace {

const std::filesystem::path root = std::filesystem::path(LEERSPOOR_TESTS_DIR).parent_path();

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// All of the product's sources but the table itself.
const std::string& sources() {
    static const std::string all = [] {
        std::string texts;
        for (const std::string room : {"spec", "storage", "server"}) {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(root / room)) {
                const auto& path = entry.path();
                if (path.extension() == ".cpp" && path.filename() != "error_codes.cpp")
                    texts += text_of(path);
            }
        }
        return texts;
    }();
    return all;
}

// Every code that they give an error, by the ways in which they do: Error{"code", "pointer", ...}, a list
// that begins so, and the helpers of some files.
std::set<std::string> codes_in_sources() {
    const std::regex made(
        R"~((?:\{|fail\(|fail_at\([^,()]+,|refused\(|malformed\()\s*"([a-z0-9]+(?:_[a-z0-9]+)+|internal)"\s*,\s*["(s])~");
    std::set<std::string> codes;
    for (std::sregex_iterator at(sources().begin(), sources().end(), made), end; at != end; ++at)
        codes.insert((*at)[1].str());
    return codes;
}

} // namespace

TEST_CASE("Every code in the table is used, once, and has a status or is never an answer") {
    std::set<std::string_view> seen;
    for (const auto& row : server::error_codes()) {
        if (row.code.empty()) continue;
        INFO(row.code);
        CHECK(seen.insert(row.code).second);
        CHECK((row.status == 0 || (row.status >= 400 && row.status < 600)));
        CHECK_FALSE(row.meaning.empty());
        CHECK(sources().find('"' + std::string(row.code) + '"') != std::string::npos);
    }
}

TEST_CASE("Every code that the sources give an error is in the table") {
    std::set<std::string> known;
    for (const auto& row : server::error_codes()) known.emplace(row.code);
    // Members of the log's lines, measurements and columns are written in the same way.
    known.insert({"audio_captioning", "audio_level", "bytes_in", "bytes_out", "delivery_speed",
                  "http_connections", "http_reads_waited_total", "learner_response", "median_seconds",
                  "name_en", "name_nl", "of_first", "of_previous", "read_launch_data", "read_preferences",
                  "return_url", "smallest_group", "store_facts_ready", "store_writable"});
    const auto used = codes_in_sources();
    CHECK(used.size() > 100);
    for (const auto& code : used) {
        INFO(code);
        CHECK(known.contains(code));
    }
}

TEST_CASE("A code that is not in the table is the server's mistake, and no client's") {
    CHECK(server::status_of("statement_unknown") == 404);
    CHECK(server::status_of("property_missing") == 400);
    CHECK(server::status_of("setting_invalid") == 500);
    CHECK(server::status_of("nobody_wrote_it_down") == 500);
}

TEST_CASE("ERRORS.md is what the table says") {
    const auto page = root / "server/app/ERRORS.md";
    if (std::getenv("LEERSPOOR_WRITE") != nullptr) std::ofstream(page) << server::error_codes_page();
    CHECK(text_of(page) == server::error_codes_page());
}

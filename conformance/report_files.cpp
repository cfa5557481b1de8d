// The two reports that programs read.
#include "conformance/report.hpp"

#include <boost/json/serialize.hpp>
#include <iomanip>
#include <ostream>
#include <pugixml.hpp>
#include <sstream>

namespace leerspoor::conformance {
namespace {

const char* number_of(Version version) {
    return version == Version::v1_0_3 ? "1.0.3" : "2.0.0";
}

std::string words(const Finding& finding) {
    return "request: " + finding.request + "\nexpected: " + finding.expected + "\ngot: " + finding.got +
           "\n\n";
}

// What XML 1.0 cannot carry, as something that it can; answers may hold any bytes.
std::string printable(std::string text) {
    for (auto& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < ' ' && c != '\n' && c != '\t') || byte > '~') c = '?';
    }
    return text;
}

double seconds(std::chrono::microseconds time) {
    return static_cast<double>(time.count()) / 1e6;
}

std::string seconds_text(std::chrono::microseconds time) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(3) << seconds(time);
    return text.str();
}

} // namespace

void write_junit(std::ostream& out, const Run& run, const About& about) {
    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    auto suite = document.append_child("testsuites").append_child("testsuite");
    suite.append_attribute("name") =
        (std::string("leerspoor-conformance ") + number_of(about.version)).c_str();
    suite.append_attribute("hostname") = about.endpoint.c_str();
    suite.append_attribute("tests") = static_cast<unsigned long long>(run.results.size());
    suite.append_attribute("failures") = static_cast<unsigned long long>(run.failed());
    suite.append_attribute("errors") = 0;
    suite.append_attribute("time") = seconds_text(run.took).c_str();
    for (const auto& result : run.results) {
        const auto& requirement = *result.requirement;
        auto test = suite.append_child("testcase");
        test.append_attribute("classname") = std::string(requirement.group).c_str();
        test.append_attribute("name") = printable(requirement.id + " " + requirement.title).c_str();
        test.append_attribute("time") = seconds_text(result.took).c_str();
        if (result.findings.empty()) continue;
        auto failure = test.append_child("failure");
        failure.append_attribute("message") = printable("expected " + result.findings[0].expected).c_str();
        std::string text;
        for (const auto& finding : result.findings) text += words(finding);
        failure.text() = printable(text).c_str();
    }
    document.save(out, "  ");
}

void write_json(std::ostream& out, const Run& run, const About& about) {
    json::array results;
    for (const auto& result : run.results) {
        const auto& requirement = *result.requirement;
        json::array findings;
        for (const auto& finding : result.findings) {
            findings.push_back({{"request", printable(finding.request)},
                                {"expected", printable(finding.expected)},
                                {"got", printable(finding.got)}});
        }
        results.push_back({{"id", requirement.id},
                           {"title", requirement.title},
                           {"clause", requirement.clauses.of(about.version)},
                           {"group", json::string_view(requirement.group.data(), requirement.group.size())},
                           {"passed", result.findings.empty()},
                           {"seconds", seconds(result.took)},
                           {"findings", std::move(findings)}});
    }
    const json::object report{{"endpoint", about.endpoint},         {"version", number_of(about.version)},
                              {"requirements", run.results.size()}, {"failed", run.failed()},
                              {"seconds", seconds(run.took)},       {"results", std::move(results)}};
    out << json::serialize(report) << '\n';
}

} // namespace leerspoor::conformance

#include "conformance/report.hpp"

#include "conformance/registry.hpp"

#include <iomanip>
#include <ostream>

namespace leerspoor::conformance {
namespace {

constexpr std::size_t most_findings = 5; // of one check; the rest is counted

std::string_view name_of(Version version) {
    return version == Version::v1_0_3 ? "xAPI 1.0.3" : "xAPI 2.0 (IEEE 9274.1.1)";
}

// The words under each other, however many lines each has.
void write_indented(std::ostream& out, std::string_view label, std::string_view text) {
    out << "    " << std::left << std::setw(10) << label;
    for (const char c : text) {
        out << c;
        if (c == '\n') out << std::string(14, ' ');
    }
    out << '\n';
}

void write_failure(std::ostream& out, const Result& result, Version version, bool color) {
    const auto& requirement = *result.requirement;
    out << (color ? "\033[31mFAILED\033[0m " : "FAILED ") << requirement.id << "  " << requirement.title
        << "\n       " << name_of(version) << ", " << requirement.clauses.of(version) << "; group "
        << requirement.group << "\n";
    for (std::size_t i = 0; i < result.findings.size() && i < most_findings; ++i) {
        const auto& finding = result.findings[i];
        write_indented(out, "request", finding.request);
        write_indented(out, "expected", finding.expected);
        write_indented(out, "got", finding.got);
        out << '\n';
    }
    if (result.findings.size() > most_findings) {
        out << "    and " << result.findings.size() - most_findings << " more of this check\n\n";
    }
}

void write_groups(std::ostream& out, const Run& run) {
    for (std::size_t i = 0; i < run.results.size();) {
        const auto group = run.results[i].requirement->group;
        std::size_t passed = 0;
        std::size_t all = 0;
        for (; i < run.results.size() && run.results[i].requirement->group == group; ++i, ++all) {
            if (run.results[i].findings.empty()) ++passed;
        }
        out << "  " << std::left << std::setw(22) << group << std::right << std::setw(3) << passed << " of "
            << std::setw(3) << all << (passed == all ? "" : "  <-") << '\n';
    }
}

} // namespace

void write_text(std::ostream& out, const Run& run, const About& about, bool color) {
    for (const auto& result : run.results) {
        if (!result.findings.empty()) write_failure(out, result, about.version, color);
    }
    write_groups(out, run);
    const auto failed = run.failed();
    out << (color ? (failed == 0 ? "\033[32m" : "\033[31m") : "") << (failed == 0 ? "PASSED" : "FAILED")
        << (color ? "\033[0m" : "") << ": " << run.results.size() - failed << " of " << run.results.size()
        << " requirements of " << name_of(about.version) << " hold at " << about.endpoint << " ("
        << std::fixed << std::setprecision(1) << static_cast<double>(run.took.count()) / 1000 << " s)\n";
}

void write_list(std::ostream& out, const Requirements& requirements, Version version) {
    std::string_view group;
    for (const auto& requirement : requirements) {
        if (requirement.group != group) {
            group = requirement.group;
            out << (group == requirements.front().group ? "" : "\n") << group << '\n';
        }
        out << "  " << std::left << std::setw(20) << requirement.id << std::setw(20)
            << requirement.clauses.of(version) << requirement.title << '\n';
    }
    out << "\nwithout a check\n";
    for (const auto& [id, reason] : unchecked()) {
        out << "  " << std::left << std::setw(20) << id << reason << '\n';
    }
}

} // namespace leerspoor::conformance

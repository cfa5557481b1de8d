// leerspoor-conformance: asks an LRS, over HTTP(S), whether it does what xAPI asks of it.
#include "conformance/registry.hpp"
#include "conformance/report.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace {

namespace conformance = leerspoor::conformance;

struct Options {
    std::string endpoint;
    std::string key;
    std::string secret;
    std::string version = "1.0.3";
    std::string ca_file;
    bool insecure = false;
    std::vector<std::string> only;
    bool list = false;
    std::string junit_file;
    std::string json_file;
    unsigned jobs = 8;
    bool no_color = false;
    double patience = 5;
};

void declare(CLI::App& app, Options& options) {
    app.add_option("--endpoint", options.endpoint, "The LRS: the URL before /statements");
    app.add_option("--key", options.key, "User name of HTTP Basic authentication")->envname("LRS_KEY");
    app.add_option("--secret", options.secret, "Its password")->envname("LRS_SECRET");
    app.add_option("--version", options.version, "Of xAPI: 1.0.3 or 2.0.0")
        ->check(CLI::IsMember({"1.0.3", "2.0.0"}))
        ->capture_default_str();
    app.add_option("--ca", options.ca_file, "PEM file of the certificates to trust")
        ->check(CLI::ExistingFile);
    app.add_flag("--insecure", options.insecure, "Trust any certificate");
    app.add_option("--only", options.only, "Ids or groups to check, with * and ?");
    app.add_flag("--list", options.list, "Print the requirements and check nothing");
    app.add_option("--junit", options.junit_file, "Write a JUnit XML report");
    app.add_option("--json", options.json_file, "Write a JSON report");
    app.add_option("--jobs", options.jobs, "Connections at a time")
        ->check(CLI::Range(1U, 64U))
        ->capture_default_str();
    app.add_option("--patience", options.patience, "Seconds to wait for a stored statement to be found")
        ->check(CLI::Range(0.0, 600.0))
        ->capture_default_str();
    app.add_flag("--no-color", options.no_color, "Plain text on a terminal too");
    app.footer("Exit status: 0 all hold, 1 some do not, 2 the checks could not run.");
}

void draw_bar(std::size_t done, std::size_t all, std::size_t failed) {
    constexpr std::size_t width = 40;
    const auto filled = all == 0 ? width : done * width / all;
    std::cerr << "\r[" << std::string(filled, '#') << std::string(width - filled, '.') << "] " << done << '/'
              << all << ", " << failed << " failed" << std::flush;
    if (done == all) std::cerr << "\r\033[K" << std::flush;
}

bool write_file(const std::string& path,
                void (*write)(std::ostream&, const conformance::Run&, const conformance::About&),
                const conformance::Run& run, const conformance::About& about) {
    if (path.empty()) return true;
    std::ofstream file(path);
    write(file, run, about);
    file.close();
    if (!file) std::cerr << "leerspoor-conformance: cannot write " << path << '\n';
    return static_cast<bool>(file);
}

int check(const Options& options, const conformance::Requirements& requirements,
          const conformance::Settings& settings) {
    const bool bar = ::isatty(STDERR_FILENO) != 0 && !options.no_color;
    const auto run = conformance::run(requirements, settings, options.jobs,
                                      bar ? conformance::Progress(draw_bar) : conformance::Progress());
    const conformance::About about{options.endpoint, settings.version};
    conformance::write_text(std::cout, run, about, ::isatty(STDOUT_FILENO) != 0 && !options.no_color);
    const bool written = write_file(options.junit_file, conformance::write_junit, run, about) &&
                         write_file(options.json_file, conformance::write_json, run, about);
    if (!written) return 2;
    return run.failed() == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Checks any learning record store against the requirements of xAPI.",
                 "leerspoor-conformance");
    declare(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const auto version =
        options.version == "1.0.3" ? conformance::Version::v1_0_3 : conformance::Version::v2_0_0;
    const auto requirements = conformance::requirements_of(version, options.only);
    if (options.list) {
        conformance::write_list(std::cout, requirements, version);
        return 0;
    }
    const auto server = conformance::parse_endpoint(options.endpoint);
    if (!server) {
        std::cerr << "leerspoor-conformance: --endpoint needs a URL such as https://lrs.example.com/xapi\n";
        return 2;
    }
    if (requirements.empty()) {
        std::cerr << "leerspoor-conformance: --only matches no requirement; --list shows them\n";
        return 2;
    }
    conformance::Settings settings{*server, options.key, options.secret, version};
    settings.server.ca_file = options.ca_file;
    settings.server.insecure = options.insecure;
    settings.patience = std::chrono::milliseconds(static_cast<long>(options.patience * 1000));
    try {
        return check(options, requirements, settings);
    } catch (const std::exception& error) {
        std::cerr << "leerspoor-conformance: " << error.what() << '\n';
        return 2;
    }
}

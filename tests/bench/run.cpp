#include "run.hpp"

#include "report.hpp"
#include "server/app/settings.hpp"
#include "server/http/local_certificate.hpp"
#include "server_process.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>

namespace leerspoor::bench {
namespace {

std::uint64_t random_number() {
    std::random_device source;
    return std::uint64_t{source()} << 32 | source();
}

class TemporaryFolder {
  public:
    explicit TemporaryFolder(const std::filesystem::path& parent) {
        std::filesystem::create_directories(parent);
        std::string name = (std::filesystem::absolute(parent) / "leerspoor-bench-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder in " + parent.string());
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// https://127.0.0.1:8443; this program loads no other machine.
Target target_of(const RunOptions& options) {
    const auto url = boost::urls::parse_uri(options.url);
    if (!url || url->scheme() != "https") throw std::invalid_argument("--url must be https://127.0.0.1:PORT");
    std::string host = url->host_address();
    if (host == "localhost") host = "127.0.0.1";
    if (!host.starts_with("127.") && host != "::1") {
        throw std::invalid_argument("--url must name this machine: 127.0.0.1, ::1 or localhost");
    }
    const std::uint16_t port = url->has_port() ? url->port_number() : 443;
    return {host, port, options.certificate.string()};
}

// The limit's certificate is like the one that the server makes for itself.
void use_own_certificate(Site& site) {
    const auto files = server::http::local_certificate(site.folder / "tls", server::Settings().content_host);
    if (!files) throw std::runtime_error(files.error().message);
    site.certificate = files->certificate;
    site.private_key = files->private_key;
}

void write_json(const Report& report, const std::filesystem::path& path) {
    std::ofstream file(path);
    file << boost::json::serialize(to_json(report)) << '\n';
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

bool reads(const Work& work) {
    return work.kind != WorkKind::post;
}

} // namespace

void run(const RunOptions& options) {
    auto works = works_named(options.works);
    if (options.statements == 0) std::erase_if(works, reads);
    const TemporaryFolder folder(options.work_dir);
    Site site;
    site.folder = folder.path();
    site.threads = options.threads;
    site.seconds = std::chrono::duration<double>(options.seconds);
    site.run = random_number();
    site.sender.key = options.key;
    site.sender.secret = options.secret.empty() ? std::to_string(random_number()) : options.secret;

    std::optional<ServerProcess> server;
    if (options.url.empty()) {
        const ServerSettings settings{options.server,     folder.path(),   site.sender.key,
                                      site.sender.secret, options.threads, options.server_options};
        server.emplace(settings);
        site.process = &server->process();
        site.certificate = server->certificate();
        site.private_key = server->private_key();
        site.target = {"127.0.0.1", server->port(), site.certificate.string()};
    } else {
        site.target = target_of(options);
        use_own_certificate(site);
    }
    site.sender.host = site.target.address + ":" + std::to_string(site.target.port);

    Report report;
    report.machine = this_machine(folder.path());
    report.settings = {options.statements,     options.seed,
                       options.seconds,        options.threads,
                       options.server_options, server ? options.server.string() : options.url};
    const Generator generator(options.seed);
    const StatementPool pool(generator, options.statements);
    Stock stock{generator, pool, options.statements, std::chrono::system_clock::now() - std::chrono::hours(1),
                std::chrono::system_clock::now()};
    if (options.statements > 0 && (server || options.load)) {
        report.loading = load_store(site, generator, options.statements);
        stock.loaded_from = report.loading->from;
        stock.loaded_until = report.loading->until;
    }
    print_heading(report, std::cout);
    print_table_head(std::cout);
    for (const Work& work : works) {
        report.works.push_back(measure(work, site, stock));
        print_row(report.works.back(), std::cout);
    }
    print_end(report, std::cout);
    if (server) server->stop();
    if (!options.json.empty()) write_json(report, options.json);
}

} // namespace leerspoor::bench

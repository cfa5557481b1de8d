#include "server/cli/serve.hpp"

#include "server/cli/doctor.hpp"

#include "server/app/access_log.hpp"
#include "server/app/app.hpp"
#include "server/app/arrivals.hpp"
#include "server/app/organization.hpp"
#include "server/app/personas.hpp"
#include "server/app/workers.hpp"
#include "server/audit/checkpoints.hpp"
#include "server/audit/commands.hpp"
#include "server/audit/erasures.hpp"
#include "server/audit/exports.hpp"
#include "server/auth/people.hpp"
#include "server/cli/apis.hpp"
#include "server/cli/exit_status.hpp"
#include "server/control/commands.hpp"
#include "server/control/socket.hpp"
#include "server/courses/commands.hpp"
#include "server/courses/library.hpp"
#include "server/courses/lms.hpp"
#include "server/courses/scorm.hpp"
#include "server/http/local_certificate.hpp"
#include "server/http/server.hpp"
#include "server/relay/commands.hpp"
#include "server/relay/relays.hpp"
#include "server/support/descriptors.hpp"
#include "server/support/files.hpp"
#include "server/support/metrics.hpp"
#include "storage/rocksdb/open.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <ostream>
#include <sys/stat.h>
#include <thread>

namespace leerspoor::server::cli {
namespace {

// LEERSPOOR_KEY and LEERSPOOR_SECRET, once: when the store has no key at all.
Result<void> make_first_key(auth::KeyRing& keys, Log& log) {
    const char* const key = std::getenv("LEERSPOOR_KEY");
    const char* const secret = std::getenv("LEERSPOOR_SECRET");
    if (!keys.empty()) return {};
    if (!key || !secret || *key == '\0' || *secret == '\0') {
        log.event(Level::warning, "there is no key yet: leerspoor key create makes one");
        return {};
    }
    auth::NewKey first;
    first.key = key;
    first.secret = secret;
    first.name = key;
    if (auto created = keys.create(first); !created) return created.error();
    log.event(Level::info, "first key made from the environment", {{"key", key}});
    return {};
}

// Signals and commands, on a thread of their own beside the server's.
class Background {
  public:
    Background() : work_(context_.get_executor()), signals_(context_) {}
    ~Background() { stop(); }
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    boost::asio::io_context& context() { return context_; }

    void start(std::function<void()> stop_asked, std::function<void()> reload_asked) {
        stop_asked_ = std::move(stop_asked);
        reload_asked_ = std::move(reload_asked);
        for (const int number : {SIGTERM, SIGINT, SIGHUP}) signals_.add(number);
        wait();
        thread_ = std::thread([this] { context_.run(); });
    }
    void stop() {
        context_.stop();
        if (thread_.joinable()) thread_.join();
    }

  private:
    void wait() {
        signals_.async_wait([this](boost::system::error_code ec, int number) {
            if (ec) return;
            (number == SIGHUP ? reload_asked_ : stop_asked_)();
            wait();
        });
    }

    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::signal_set signals_;
    std::function<void()> stop_asked_;
    std::function<void()> reload_asked_;
    std::thread thread_;
};

struct StopAtEnd {
    Background& background;
    ~StopAtEnd() { background.stop(); }
};

Result<void> choose_certificate(Settings& settings, Log& log) {
    if (settings.http || !settings.tls_cert.empty()) return {};
    auto files = http::local_certificate(settings.data / "tls", settings.content_host);
    if (!files) return files.error();
    settings.tls_cert = files->certificate;
    settings.tls_key = files->private_key;
    log.event(Level::info,
              files->made ? "made a self-signed certificate for localhost"
                          : "using the self-signed certificate",
              {{"certificate", settings.tls_cert.string()}});
    return {};
}

std::string url_of(const Settings& settings, const Endpoint& endpoint, std::uint16_t port) {
    const bool v6 = endpoint.address.find(':') != std::string::npos;
    std::string host = v6 ? "[" + endpoint.address + "]" : endpoint.address;
    if (endpoint.address == "0.0.0.0" || endpoint.address == "::") host = "localhost";
    return std::string(settings.http ? "http://" : "https://") + host + ":" + std::to_string(port);
}

http::Options http_options(const Settings& settings, const Endpoint& endpoint) {
    http::Options options;
    options.address = endpoint.address;
    options.port = endpoint.port;
    options.threads = settings.threads;
    options.tls = !settings.http;
    options.certificate = settings.tls_cert;
    options.private_key = settings.tls_key;
    options.limits = settings.http_limits;
    options.limits.trusted_proxies = *http::TrustedProxies::of(
        settings.trusted_proxies, settings.trusted_proxy_field); // check() has seen it
    return options;
}

// No number of clients may leave the store without a file for its next log.
// How many tables the store may keep open.
Result<std::size_t> claim_descriptors(Settings& settings, Log& log) {
    const std::size_t limit = raise_descriptor_limit();
    const auto most = connections_within(limit, settings.http_limits.connections);
    if (!most) return most.error();
    if (*most < settings.http_limits.connections) {
        log.event(Level::warning, "fewer connections than set: too few files may be open",
                  {{"connections", *most}, {"limit", limit}});
    }
    settings.http_limits.connections = *most;
    return tables_within(limit, *most);
}

Result<void> serve_until_stopped(Settings& settings, Log& log, std::ostream& out,
                                 const Companion& companion) {
    const auto tables = claim_descriptors(settings, log);
    if (!tables) return tables.error();
    storage::RocksdbOptions store_options;
    store_options.max_open_files = static_cast<int>(*tables);
    store_options.cache_bytes = settings.store_cache_bytes;
    store_options.queue_bytes = settings.store_queue_bytes;
    store_options.segment_bytes = settings.store_segment_bytes;
    store_options.allow_future_stored = settings.allow_future_stored;
    auto store = storage::open_rocksdb(settings.data, store_options);
    if (!store) return store.error();
    ::chmod(settings.data.c_str(), 0700);
    if (companion.claim) {
        if (auto claimed = companion.claim(**store); !claimed) return claimed.error();
    }

    auth::KeyRingOptions key_options;
    key_options.authority_home_page = settings.authority_home_page;
    key_options.cost = {settings.argon2_memory_kib, settings.argon2_passes};
    auto keys = auth::KeyRing::load(**store, std::move(key_options));
    if (!keys) return keys.error();
    if (auto made = make_first_key(**keys, log); !made) return made.error();
    settings.strict_transport = !settings.http && !settings.tls_cert.empty();
    if (auto chosen = choose_certificate(settings, log); !chosen) return chosen.error();

    auth::AuthenticatorOptions auth_options;
    auth_options.throttle.failures = settings.auth_failures;
    auth_options.throttle.address_failures = settings.auth_address_failures;
    auth_options.throttle.window = std::chrono::seconds(settings.auth_window_seconds);
    auth::Authenticator authenticator(**keys, std::move(auth_options));
    Metrics metrics;
    Workers workers(std::max(1u, std::thread::hardware_concurrency()), settings.read_threads);
    metrics.watch([&workers] {
        return Measurement{"http_reads_waited_total",
                           "Reads handed on by event loops to threads that have time",
                           static_cast<double>(workers.waited()), Measurement::Kind::counter};
    });
    auth::PeopleOptions people_options;
    people_options.cost = {settings.argon2_memory_kib, settings.argon2_passes};
    people_options.throttle.failures = settings.auth_failures;
    people_options.throttle.address_failures = settings.auth_address_failures;
    people_options.throttle.window = std::chrono::seconds(settings.auth_window_seconds);
    auto people = auth::People::load(**store, std::move(people_options));
    if (!people) return people.error();
    auto organization = Organization::load(**store);
    if (!organization) return organization.error();
    auto personas = Personas::load(**store);
    if (!personas) return personas.error();
    auto checkpoints = audit::Checkpoints::load(**store);
    if (!checkpoints) return checkpoints.error();
    auto exports = audit::Exports::load(**checkpoints, settings.data / "exports", settings.export_folder);
    if (!exports) return exports.error();
    AccessLog accesses(**store, settings.authority_home_page);
    auto relays = relay::Relays::load(**store, settings.authority_home_page);
    if (!relays) return relays.error();
    auto library = courses::Library::load(**store, settings.authority_home_page);
    if (!library) return library.error();
    if (companion.teach) {
        if (auto taught = companion.teach(**store, **library, settings); !taught) return taught.error();
    }
    courses::Launches launches(**store);
    if (auto swept = launches.sweep(); !swept) return swept.error();
    courses::Recorder recorder(**store, settings.authority_home_page);
    courses::Lms lms(**store, settings, recorder, **library, launches);
    courses::Scorm scorm(**store, recorder, **library, launches);
    const auto forget = [&](storage::StoreId tenant, const std::vector<std::string>& gone) {
        (*exports)->forget(tenant, gone);
        static_cast<void>(launches.forget(tenant, gone));
        for (const auto& one : (*relays)->all(tenant))
            if (one.config.filter.is_of(gone)) static_cast<void>((*relays)->remove(tenant, one.id));
    };
    auto erasures = audit::Erasures::load(**checkpoints, personas->get(), &accesses, forget);
    if (!erasures) return erasures.error();
    Arrivals arrivals(**store);
    std::atomic<bool> stopping = false;
    const Services services{**store,
                            settings,
                            metrics,
                            workers,
                            arrivals,
                            people->get(),
                            keys->get(),
                            &log,
                            organization->get(),
                            personas->get(),
                            checkpoints->get(),
                            exports->get(),
                            erasures->get(),
                            relays->get(),
                            &stopping,
                            &accesses,
                            library->get(),
                            &launches,
                            &lms,
                            &scorm,
                            &lms};
    App app(services, all_apis(settings.content_host), authenticator, log);

    const auto endpoint = parse_listen(settings.listen);
    if (!endpoint) return endpoint.error();
    auto server = http::Server::listen(http_options(settings, *endpoint), app, log);
    if (!server) return server.error();
    metrics.watch([&server] {
        return Measurement{"http_connections", "Open connections",
                           static_cast<double>((*server)->connections())};
    });

    const auto url = url_of(settings, *endpoint, (*server)->port());
    settings.own_url = url; // nobody reads it yet
    Background background;
    auto control = control::Socket::open(background.context(), settings.data, [&](std::string_view line) {
        auto answer = audit::run_line(services, line);
        if (!answer) answer = relay::run_line(services, line);
        if (!answer) answer = courses::run_line(services, line);
        if (!answer) answer = answer_doctor(**store, **relays, line);
        return answer ? std::move(*answer) : control::run_line(**keys, log, line, people->get());
    });
    if (!control) return control.error();
    // The socket is taken down here, so the thread that it works on must have ended, whatever happens below.
    const StopAtEnd stop_at_end{background};
    background.start(
        [&] {
            log.event(Level::info, "stopping");
            stopping = true;
            arrivals.stop();
            (*server)->stop();
        },
        [&] {
            const auto reloaded = (*server)->reload_certificate();
            if (reloaded) {
                log.event(Level::info, "certificate read again");
            } else {
                log.event(Level::error, "the certificate stays as it was",
                          {{"reason", reloaded.error().message}});
            }
        });

    if (!settings.port_file.empty()) {
        const auto written = write_file(settings.port_file, std::to_string((*server)->port()) + "\n", 0644);
        if (!written) return written.error();
    }
    log.event(Level::info, "ready", {{"url", url}, {"version", LEERSPOOR_VERSION}});
    out << "Leerspoor is ready: " << url << "/xapi/" << std::endl;
    // Until somebody has an account, each start gives a link for the first.
    if ((*people)->empty()) {
        const auto invitation = (*people)->invite(auth::Role::administrator);
        if (!invitation) return invitation.error();
        out << "Make the first account: " << url << "/welcome/" << invitation->token << std::endl;
    }
    std::jthread beside;
    if (companion.run)
        beside = std::jthread([&](const std::stop_token& stop) { companion.run(stop, **store, log); });
    (*server)->run();
    beside = {};
    // What is under way still, after stop-seconds, is answered by those who work on it while all that its
    // coroutines use is there; then the coroutines go, with the server, and then the rest.
    background.stop();
    authenticator.stop();
    workers.stop();
    (*exports)->stop();
    (*erasures)->stop();
    (*relays)->stop();
    accesses.stop();
    (*store)->close();
    server->reset();
    log.event(Level::info, "stopped");
    return {};
}

} // namespace

int serve(Settings settings, std::ostream& out, std::ostream& err, const Companion& companion) {
    ::umask(077);
    std::signal(SIGPIPE, SIG_IGN);
    Log log(settings.log_format, settings.log_level);
    const auto served = serve_until_stopped(settings, log, out, companion);
    if (served) return done;
    log.flush();
    err << "leerspoor: " << served.error().message << std::endl;
    return failed;
}

} // namespace leerspoor::server::cli

#include "server/cli/options.hpp"

#include "server/support/log.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <map>

namespace leerspoor::server::cli {
namespace {

std::string environment_name(const std::string& name) {
    std::string text = "LEERSPOOR_";
    for (const char c : name) {
        text += c == '-' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
    return text;
}

// Adds options of one group with the environment's name for each.
class Group {
  public:
    Group(CLI::App& command, std::string name) : command_(command), name_(std::move(name)) {}

    template <class T>
    CLI::Option* add(const std::string& name, T& value, const std::string& help) {
        return finish(name, command_.add_option("--" + name, value, help)->capture_default_str());
    }
    CLI::Option* flag(const std::string& name, bool& value, const std::string& help) {
        return finish(name, command_.add_flag("--" + name, value, help));
    }
    // A size in bytes; 64k, 16m and 1g are understood.
    CLI::Option* size(const std::string& name, std::size_t& value, const std::string& help) {
        return add(name, value, help)->transform(CLI::AsSizeValue(false));
    }
    CLI::Option* seconds(const std::string& name, std::chrono::seconds& value, const std::string& help) {
        auto* const option = command_.add_option_function<std::int64_t>(
            "--" + name, [&value](std::int64_t given) { value = std::chrono::seconds(given); }, help);
        option->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400}))
            ->default_str(std::to_string(value.count()));
        return finish(name, option);
    }

  private:
    CLI::Option* finish(const std::string& name, CLI::Option* option) {
        return option->envname(environment_name(name))->group(name_);
    }

    CLI::App& command_;
    std::string name_;
};

// A count of at least one.
CLI::Range at_least_one() {
    return CLI::Range(std::size_t{1}, std::numeric_limits<std::size_t>::max() / 2);
}

} // namespace

void add_settings(CLI::App& command, Settings& settings, std::filesystem::path& config_file) {
    command.add_option("--config", config_file, "A file with settings: name = value, in TOML")
        ->envname("LEERSPOOR_CONFIG")
        ->group("Place");

    Group place(command, "Place");
    place.add("data", settings.data, "The folder that holds everything");
    place.add("listen", settings.listen, "IP address and port to serve on; port 0 takes a free one");
    place.add("port-file", settings.port_file, "Write the port's number to this file once listening");
    place.add("threads", settings.threads, "Threads that serve; 0: one for each core")
        ->check(CLI::Range(std::size_t{0}, std::size_t{1024}));

    Group encryption(command, "Encryption");
    encryption.add("tls-cert", settings.tls_cert, "Certificate with its chain, PEM; read again on SIGHUP");
    encryption.add("tls-key", settings.tls_key, "The certificate's private key, PEM");
    encryption.flag("http", settings.http, "Serve plain HTTP instead of HTTPS, on a loopback address only");
    encryption.flag("http-anywhere", settings.http_anywhere,
                    "Allow --http on every address; only behind a proxy that encrypts");

    Group access(command, "Access");
    access
        .add("cors-origins", settings.cors_origins, "Origins whose pages may use the store; * is every one")
        ->delimiter(',');
    access.add("authority-home-page", settings.authority_home_page,
               "Where the keys' accounts live: homePage in the authority of stored statements");
    access.flag("metrics-anywhere", settings.metrics_anywhere,
                "Give /metrics to everybody; else to this machine and keys with all/read");
    access
        .add("auth-failures", settings.auth_failures,
             "Wrong secrets of one client address before it has to wait")
        ->check(at_least_one());
    access.add("auth-window-seconds", settings.auth_window_seconds, "The time in which those are counted")
        ->check(CLI::Range(std::size_t{1}, std::size_t{86'400}));
    access.add("argon2-memory-kib", settings.argon2_memory_kib, "Memory for hashing the secret of a new key")
        ->check(CLI::Range(std::uint32_t{8}, std::uint32_t{1} << 20u));
    access.add("argon2-passes", settings.argon2_passes, "Passes for hashing the secret of a new key")
        ->check(CLI::Range(std::uint32_t{1}, std::uint32_t{100}));

    Group requests(command, "Requests");
    requests.size("max-body-bytes", settings.max_body_bytes, "Largest body; beyond it 413")
        ->check(at_least_one());
    requests
        .size("max-attachments-bytes", settings.max_attachments_bytes,
              "Largest body of a request that brings attachments; beyond it 413")
        ->check(at_least_one());
    requests
        .add("max-batch-statements", settings.max_batch_statements,
             "Most statements in one POST; beyond it 413")
        ->check(at_least_one());
    requests.add("max-json-depth", settings.max_json_depth, "Deepest nesting of JSON; beyond it 400")
        ->check(CLI::Range(std::size_t{8}, std::size_t{512}));
    requests
        .add("default-page-statements", settings.default_page_statements,
             "Statements in a page without limit")
        ->check(at_least_one());
    requests
        .add("max-page-statements", settings.max_page_statements,
             "Most statements in a page; limit=0 asks for it")
        ->check(at_least_one());

    Group connections(command, "Connections");
    auto& limits = settings.http_limits;
    connections.size("header-bytes", limits.header_bytes, "Largest head of a request; beyond it 431")
        ->check(CLI::Range(std::size_t{1024}, std::size_t{1} << 20u));
    connections.add("connections", limits.connections, "Most open connections; further ones get 503")
        ->check(at_least_one());
    connections
        .add("connections-per-client", limits.connections_per_client,
             "Most open connections of one client address; further ones get 429")
        ->check(at_least_one());
    connections.seconds("handshake-seconds", limits.handshake_time, "Time for the TLS handshake");
    connections.seconds("header-seconds", limits.header_time, "Time to send a request's head; beyond it 408");
    connections.seconds("body-seconds", limits.body_time, "Time to send a request's body; beyond it 408");
    connections.seconds("idle-seconds", limits.idle_time, "Time between two requests of a connection");
    connections.seconds("stop-seconds", limits.stop_time,
                        "Time for requests under way when the server stops");

    Group storage(command, "Storage");
    storage.size("store-cache-bytes", settings.store_cache_bytes, "Memory for blocks read from disk")
        ->check(at_least_one());
    storage
        .size("store-queue-bytes", settings.store_queue_bytes,
              "Statements waiting to be written; beyond it 503")
        ->check(at_least_one());

    Group log(command, "Log");
    log.add("log-format", settings.log_format, "text or json")
        ->transform(CLI::CheckedTransformer(
            std::map<std::string, LogFormat>{{"text", LogFormat::text}, {"json", LogFormat::json}}))
        ->default_str("text");
    log.add("log-level", settings.log_level, "debug, info, warning or error")
        ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
}

std::vector<Error> apply_config_file(CLI::App& command, const std::filesystem::path& config_file) {
    std::vector<Error> errors;
    if (config_file.empty()) return errors;
    const std::string file = config_file.string();
    std::vector<CLI::ConfigItem> items;
    try {
        std::ifstream input(config_file);
        if (!input) throw CLI::FileError::Missing(file);
        items = CLI::ConfigTOML().from_config(input);
    } catch (const CLI::Error& error) {
        errors.push_back({"config_unreadable", "", file + " cannot be read: " + error.what() + "."});
        return errors;
    }
    for (const auto& item : items) {
        if (item.name == "++" || item.name == "--") continue;
        CLI::Option* const option = item.parents.empty() && item.name != "config"
                                        ? command.get_option_no_throw("--" + item.name)
                                        : nullptr;
        if (!option || option->get_envname().empty()) {
            errors.push_back({"setting_unknown", "",
                              file + ": there is no setting \"" + item.fullname() +
                                  "\". Settings are the long options of leerspoor serve, "
                                  "without dashes in front and without sections."});
            continue;
        }
        if (option->count() > 0) continue;
        try {
            for (const auto& input : item.inputs) option->add_result(input);
            option->run_callback();
        } catch (const CLI::Error& error) {
            errors.push_back({"setting_invalid", "", file + ": " + error.what()});
        }
    }
    return errors;
}

std::string describe(const CLI::App& command, const Settings& settings) {
    const auto& limits = settings.http_limits;
    const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
    const auto yes = [](bool value) { return std::string(value ? "true" : "false"); };
    std::string origins;
    for (const auto& origin : settings.cors_origins) {
        origins += (origins.empty() ? "" : ", ") + quoted(origin);
    }
    const std::map<std::string, std::string> values = {
        {"data", quoted(settings.data.string())},
        {"listen", quoted(settings.listen)},
        {"port-file", quoted(settings.port_file.string())},
        {"threads", std::to_string(settings.threads)},
        {"tls-cert", quoted(settings.tls_cert.string())},
        {"tls-key", quoted(settings.tls_key.string())},
        {"http", yes(settings.http)},
        {"http-anywhere", yes(settings.http_anywhere)},
        {"cors-origins", "[" + origins + "]"},
        {"authority-home-page", quoted(settings.authority_home_page)},
        {"metrics-anywhere", yes(settings.metrics_anywhere)},
        {"auth-failures", std::to_string(settings.auth_failures)},
        {"auth-window-seconds", std::to_string(settings.auth_window_seconds)},
        {"argon2-memory-kib", std::to_string(settings.argon2_memory_kib)},
        {"argon2-passes", std::to_string(settings.argon2_passes)},
        {"max-body-bytes", std::to_string(settings.max_body_bytes)},
        {"max-attachments-bytes", std::to_string(settings.max_attachments_bytes)},
        {"max-batch-statements", std::to_string(settings.max_batch_statements)},
        {"max-json-depth", std::to_string(settings.max_json_depth)},
        {"default-page-statements", std::to_string(settings.default_page_statements)},
        {"max-page-statements", std::to_string(settings.max_page_statements)},
        {"header-bytes", std::to_string(limits.header_bytes)},
        {"connections", std::to_string(limits.connections)},
        {"connections-per-client", std::to_string(limits.connections_per_client)},
        {"handshake-seconds", std::to_string(limits.handshake_time.count())},
        {"header-seconds", std::to_string(limits.header_time.count())},
        {"body-seconds", std::to_string(limits.body_time.count())},
        {"idle-seconds", std::to_string(limits.idle_time.count())},
        {"stop-seconds", std::to_string(limits.stop_time.count())},
        {"store-cache-bytes", std::to_string(settings.store_cache_bytes)},
        {"store-queue-bytes", std::to_string(settings.store_queue_bytes)},
        {"log-format", quoted(settings.log_format == LogFormat::json ? "json" : "text")},
        {"log-level", quoted(settings.log_level)},
    };

    std::string text;
    std::string group;
    for (const CLI::Option* const option : command.get_options()) {
        const auto names = option->get_lnames();
        const auto value = names.empty() ? values.end() : values.find(names.front());
        if (value == values.end()) continue;
        if (option->get_group() != group) {
            group = option->get_group();
            text += (text.empty() ? "# " : "\n# ") + group + "\n";
        }
        text += value->first + " = " + value->second + "\n";
    }
    return text;
}

} // namespace leerspoor::server::cli

#include "server/cli/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <type_traits>
#include <utility>

namespace leerspoor::server::cli {
namespace {

constexpr std::size_t many = std::numeric_limits<std::size_t>::max() / 2;
constexpr std::int64_t a_day = 86'400;

// One setting: how it is read from the command line, the environment and the file, and how it is printed.
struct Setting {
    std::string group;
    std::string name;
    std::function<CLI::Option*(CLI::App& command, Settings& settings, const std::string& name)> add;
    std::function<std::string(const Settings& settings)> print;
};

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

// Where a setting is kept, as a function of the settings, so that nested ones are no exception.
template <class T>
using Member = T& (*)(Settings&);

template <class T>
const T& value_of(Member<T> member, const Settings& settings) {
    return member(
        const_cast<Settings&>(settings)); // NOLINT(cppcoreguidelines-pro-type-const-cast): read only
}

class Table {
  public:
    std::vector<Setting> take() { return std::move(settings_); }
    Table& group(std::string name) {
        group_ = std::move(name);
        return *this;
    }

    template <class T>
    Table& text(std::string name, Member<T> member, std::string help) {
        return add(
            std::move(name),
            [=](CLI::App& command, Settings& settings, const std::string& option) {
                return command.add_option(option, member(settings), help)->capture_default_str();
            },
            [=](const Settings& settings) {
                if constexpr (std::is_same_v<T, std::string>)
                    return quoted(value_of(member, settings));
                else
                    return quoted(value_of(member, settings).string());
            });
    }

    template <class T>
    Table& number(std::string name, Member<T> member, T least, T most, std::string help) {
        return add(
            std::move(name),
            [=](CLI::App& command, Settings& settings, const std::string& option) {
                return command.add_option(option, member(settings), help)
                    ->capture_default_str()
                    ->check(CLI::Range(least, most));
            },
            [=](const Settings& settings) { return std::to_string(value_of(member, settings)); });
    }

    // In bytes; 64k, 16m and 1g are understood.
    Table& size(std::string name, Member<std::size_t> member, std::size_t least, std::size_t most,
                std::string help) {
        return add(
            std::move(name),
            [=](CLI::App& command, Settings& settings, const std::string& option) {
                return command.add_option(option, member(settings), help)
                    ->capture_default_str()
                    ->transform(CLI::AsSizeValue(false))
                    ->check(CLI::Range(least, most));
            },
            [=](const Settings& settings) { return std::to_string(value_of(member, settings)); });
    }

    Table& seconds(std::string name, Member<std::chrono::seconds> member, std::string help) {
        return add(
            std::move(name),
            [=](CLI::App& command, Settings& settings, const std::string& option) {
                auto& value = member(settings);
                return command
                    .add_option_function<std::int64_t>(
                        option, [&value](std::int64_t given) { value = std::chrono::seconds(given); }, help)
                    ->check(CLI::Range(std::int64_t{1}, a_day))
                    ->default_str(std::to_string(value.count()));
            },
            [=](const Settings& settings) { return std::to_string(value_of(member, settings).count()); });
    }

    Table& flag(std::string name, Member<bool> member, std::string help) {
        return add(
            std::move(name),
            [=](CLI::App& command, Settings& settings, const std::string& option) {
                return command.add_flag(option, member(settings), help);
            },
            [=](const Settings& settings) {
                return std::string(value_of(member, settings) ? "true" : "false");
            });
    }

    Table& list(std::string name, Member<std::vector<std::string>> member, std::string help) {
        return add(
            std::move(name),
            [=](CLI::App& command, Settings& settings, const std::string& option) {
                using Texts = std::vector<std::string>;
                auto& value = member(settings);
                std::string preset;
                for (const auto& one : value) preset += (preset.empty() ? "" : ",") + one;
                return command
                    .add_option_function<Texts>(
                        option,
                        [&value](const Texts& given) {
                            value.clear();
                            for (const auto& one : given) {
                                if (!one.empty()) value.push_back(one);
                            }
                        },
                        help)
                    ->default_str(preset)
                    ->delimiter(',');
            },
            [=](const Settings& settings) {
                std::string all;
                for (const auto& one : value_of(member, settings))
                    all += (all.empty() ? "" : ", ") + quoted(one);
                return "[" + all + "]";
            });
    }

    // One of a few words, each for a value.
    template <class T>
    Table& choice(std::string name, Member<T> member, std::map<std::string, T> words, std::string help) {
        const auto word_of = [=](const T& value) {
            const auto found = std::find_if(words.begin(), words.end(),
                                            [&](const auto& word) { return word.second == value; });
            return found == words.end() ? std::string() : found->first;
        };
        return add(
            std::move(name),
            [=](CLI::App& command, Settings& settings, const std::string& option) {
                auto& value = member(settings);
                return command.add_option(option, value, help)
                    ->transform(CLI::CheckedTransformer(words))
                    ->default_str(word_of(value));
            },
            [=](const Settings& settings) { return quoted(word_of(value_of(member, settings))); });
    }

  private:
    template <class Add, class Print>
    Table& add(std::string name, Add add, Print print) {
        settings_.push_back({group_, std::move(name), std::move(add), std::move(print)});
        return *this;
    }

    std::string group_;
    std::vector<Setting> settings_;
};

// Every setting, once.
std::vector<Setting> make_settings() {
    using Path = std::filesystem::path;
    using Size = std::size_t;
    Table table;
    table.group("Place")
        .text<Path>(
            "data", [](Settings & s) -> auto& { return s.data; }, "The folder that holds everything")
        .text<std::string>(
            "listen", [](Settings & s) -> auto& { return s.listen; },
            "IP address and port to serve on; port 0 takes a free one")
        .text<Path>(
            "port-file", [](Settings & s) -> auto& { return s.port_file; },
            "Write the port's number to this file once listening")
        .number<Size>(
            "threads", [](Settings & s) -> auto& { return s.threads; }, 0, 1024,
            "Threads that serve; 0: one for each core");
    table.group("Encryption")
        .text<Path>(
            "tls-cert", [](Settings & s) -> auto& { return s.tls_cert; },
            "Certificate with its chain, PEM; read again on SIGHUP")
        .text<Path>(
            "tls-key", [](Settings & s) -> auto& { return s.tls_key; }, "The certificate's private key, PEM")
        .flag(
            "http", [](Settings & s) -> auto& { return s.http; },
            "Serve plain HTTP instead of HTTPS, on a loopback address only")
        .flag(
            "http-anywhere", [](Settings & s) -> auto& { return s.http_anywhere; },
            "Allow --http on every address; only behind a proxy that encrypts");
    table.group("Access")
        .list(
            "trusted-proxies", [](Settings & s) -> auto& { return s.trusted_proxies; },
            "Addresses and networks of proxies that say who sends a request")
        .choice<http::ForwardedField>(
            "trusted-proxy-field", [](Settings & s) -> auto& { return s.trusted_proxy_field; },
            {{"x-forwarded-for", http::ForwardedField::x_forwarded_for},
             {"forwarded", http::ForwardedField::forwarded}},
            "The header field in which they do: x-forwarded-for or forwarded")
        .list(
            "cors-origins", [](Settings & s) -> auto& { return s.cors_origins; },
            "Origins whose pages may use the store; * is every one")
        .text<std::string>(
            "authority-home-page", [](Settings & s) -> auto& { return s.authority_home_page; },
            "Where the keys' accounts live: homePage in the authority of stored statements")
        .text<std::string>(
            "public-url", [](Settings & s) -> auto& { return s.public_url; },
            "How others reach this server, in the links that it gives; as it is asked when left out")
        .text<std::string>(
            "content-host", [](Settings & s) -> auto& { return s.content_host; },
            "Where courses are served: *.NAME, each on an origin of its own, or one NAME for all of them")
        .text<Path>(
            "export-folder", [](Settings & s) -> auto& { return s.export_folder; },
            "Where scheduled exports are put; without it none can be scheduled")
        .flag(
            "metrics-anywhere", [](Settings & s) -> auto& { return s.metrics_anywhere; },
            "Give /metrics to everybody; else to this machine and keys with all/read")
        .number<Size>(
            "auth-failures", [](Settings & s) -> auto& { return s.auth_failures; }, 1, many,
            "Wrong secrets of one key from one client address before it has to wait there")
        .number<Size>(
            "auth-address-failures", [](Settings & s) -> auto& { return s.auth_address_failures; }, 1, many,
            "Wrong secrets of one client address, with whatever keys, before it has to wait")
        .number<Size>(
            "auth-window-seconds", [](Settings & s) -> auto& { return s.auth_window_seconds; }, 1, a_day,
            "The time in which those are counted")
        .number<std::uint32_t>(
            "argon2-memory-kib", [](Settings & s) -> auto& { return s.argon2_memory_kib; }, 8, 1u << 20u,
            "Memory for hashing the secret of a new key")
        .number<std::uint32_t>(
            "argon2-passes", [](Settings & s) -> auto& { return s.argon2_passes; }, 1, 100,
            "Passes for hashing the secret of a new key");
    table.group("Requests")
        .size(
            "max-body-bytes", [](Settings & s) -> auto& { return s.max_body_bytes; }, 1, many,
            "Largest body; beyond it 413")
        .size(
            "max-attachments-bytes", [](Settings & s) -> auto& { return s.max_attachments_bytes; }, 1, many,
            "Largest body of a request that brings attachments; beyond it 413")
        .size(
            "max-package-bytes", [](Settings & s) -> auto& { return s.max_package_bytes; }, 1, many,
            "Largest package of a course; beyond it 413")
        .size(
            "package-unpacked-bytes", [](Settings & s) -> auto& { return s.package_unpacked_bytes; }, 1, many,
            "The same unpacked; beyond it 413")
        .number<Size>(
            "package-files", [](Settings & s) -> auto& { return s.package_files; }, 1, 10'000'000,
            "Most files in a package; beyond it 413")
        .number<Size>(
            "max-batch-statements", [](Settings & s) -> auto& { return s.max_batch_statements; }, 1, many,
            "Most statements in one POST; beyond it 413")
        .number<Size>(
            "max-json-depth", [](Settings & s) -> auto& { return s.max_json_depth; }, 8, 512,
            "Deepest nesting of statements; beyond it 400")
        .number<Size>(
            "max-json-values", [](Settings & s) -> auto& { return s.max_json_values; }, 1000, many,
            "Most values (objects, arrays, texts, numbers) in a body of statements; beyond it 413")
        .number<Size>(
            "max-statement-terms", [](Settings & s) -> auto& { return s.max_statement_terms; }, 100,
            1u << 20u, "Most actors, activities and attachments that a statement is found by; beyond it 413")
        .number<Size>(
            "max-batch-terms", [](Settings & s) -> auto& { return s.max_batch_terms; }, 1000, many,
            "The same of all statements in one POST; beyond it 413")
        .number<Size>(
            "default-page-statements", [](Settings & s) -> auto& { return s.default_page_statements; }, 1,
            many, "Statements in a page without limit")
        .number<Size>(
            "max-page-statements", [](Settings & s) -> auto& { return s.max_page_statements; }, 1, many,
            "Most statements in a page; limit=0 asks for it")
        .size(
            "max-page-bytes", [](Settings & s) -> auto& { return s.max_page_bytes; }, 1, many,
            "A page ends with the statement that reaches this, and more leads on");
    table.group("Connections")
        .size(
            "header-bytes", [](Settings & s) -> auto& { return s.http_limits.header_bytes; }, 1024, 1u << 20u,
            "Largest head of a request; beyond it 431")
        .number<Size>(
            "connections", [](Settings & s) -> auto& { return s.http_limits.connections; }, 1, many,
            "Most open connections; further ones get 503")
        .number<Size>(
            "connections-per-client",
            [](Settings & s) -> auto& { return s.http_limits.connections_per_client; }, 1, many,
            "Most open connections of one client address; further ones get 429")
        .size(
            "body-memory-bytes", [](Settings & s) -> auto& { return s.http_limits.body_memory; }, 1, many,
            "Bodies being read or worked on, all together; beyond it 503")
        .size(
            "strangers-body-memory-bytes",
            [](Settings & s) -> auto& { return s.http_limits.strangers_body_memory; }, 1, many,
            "The same of clients that have not said who they are; beyond it 503")
        .size(
            "client-body-memory-bytes",
            [](Settings & s) -> auto& { return s.http_limits.client_body_memory; }, 1, many,
            "Bodies beyond 64 KiB of one key, being read or worked on; beyond it 503")
        .size(
            "answer-memory-bytes", [](Settings & s) -> auto& { return s.http_limits.answer_memory; }, 1, many,
            "Answers beyond 64 KiB that are being sent, all together; beyond it 503")
        .size(
            "client-answer-memory-bytes",
            [](Settings & s) -> auto& { return s.http_limits.client_answer_memory; }, 1, many,
            "The same of one key; beyond it 503")
        .seconds(
            "handshake-seconds", [](Settings & s) -> auto& { return s.http_limits.handshake_time; },
            "Time for the TLS handshake")
        .seconds(
            "header-seconds", [](Settings & s) -> auto& { return s.http_limits.header_time; },
            "Time to send a request's head; beyond it 408")
        .seconds(
            "body-seconds", [](Settings & s) -> auto& { return s.http_limits.body_time; },
            "Time to send a request's body; beyond it 408")
        .seconds(
            "idle-seconds", [](Settings & s) -> auto& { return s.http_limits.idle_time; },
            "Time between two requests of a connection")
        .seconds(
            "stop-seconds", [](Settings & s) -> auto& { return s.http_limits.stop_time; },
            "Time for requests under way when the server stops");
    table.group("Analytics")
        .seconds(
            "analytics-seconds", [](Settings & s) -> auto& { return s.analytics_time; },
            "Time for a query; beyond it 503")
        .size(
            "analytics-memory-bytes", [](Settings & s) -> auto& { return s.analytics_memory_bytes; },
            1u << 20u, many, "Memory of a query's groups and values; beyond it 413");
    table.group("Storage")
        .size(
            "store-cache-bytes", [](Settings & s) -> auto& { return s.store_cache_bytes; }, 1, many,
            "Memory for blocks read from disk")
        .size(
            "store-queue-bytes", [](Settings & s) -> auto& { return s.store_queue_bytes; }, 1, many,
            "Statements waiting to be written; beyond it 503")
        .number<Size>(
            "read-threads", [](Settings & s) -> auto& { return s.read_threads; }, 1, 1024,
            "Reads that wait for the disk at a time")
        .size(
            "store-segment-bytes", [](Settings & s) -> auto& { return s.store_segment_bytes; }, 1u << 20u,
            many, "Memory for the index of what is not in sealed files yet; up to four of them are held")
        .flag(
            "allow-future-stored", [](Settings & s) -> auto& { return s.allow_future_stored; },
            "Start although the last statement is 10 minutes or more ahead of the clock");
    table.group("Log")
        .choice<LogFormat>(
            "log-format", [](Settings & s) -> auto& { return s.log_format; },
            {{"text", LogFormat::text}, {"json", LogFormat::json}}, "text or json")
        .choice<std::string>(
            "log-level", [](Settings & s) -> auto& { return s.log_level; },
            {{"debug", "debug"}, {"info", "info"}, {"warning", "warning"}, {"error", "error"}},
            "debug, info, warning or error");
    return table.take();
}

const std::vector<Setting>& all_settings() {
    static const std::vector<Setting> all = make_settings();
    return all;
}

std::string environment_name(const std::string& name) {
    std::string text = "LEERSPOOR_";
    for (const char c : name) {
        text += c == '-' ? '_' : (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
    return text;
}

} // namespace

void add_settings(CLI::App& command, Settings& settings, std::filesystem::path& config_file) {
    command.add_option("--config", config_file, "A file with settings: name = value, in TOML")
        ->envname("LEERSPOOR_CONFIG")
        ->group("Place");
    for (const auto& setting : all_settings()) {
        setting.add(command, settings, "--" + setting.name)
            ->envname(environment_name(setting.name))
            ->group(setting.group);
    }
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
            if (item.inputs.empty()) option->add_result(""); // an empty list
            for (const auto& input : item.inputs) option->add_result(input);
            option->run_callback();
        } catch (const CLI::Error& error) {
            errors.push_back({"setting_invalid", "", file + ": " + error.what()});
        }
    }
    return errors;
}

std::string describe(const Settings& settings) {
    std::string text;
    std::string group;
    for (const auto& setting : all_settings()) {
        if (setting.group != group) {
            group = setting.group;
            text += (text.empty() ? "# " : "\n# ") + group + "\n";
        }
        text += setting.name + " = " + setting.print(settings) + "\n";
    }
    return text;
}

} // namespace leerspoor::server::cli

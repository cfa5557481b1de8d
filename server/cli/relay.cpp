#include "server/cli/relay.hpp"

#include "server/cli/ask.hpp"
#include "server/cli/exit_status.hpp"
#include "spec/base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <ostream>

namespace leerspoor::server::cli {
namespace {

namespace json = boost::json;

Result<std::string> content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{"file_unusable", "", path.string() + " cannot be read."};
    std::string content((std::istreambuf_iterator<char>(file)), {});
    return Result<std::string>(boost::system::in_place_value, std::move(content));
}

Result<json::object> wanted_relay(const RelayCommand& asked) {
    json::object relay{{"kind", asked.kind}, {"url", asked.url}, {"key", asked.key}, {"rate", asked.rate}};
    auto filter = spec::parse_json(asked.filter);
    if (!filter) return filter.error();
    relay["filter"] = std::move(*filter);
    if (!asked.secret_file.empty()) {
        auto secret = content_of(asked.secret_file);
        if (!secret) return secret.error();
        while (secret->ends_with('\n') || secret->ends_with('\r')) secret->pop_back();
        relay["secret"] = std::move(*secret);
    }
    if (!asked.certificate.empty()) {
        auto certificate = content_of(asked.certificate);
        if (!certificate) return certificate.error();
        relay["certificate"] = std::move(*certificate);
    }
    return relay;
}

Result<json::object> answer_to(const RelayCommand& asked) {
    json::object request{{"command", "relay_" + asked.command}, {"store", asked.store}};
    if (asked.command == "add") {
        auto relay = wanted_relay(asked);
        if (!relay) return relay.error();
        request["relay"] = std::move(*relay);
    } else if (asked.command == "remove") {
        request["id"] = asked.id;
    }
    return ask_server(asked.data, request);
}

} // namespace

int run_relay_command(const RelayCommand& asked, std::ostream& out, std::ostream& err) {
    const auto answer = answer_to(asked);
    if (!answer) {
        err << "leerspoor: " << answer.error().message << "\n";
        return failed;
    }
    if (asked.command == "add") {
        out << text_of(*answer, "id") << " works.\n";
    } else if (asked.command == "remove") {
        out << asked.id << " is gone.\n";
    } else {
        for (const auto& item : answer->at("items").as_array()) {
            const auto& relay = item.as_object();
            out << text_of(relay, "id") << "  " << text_of(relay, "kind") << "  " << text_of(relay, "url")
                << "  " << json::serialize(relay.at("done")) << " done, "
                << json::serialize(relay.at("refused")) << " refused";
            const auto problem = text_of(relay, "problem");
            out << (problem.empty() ? "" : "  " + problem) << "\n";
        }
    }
    return done;
}

} // namespace leerspoor::server::cli

#include "server/cli/key.hpp"

#include "server/auth/key_ring.hpp"
#include "server/cli/exit_status.hpp"
#include "server/control/commands.hpp"
#include "server/control/socket.hpp"
#include "server/support/files.hpp"
#include "spec/base/json.hpp"
#include "storage/rocksdb/open.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>
#include <sys/stat.h>

namespace leerspoor::server::cli {
namespace {

namespace json = boost::json;

json::object request_of(const KeyCommand& asked) {
    json::object request{{"command", asked.command}};
    if (!asked.key.empty()) request["key"] = asked.key;
    if (asked.command != "create") return request;
    if (!asked.secret.empty()) request["secret"] = asked.secret;
    request["name"] = asked.name;
    request["store"] = asked.store;
    json::array scopes;
    for (const auto& scope : asked.scopes) scopes.emplace_back(scope);
    request["scopes"] = std::move(scopes);
    return request;
}

// One line of JSON in, one out.
Result<std::string> answer_to(const KeyCommand& asked) {
    std::string line;
    spec::write_json(request_of(asked), line);
    std::error_code ec;
    if (asked.command != "create" && !std::filesystem::is_directory(asked.data, ec)) {
        return Error{"data_folder_unusable", "", "There is no folder " + asked.data.string() + "."};
    }
    storage::RocksdbOptions options;
    options.allow_future_stored = true; // nothing is stored here
    auto store = storage::open_rocksdb(asked.data, options);
    if (!store && store.error().code == "data_folder_in_use") return control::ask(asked.data, line);
    if (!store) return store.error();
    auto keys = auth::KeyRing::load(**store);
    if (!keys) return keys.error();
    Log quiet(LogFormat::text, "warning"); // what was done is printed
    return Result<std::string>(boost::system::in_place_value, control::run_line(**keys, quiet, line));
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* const member = object.if_contains(name);
    return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

std::string scopes_of(const json::object& row) {
    std::string list;
    const auto* const scopes = row.if_contains("scopes");
    if (!scopes || !scopes->is_array()) return list;
    for (const auto& scope : scopes->get_array()) {
        if (!scope.is_string()) continue;
        if (!list.empty()) list += ' ';
        list += std::string_view(scope.get_string());
    }
    return list;
}

void print_created(const json::object& result, std::ostream& out) {
    out << "key:    " << text_of(result, "key") << "\nsecret: " << text_of(result, "secret")
        << "\nThe secret is kept as a hash only: write it down now.\n";
}

void print_list(const json::object& result, std::ostream& out) {
    const auto* const keys = result.if_contains("keys");
    if (!keys || !keys->is_array() || keys->get_array().empty()) {
        out << "There are no keys yet: leerspoor key create --data DIR makes one.\n";
        return;
    }
    for (const auto& row : keys->get_array()) {
        if (!row.is_object()) continue;
        const auto& key = row.get_object();
        const auto revoked = text_of(key, "revoked");
        out << text_of(key, "key") << "\n    name:    " << text_of(key, "name")
            << "\n    scopes:  " << scopes_of(key) << "\n    store:   " << json::serialize(key.at("store"))
            << "\n    created: " << text_of(key, "created") << "\n";
        if (!revoked.empty()) out << "    revoked: " << revoked << "\n";
    }
}

} // namespace

int run_key_command(const KeyCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077); // also for the files that the database makes
    const auto line = answer_to(asked);
    if (!line) {
        err << "leerspoor: " << line.error().message << "\n";
        return failed;
    }
    const auto answer = spec::parse_json(*line);
    if (!answer || !answer->is_object()) {
        err << "leerspoor: the server's answer was not understood.\n";
        return failed;
    }
    const auto& members = answer->get_object();
    if (const auto* const error = members.if_contains("error"); error && error->is_object()) {
        err << "leerspoor: " << text_of(error->get_object(), "message") << "\n";
        return failed;
    }
    const auto* const result = members.if_contains("result");
    if (!result || !result->is_object()) return failed;
    if (asked.json) {
        out << json::serialize(*result) << "\n";
    } else if (asked.command == "create") {
        print_created(result->get_object(), out);
    } else if (asked.command == "list") {
        print_list(result->get_object(), out);
    } else {
        out << "The key " << asked.key << " is refused from now on.\n";
    }
    return done;
}

} // namespace leerspoor::server::cli

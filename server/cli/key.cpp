#include "server/cli/key.hpp"

#include "server/cli/ask.hpp"
#include "server/cli/exit_status.hpp"

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

void print_keys(const json::object& result, std::ostream& out) {
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
    const auto result = ask(asked.data, request_of(asked), asked.command == "create");
    if (!result) {
        err << "leerspoor: " << result.error().message << "\n";
        return failed;
    }
    if (asked.json) {
        out << json::serialize(*result) << "\n";
    } else if (asked.command == "create") {
        print_created(*result, out);
    } else if (asked.command == "list") {
        print_keys(*result, out);
    } else {
        out << "The key " << asked.key << " is refused from now on.\n";
    }
    return done;
}

} // namespace leerspoor::server::cli

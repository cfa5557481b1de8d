#include "server/cli/person.hpp"

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

json::object request_of(const PersonCommand& asked) {
    if (asked.command == "add") return {{"command", "invite"}, {"role", asked.role}};
    if (asked.command == "reset") return {{"command", "invite"}, {"reset_of", asked.name}};
    if (asked.command == "remove") return {{"command", "remove"}, {"name", asked.name}};
    return {{"command", "people"}};
}

void print_people(const json::object& result, std::ostream& out) {
    const auto* const people = result.if_contains("people");
    if (!people || !people->is_array() || people->get_array().empty()) {
        out << "Nobody has an account yet: `leerspoor serve` prints a link for the first.\n";
        return;
    }
    for (const auto& row : people->get_array()) {
        if (row.is_object())
            out << text_of(row.get_object(), "name") << "\n    role:    " << text_of(row.get_object(), "role")
                << "\n    created: " << text_of(row.get_object(), "created") << "\n";
    }
}

} // namespace

int run_person_command(const PersonCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077); // also for the files that the database makes
    const auto result = ask(asked.data, request_of(asked), false);
    if (!result) {
        err << "leerspoor: " << result.error().message << "\n";
        return failed;
    }
    if (asked.json) {
        out << json::serialize(*result) << "\n";
    } else if (asked.command == "list") {
        print_people(*result, out);
    } else if (asked.command == "remove") {
        out << asked.name << " cannot sign in any more.\n";
    } else {
        out << "Open this path of the server, once, until " << text_of(*result, "expires") << ":\n"
            << text_of(*result, "path") << "\n";
    }
    return done;
}

} // namespace leerspoor::server::cli

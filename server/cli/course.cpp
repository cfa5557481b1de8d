#include "server/cli/course.hpp"

#include "server/cli/ask.hpp"
#include "server/cli/exit_status.hpp"
#include "server/courses/commands.hpp"
#include "server/courses/library.hpp"
#include "server/courses/qr_code.hpp"
#include "spec/base/json.hpp"
#include "storage/rocksdb/open.hpp"

#include <boost/json/array.hpp>
#include <ostream>
#include <sys/stat.h>

namespace leerspoor::server::cli {
namespace {

namespace json = boost::json;

// On the folder itself, or by the server that has it open.
Result<json::object> answer_to(const std::filesystem::path& data, const json::object& request) {
    ::umask(077);
    storage::RocksdbOptions options;
    auto store = storage::open_rocksdb(data, options);
    if (!store && store.error().code == "data_folder_in_use") return ask_server(data, request);
    if (!store) return store.error();
    const Settings settings;
    auto library = courses::Library::load(**store, settings.authority_home_page);
    if (!library) return library.error();
    auto result = courses::run_command(**store, **library, settings, request);
    if (!result) return Error{"command_invalid", "", "There is no such command."};
    return std::move(*result);
}

// In the first language there is.
std::string title_of(const json::object& course, std::string_view name) {
    const auto* titles = course.if_contains(name);
    if (!titles || !titles->is_object() || titles->get_object().empty()) return "";
    return std::string(titles->get_object().begin()->value().as_string());
}

void print_report(const json::object& report, std::ostream& out, std::ostream& err) {
    for (const auto& one : report.at("warnings").as_array()) {
        const auto& warning = one.as_object();
        err << text_of(warning, "where") << ": " << text_of(warning, "message") << "\n";
    }
    out << title_of(report, "titles") << ": " << text_of(report, "kind") << " " << text_of(report, "edition")
        << ", " << report.at("activities").as_array().size() << " to start, " << report.at("files")
        << " files\n";
}

json::object request_of(const CourseCommand& asked) {
    json::object request{{"command", "course_" + asked.command}, {"store", asked.store}};
    if (asked.command == "add") {
        request["file"] = std::filesystem::absolute(asked.file).string();
        request["course"] = asked.course;
        request["dry_run"] = asked.dry_run;
    }
    if (asked.command == "retire" || asked.command == "restore") {
        request["command"] = "course_retire";
        request["retired"] = asked.command == "retire";
    }
    if (!asked.id.empty()) request["id"] = asked.id;
    if (asked.command == "move") request["registration"] = asked.registration;
    return request;
}

} // namespace

int run_course_command(const CourseCommand& asked, std::ostream& out, std::ostream& err) {
    const auto answer = answer_to(asked.data, request_of(asked));
    if (!answer) {
        err << "leerspoor: " << answer.error().message << "\n";
        return failed;
    }
    if (asked.command == "add") {
        print_report(*answer, out, err);
        if (!asked.dry_run) out << text_of(*answer, "id") << ", version " << answer->at("versions") << "\n";
    } else if (asked.command == "list") {
        for (const auto& item : answer->at("items").as_array()) {
            const auto& course = item.as_object();
            out << text_of(course, "id") << "  " << text_of(course, "kind") << "  "
                << title_of(course, "titles") << (course.at("retired").as_bool() ? "  (retired)" : "")
                << "\n";
        }
    } else if (asked.command == "move") {
        out << answer->at("moved") << " go on with the newest version.\n";
    } else {
        out << asked.id << (asked.command == "remove" ? " is gone.\n" : " is changed.\n");
    }
    return done;
}

int run_launch_command(const LaunchCommand& asked, std::ostream& out, std::ostream& err) {
    auto learner = spec::parse_json(asked.learner);
    if (!learner) {
        err << "leerspoor: the learner is an Agent as JSON: " << learner.error().message << "\n";
        return failed;
    }
    json::object launch{{"course", asked.course}, {"learner", std::move(*learner)}};
    const auto add = [&launch](std::string_view name, const std::string& value) {
        if (!value.empty()) launch[name] = value;
    };
    add("node", asked.node);
    add("mode", asked.mode);
    add("registration", asked.registration);
    add("expires", asked.expires);
    add("return_url", asked.return_url);
    const auto answer = ask_server(
        asked.data, {{"command", "launch"}, {"store", asked.store}, {"launch", std::move(launch)}});
    if (!answer) {
        err << "leerspoor: " << answer.error().message << "\n";
        return failed;
    }
    out << text_of(*answer, "url") << "\n";
    if (asked.qr) out << courses::qr_text(text_of(*answer, "url"));
    return done;
}

} // namespace leerspoor::server::cli

#include "server/courses/commands.hpp"

#include "server/courses/course_operations.hpp"
#include "server/courses/kept.hpp"
#include "server/courses/launch_request.hpp"
#include "server/courses/launches.hpp"
#include "spec/base/json.hpp"
#include "spec/courses/manifest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;

struct File {
    explicit File(const std::string& path) : number(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (number >= 0) ::close(number);
    }
    int number;
};

Result<Package> package_in(storage::ContentStore* store, storage::StoreId tenant, const Settings& settings,
                           const std::string& path) {
    const File file(path);
    if (file.number < 0) return Error{"file_unusable", "", path + " cannot be read."};
    if (!path.ends_with(".xml"))
        return take_package(file.number, archive_limits(settings), store, tenant, {});
    std::ifstream stream(path, std::ios::binary);
    std::string text(spec::courses::max_manifest_bytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return take_manifest(text);
}

Result<json::object> add(storage::RecordStore& store, Library& library, const Settings& settings,
                         storage::StoreId tenant, const json::object& request) {
    const bool dry_run = flag_in(request, "dry_run");
    const auto alone = library.hold_files();
    auto package = package_in(dry_run ? nullptr : &store, tenant, settings, text_in(request, "file"));
    if (!package) return package.error();
    auto report = report_of(*package);
    if (dry_run) return report;
    const auto info =
        library.add(tenant, std::move(*package), "the command line", text_in(request, "course"));
    if (!info) return info.error();
    report["id"] = info->id;
    report["versions"] = info->versions.size();
    return report;
}

} // namespace

std::optional<Result<json::object>> run_command(storage::RecordStore& store, Library& library,
                                                const Settings& settings, const json::object& request) {
    const auto name = text_in(request, "command");
    const auto* number = request.if_contains("store");
    const auto tenant = number && number->is_int64() && number->get_int64() > 0
                            ? static_cast<storage::StoreId>(number->get_int64())
                            : storage::first_store;
    if (name == "course_add") return add(store, library, settings, tenant, request);
    if (name == "course_list") {
        json::array items;
        for (const auto& info : library.all(tenant)) items.push_back(as_json(info));
        return json::object{{"items", std::move(items)}};
    }
    if (name == "course_retire") {
        const auto done = library.retire(tenant, text_in(request, "id"), flag_in(request, "retired"));
        return done ? Result<json::object>(json::object()) : done.error();
    }
    if (name == "course_move") {
        const auto moved =
            Launches(store).move(library, tenant, text_in(request, "id"), text_in(request, "registration"));
        return moved ? Result<json::object>(json::object{{"moved", *moved}}) : moved.error();
    }
    if (name == "course_remove") {
        const auto done = library.remove(tenant, text_in(request, "id"));
        return done ? Result<json::object>(json::object()) : done.error();
    }
    return std::nullopt;
}

std::optional<std::string> run_line(const Services& services, std::string_view line) {
    const auto parsed = spec::parse_json(line);
    const auto* request = parsed ? parsed->if_object() : nullptr;
    if (!request) return std::nullopt;
    auto result = run_command(services.store, *services.courses, services.settings, *request);
    const auto* launch = request->if_contains("launch");
    if (!result && text_in(*request, "command") == "launch" && launch && launch->is_object()) {
        const auto* number = request->if_contains("store");
        const auto tenant = number && number->is_int64() ? static_cast<storage::StoreId>(number->get_int64())
                                                         : storage::first_store;
        const auto& settings = services.settings;
        result = make_launch(services, tenant, "the command line",
                             settings.public_url.empty() ? settings.own_url : settings.public_url,
                             launch->get_object());
    }
    if (!result) return std::nullopt;
    if (*result) return json::serialize(json::object{{"result", std::move(**result)}});
    const auto& error = result->error();
    const auto place = error.pointer.empty() ? std::string() : error.pointer + ": ";
    return json::serialize(
        json::object{{"error", {{"code", error.code}, {"message", place + error.message}}}});
}

} // namespace leerspoor::server::courses

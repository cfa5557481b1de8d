#include "server/courses/course_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/app/workers.hpp"
#include "server/courses/upload.hpp"
#include "server/support/log.hpp"
#include "spec/base/ascii.hpp"
#include "spec/courses/manifest.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;

Error unknown_course() {
    return {"course_unknown", "", "There is no such course."};
}

enum class Form { zip, manifest };

Result<Form> form_of(const http::RequestHead& head) {
    const auto field = head.fields.find("Content-Type").value_or("");
    const auto type = spec::lower_case(field.substr(0, field.find(';')));
    for (const auto* zip : {"application/zip", "application/x-zip-compressed", "application/octet-stream"})
        if (type == zip) return Form::zip;
    for (const auto* xml : {"text/xml", "application/xml"})
        if (type == xml) return Form::manifest;
    return Error{"package_type", "",
                 "A package comes as application/zip, a course structure alone as text/xml."};
}

struct Asked {
    bool dry_run = false;
    std::string course;
};
Result<Asked> asked_in(std::string_view query) {
    Asked asked;
    while (!query.empty()) {
        const auto one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), one.size() + 1));
        if (one == "dry_run=true") {
            asked.dry_run = true;
        } else if (one.starts_with("course=")) {
            asked.course = one.substr(7);
        } else if (one != "dry_run=false") {
            return Error{"query_parameter_unknown", "", "There are dry_run and course."};
        }
    }
    return asked;
}

json::array as_json(const std::vector<spec::courses::Finding>& findings) {
    json::array list;
    for (const auto& one : findings)
        list.push_back(json::object{{"code", one.code}, {"where", one.where}, {"message", one.sentence}});
    return list;
}

json::object tree_of(const Library& library, const CourseVersion& version,
                     const spec::courses::CourseNode& node) {
    json::object shown{{"id", node.id},
                       {"activity", library.iri_of(version, node)},
                       {"title", node.title},
                       {"description", node.description},
                       {"launchable", !node.href.empty()}};
    if (version.content.kind == spec::courses::CourseKind::cmi5 && !node.href.empty())
        shown["move_on"] = name_of(node.move_on);
    if (node.mastery_score) shown["mastery_score"] = *node.mastery_score;
    json::array children;
    for (const auto& child : node.children) children.push_back(tree_of(library, version, child));
    shown["children"] = std::move(children);
    return shown;
}

struct Taken {
    json::object report;
    std::optional<CourseInfo> info;
};

Result<Taken> take(const Services& services, const Request& request, const Upload& upload, Form form,
                   const Asked& asked) {
    auto& library = *services.courses;
    const auto tenant = request.principal->store;
    const auto alone = library.hold_files();
    Result<Package> package = Error{};
    if (form == Form::zip) {
        storage::ContentStore* const store = asked.dry_run ? nullptr : &services.store;
        package = take_package(upload.file(), archive_limits(services.settings), store, tenant, {});
    } else {
        auto text = upload.text(spec::courses::max_manifest_bytes);
        if (!text) return text.error();
        package = take_manifest(*text);
    }
    if (!package) return package.error();
    Taken taken{report_of(*package), std::nullopt};
    if (asked.dry_run) return taken;
    const auto& who = *request.principal;
    auto info = library.add(tenant, std::move(*package), who.is_person ? who.person : who.key, asked.course);
    if (!info) return info.error();
    taken.info = std::move(*info);
    return taken;
}

} // namespace

json::object report_of(const Package& package) {
    json::array activities;
    for (const auto* node : launchable_nodes(package.course))
        activities.push_back(json::object{{"id", node->id}, {"title", node->title}});
    std::uint64_t bytes = 0;
    for (const auto& file : package.files) bytes += file.size;
    return {{"kind", name_of(package.course.kind)},
            {"edition", package.course.edition},
            {"publisher_id", package.course.id},
            {"titles", package.course.title},
            {"activities", std::move(activities)},
            {"files", package.files.size()},
            {"bytes", bytes},
            {"warnings", as_json(package.report.warnings())}};
}

ArchiveLimits archive_limits(const Settings& settings) {
    return {.files = settings.package_files,
            .file_bytes = settings.package_unpacked_bytes,
            .total_bytes = settings.package_unpacked_bytes};
}

json::object as_json(const CourseInfo& info) {
    json::array versions;
    for (const auto& version : info.versions) versions.push_back(json::string(version));
    return {{"id", info.id},
            {"kind", name_of(info.kind)},
            {"publisher_id", info.publisher_id},
            {"titles", info.title},
            {"descriptions", info.description},
            {"versions", std::move(versions)},
            {"retired", info.retired},
            {"made", spec::format_timestamp(info.made)}};
}

json::object as_json(const Library& library, const CourseInfo& info, const CourseVersion& version) {
    auto shown = as_json(info);
    shown["activity"] = library.iri_of(info.id);
    shown["edition"] = version.content.edition;
    shown["uploaded"] = spec::format_timestamp(version.made);
    shown["uploaded_by"] = version.by;
    shown["warnings"] = as_json(version.warnings);
    json::array nodes;
    for (const auto& node : version.content.nodes) nodes.push_back(tree_of(library, version, node));
    shown["nodes"] = std::move(nodes);
    json::array activities;
    for (const auto* node : launchable_nodes(version.content))
        activities.push_back(json::object{
            {"id", node->id}, {"activity", library.iri_of(version, *node)}, {"title", node->title}});
    shown["activities"] = std::move(activities);
    std::uint64_t bytes = 0;
    for (const auto& [path, file] : version.files) bytes += file.size;
    shown["files"] = version.files.size();
    shown["bytes"] = bytes;
    return shown;
}

boost::asio::awaitable<Result<http::Response>> post_courses(const Services& services,
                                                            const Request& request) {
    const auto form = form_of(request.head);
    if (!form) co_return form.error();
    const auto asked = asked_in(request.head.query());
    if (!asked) co_return asked.error();
    auto upload = Upload::create(services.settings.data);
    if (!upload) co_return upload.error();
    if (auto taken = co_await upload->take(*request.body.reader); !taken) co_return taken.error();
    const auto work = [&] { return take(services, request, *upload, *form, *asked); };
    auto taken = co_await services.workers.analyse(work);
    if (!taken) co_return taken.error();
    if (!taken->info) co_return json_response(taken->report);
    const auto& info = *taken->info;
    if (services.log)
        services.log->event(Level::info, "course uploaded",
                            {{"course", info.id}, {"version", info.versions.back()}});
    auto shown = std::move(taken->report);
    shown["id"] = info.id;
    shown["version"] = info.versions.back();
    shown["versions"] = info.versions.size();
    auto response = json_response(shown, 201);
    response.fields.add("Location", "/api/v1/courses/" + info.id);
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_courses(const Services& services, const Request& request) {
    json::array items;
    for (const auto& info : services.courses->all(request.principal->store)) items.push_back(as_json(info));
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> get_course(const Services& services, const Request& request) {
    const auto info = services.courses->find(request.principal->store, path_parameter(request, "id"));
    if (!info) co_return unknown_course();
    const auto version = services.courses->version(info->versions.back());
    if (!version) co_return Error{"course_unreadable", "", "What is kept of this course cannot be read."};
    co_return json_response(as_json(*services.courses, *info, *version));
}

boost::asio::awaitable<Result<http::Response>> patch_course(const Services& services,
                                                            const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    const auto* retired = body->if_contains("retired");
    if (!retired || !retired->is_bool() || body->size() != 1)
        co_return Error{"api_body_invalid", "/retired", "What can be changed is retired, true or false."};
    const auto id = path_parameter(request, "id");
    const auto done = services.courses->retire(request.principal->store, id, retired->get_bool());
    if (!done) co_return done.error();
    co_return json_response(as_json(*services.courses->find(request.principal->store, id)));
}

boost::asio::awaitable<Result<http::Response>> delete_course(const Services& services,
                                                             const Request& request) {
    const auto work = [&] {
        return services.courses->remove(request.principal->store, path_parameter(request, "id"));
    };
    const auto removed = co_await services.workers.analyse(work);
    if (!removed) co_return removed.error();
    http::Response response;
    response.status = 204;
    co_return response;
}

} // namespace leerspoor::server::courses

#include "spec/courses/manifest.hpp"
#include "spec/courses/xml.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <set>

namespace leerspoor::spec::courses {
namespace {

namespace json = boost::json;

// <name lang="en-US">…</name>, once for each language.
json::object texts(pugi::xml_node activity, std::string_view name) {
    json::object map;
    for (const auto node : elements(activity, name)) {
        const auto language = attribute(node, "lang").value_or("und");
        map[is_language_tag(language) ? language : std::string("und")] = text_of(node);
    }
    return map;
}

} // namespace

Result<Course> read_tincan(std::string_view xml, std::string_view file, const PackageFiles* files,
                           Report& report) {
    const auto parsed = Xml::parse(xml, std::string(file));
    if (!parsed) return parsed.error();
    const auto root = parsed->root();
    if (local_name(root) != "tincan")
        return parsed->error("course_invalid", root, "The first element of tincan.xml is tincan.");
    const auto activities = elements(element(root, "activities"), "activity");
    Course course;
    course.kind = CourseKind::xapi;
    course.edition = "1.0";
    std::set<std::string> ids;
    for (const auto activity : activities) {
        const auto id = attribute(activity, "id").value_or("");
        if (!is_iri(id))
            return parsed->error("course_invalid", activity, "An activity has an absolute IRI as its id.");
        if (!ids.insert(id).second)
            return parsed->error("course_id_repeated", activity,
                                 "Another activity has the same id: " + id + ".");
        const auto launch = element(activity, "launch");
        const auto type = attribute(activity, "type").value_or("");
        if (!launch) continue; // a part of one, told so that its names are known
        CourseNode node;
        node.id = id;
        node.title = texts(activity, "name");
        node.description = texts(activity, "description");
        node.activity_type = is_iri(type) ? type : std::string();
        node.href = text_of(launch);
        if (node.href.empty()) return parsed->error("course_url_invalid", launch, "The URL is missing here.");
        const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
        if (std::any_of(node.href.begin(), node.href.end(), blank))
            return parsed->error("course_url_invalid", launch, "This is no URL: " + node.href.substr(0, 200));
        if (!is_absolute_url(node.href)) {
            if (!files)
                return parsed->error("course_url_invalid", launch,
                                     "Without a package a URL must be absolute.");
            const auto target = resolve("", node.href);
            const auto found = files->find(target, parsed->place(launch), &report);
            if (!found)
                return parsed->error("course_file_missing", launch,
                                     "There is no file " + std::string(path_of(target)).substr(0, 200) +
                                         " in the package.");
            node.href = *found + target.substr(path_of(target).size());
        }
        course.nodes.push_back(std::move(node));
    }
    if (course.nodes.empty())
        return parsed->error("course_invalid", root, "No activity has a launch: nothing can be started.");
    course.id = course.nodes.front().id;
    course.title = course.nodes.front().title;
    course.description = course.nodes.front().description;
    return course;
}

} // namespace leerspoor::spec::courses

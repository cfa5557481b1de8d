#include "spec/courses/manifest.hpp"
#include "spec/courses/xml.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <set>
#include <span>

namespace leerspoor::spec::courses {
namespace {

namespace json = boost::json;

constexpr std::string_view schema = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd";
// What a launch adds to the URL (cmi5 8.1).
constexpr std::array<std::string_view, 5> launch_names{"endpoint", "fetch", "actor", "registration",
                                                       "activityId"};

// An element that may stand in another one, in this order (cmi5 14, CourseStructure.xsd).
struct Part {
    std::string_view name;
    bool required = false;
    std::size_t group = 0; // parts of one group, other than 0, stand in any order
};

class Reader {
  public:
    Reader(const Xml& xml, const PackageFiles* files, Report& report)
        : xml_(xml), files_(files), report_(report) {}

    Result<Course> read() {
        const auto root = xml_.root();
        if (local_name(root) != "courseStructure")
            return xml_.error("course_invalid", root,
                              "The first element of a cmi5 course structure is courseStructure.");
        own_ = namespace_of(root);
        if (own_ != schema) {
            if (own_.find("/v1/CourseStructure") == std::string_view::npos)
                return xml_.error("course_version", root,
                                  "This is no course structure of cmi5 1.0: its namespace is not " +
                                      std::string(schema) + ".");
            report_.warn("cmi5_namespace", xml_.place(root),
                         "The namespace should be " + std::string(schema) + ".");
        }
        constexpr std::array parts{Part{"course", true}, Part{"objectives"}, Part{"au", false, 1},
                                   Part{"block", false, 1}};
        if (auto fits = order(root, parts); !fits) return fits.error();
        course_.kind = CourseKind::cmi5;
        course_.edition = "1.0";
        if (auto read = head(element(root, "course")); !read) return read.error();
        if (auto read = objectives(element(root, "objectives")); !read) return read.error();
        auto nodes = members(root);
        if (!nodes) return nodes.error();
        course_.nodes = std::move(*nodes);
        if (course_.nodes.empty())
            return xml_.error("course_invalid", root, "A course has at least one au or block.");
        return std::move(course_);
    }

  private:
    bool is_own(pugi::xml_node node) const { return namespace_of(node) == own_; }

    // Elements of other namespaces are extensions, and may follow.
    Result<void> order(pugi::xml_node parent, std::span<const Part> parts) const {
        const auto find = [&](std::string_view name) {
            return std::find_if(parts.begin(), parts.end(),
                                [&](const Part& part) { return part.name == name; });
        };
        std::set<std::string_view> seen;
        auto at = parts.begin();
        for (const auto node : elements(parent)) {
            if (!is_own(node)) continue;
            const auto name = local_name(node);
            const auto part = find(name);
            if (part == parts.end())
                return xml_.error("course_invalid", node,
                                  "There is no element " + std::string(name) + " in " +
                                      std::string(local_name(parent)) + ".");
            const bool same_group = part->group != 0 && at != parts.end() && at->group == part->group;
            if (part < at && !same_group)
                return xml_.error("course_invalid", node,
                                  "The element " + std::string(name) + " must stand before " +
                                      std::string(at->name) + ".");
            if (!seen.insert(name).second && part->group == 0)
                return xml_.error("course_invalid", node,
                                  "The element " + std::string(name) + " may stand here once only.");
            at = part;
        }
        for (const auto& part : parts) {
            if (part.required && !seen.contains(part.name))
                return xml_.error("course_invalid", parent,
                                  "The element " + std::string(part.name) + " is missing in " +
                                      std::string(local_name(parent)) + ".");
        }
        return {};
    }

    Result<json::object> texts(pugi::xml_node parent) {
        json::object map;
        for (const auto node : elements(parent)) {
            if (!is_own(node)) continue;
            if (local_name(node) != "langstring")
                return xml_.error("course_invalid", node,
                                  "Texts stand in elements langstring, one for each language.");
            auto language = attribute(node, "lang").value_or("und");
            if (!is_language_tag(language)) {
                report_.warn("language_unknown", xml_.place(node),
                             "\"" + language.substr(0, 40) +
                                 "\" is no language tag; the text is taken for one "
                                 "of an unknown language.");
                language = "und";
            }
            map[language] = text_of(node);
        }
        if (map.empty())
            return xml_.error("course_invalid", parent, "There must be a langstring with a text here.");
        return map;
    }

    // A globally unique IRI (cmi5 3, 13.1).
    Result<std::string> id_of(pugi::xml_node node) {
        auto id = attribute(node, "id");
        if (!id || id->empty())
            return xml_.error("course_invalid", node,
                              "The attribute id is missing in " + std::string(local_name(node)) + ".");
        if (!is_iri(*id))
            return xml_.error("course_invalid", node,
                              "An id is an absolute IRI, as https://example.org/course/1.");
        return {boost::system::in_place_value, std::move(*id)};
    }
    Result<std::string> new_id(pugi::xml_node node, std::set<std::string>& taken) {
        auto id = id_of(node);
        if (id && !taken.insert(*id).second)
            return xml_.error("course_id_repeated", node, "Another element has the same id: " + *id + ".");
        return id;
    }

    Result<void> head(pugi::xml_node node) {
        constexpr std::array parts{Part{"title", true}, Part{"description", true}};
        if (auto fits = order(node, parts); !fits) return fits;
        auto id = id_of(node);
        if (!id) return id.error();
        course_.id = std::move(*id);
        auto title = texts(element(node, "title"));
        if (!title) return title.error();
        course_.title = std::move(*title);
        auto description = texts(element(node, "description"));
        if (!description) return description.error();
        course_.description = std::move(*description);
        return {};
    }

    Result<void> objectives(pugi::xml_node list) {
        for (const auto node : elements(list, "objective")) {
            CourseObjective objective;
            auto id = new_id(node, objective_ids_);
            if (!id) return id.error();
            objective.id = std::move(*id);
            constexpr std::array parts{Part{"title", true, 1}, Part{"description", true, 1}};
            if (auto fits = order(node, parts); !fits) return fits;
            auto title = texts(element(node, "title"));
            if (!title) return title.error();
            objective.title = std::move(*title);
            auto description = texts(element(node, "description"));
            if (!description) return description.error();
            objective.description = std::move(*description);
            course_.objectives.push_back(std::move(objective));
        }
        return {};
    }

    Result<std::vector<CourseNode>> members(pugi::xml_node parent) {
        std::vector<CourseNode> nodes;
        for (const auto child : elements(parent)) {
            if (!is_own(child)) continue;
            const auto name = local_name(child);
            if (name != "au" && name != "block") continue;
            auto node = name == "au" ? unit(child) : block(child);
            if (!node) return node.error();
            nodes.push_back(std::move(*node));
        }
        return nodes;
    }

    Result<CourseNode> named(pugi::xml_node node) {
        CourseNode made;
        auto id = new_id(node, node_ids_);
        if (!id) return id.error();
        made.id = std::move(*id);
        auto title = texts(element(node, "title"));
        if (!title) return title.error();
        made.title = std::move(*title);
        auto description = texts(element(node, "description"));
        if (!description) return description.error();
        made.description = std::move(*description);
        for (const auto reference : elements(element(node, "objectives"), "objective")) {
            auto objective = attribute(reference, "idref").value_or("");
            if (!objective_ids_.contains(objective))
                report_.warn("objective_unknown", xml_.place(reference),
                             "There is no objective " + objective.substr(0, 200) + " in the course.");
            made.objectives.push_back(std::move(objective));
        }
        return made;
    }

    Result<CourseNode> block(pugi::xml_node node) {
        constexpr std::array parts{Part{"title", true}, Part{"description", true}, Part{"objectives"},
                                   Part{"au", false, 1}, Part{"block", false, 1}};
        if (auto fits = order(node, parts); !fits) return fits.error();
        auto made = named(node);
        if (!made) return made;
        auto children = members(node);
        if (!children) return children.error();
        made->children = std::move(*children);
        if (made->children.empty())
            return xml_.error("course_invalid", node, "A block has at least one au or block.");
        return made;
    }

    Result<CourseNode> unit(pugi::xml_node node) {
        constexpr std::array parts{Part{"title", true}, Part{"description", true}, Part{"objectives"},
                                   Part{"url", true},   Part{"launchParameters"},  Part{"entitlementKey"}};
        if (auto fits = order(node, parts); !fits) return fits.error();
        auto made = named(node);
        if (!made) return made;
        if (auto read = settings(node, *made); !read) return read.error();
        made->launch_parameters = text_of(element(node, "launchParameters"));
        made->entitlement_key = text_of(element(node, "entitlementKey"));
        auto url = url_of(element(node, "url"));
        if (!url) return url.error();
        made->href = std::move(*url);
        return made;
    }

    Result<void> settings(pugi::xml_node node, CourseNode& made) const {
        if (const auto text = attribute(node, "moveOn")) {
            const auto move_on = parse_move_on(*text);
            if (!move_on)
                return xml_.error(
                    "course_invalid", node,
                    "The attribute moveOn is NotApplicable, Passed, Completed, CompletedAndPassed or "
                    "CompletedOrPassed.");
            made.move_on = *move_on;
        }
        if (const auto text = attribute(node, "launchMethod")) {
            if (*text != "OwnWindow" && *text != "AnyWindow")
                return xml_.error("course_invalid", node,
                                  "The attribute launchMethod is AnyWindow or OwnWindow.");
            made.own_window = *text == "OwnWindow";
        }
        if (const auto text = attribute(node, "masteryScore")) {
            double score = -1;
            const auto [end, problem] =
                std::from_chars(text->data(), text->data() + text->size(), score, std::chars_format::fixed);
            if (problem != std::errc() || end != text->data() + text->size() || !(score >= 0 && score <= 1))
                return xml_.error("course_invalid", node,
                                  "The attribute masteryScore is a number from 0 to 1.");
            made.mastery_score = score;
        }
        made.activity_type = attribute(node, "activityType").value_or("");
        return {};
    }

    // cmi5 13.1.4 (url), 14.1 and 14.2, 8.1.
    Result<std::string> url_of(pugi::xml_node node) {
        auto url = text_of(node);
        const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
        if (url.empty() || std::any_of(url.begin(), url.end(), blank) ||
            (is_absolute_url(url) && !is_iri(url)))
            return xml_.error("course_url_invalid", node, "This is no URL: " + url.substr(0, 200));
        for (const auto name : launch_names) {
            if (has_parameter(url, name))
                return xml_.error("course_url_invalid", node,
                                  "The URL's query has " + std::string(name) +
                                      ", which is a name that the launch adds (cmi5 8.1).");
        }
        if (is_absolute_url(url)) return {boost::system::in_place_value, std::move(url)};
        if (!files_)
            return xml_.error("course_url_invalid", node,
                              "Without a package a URL must be absolute: there is no file that " +
                                  url.substr(0, 200) + " could be.");
        const auto target = resolve("", url);
        const auto found = files_->find(target, xml_.place(node), &report_);
        if (!found)
            return xml_.error("course_file_missing", node,
                              "There is no file " + std::string(path_of(target)).substr(0, 200) +
                                  " in the package.");
        return {boost::system::in_place_value, *found + target.substr(path_of(target).size())};
    }

    static bool has_parameter(std::string_view url, std::string_view name) {
        auto query = url.substr(std::min(url.size(), url.find('?')));
        query = query.substr(0, query.find('#'));
        while (!query.empty()) {
            query.remove_prefix(1);
            const auto one = query.substr(0, query.find('&'));
            if (one.substr(0, one.find('=')) == name) return true;
            query.remove_prefix(one.size());
        }
        return false;
    }

    const Xml& xml_;
    const PackageFiles* files_;
    Report& report_;
    std::string_view own_; // namespace
    Course course_;
    std::set<std::string> node_ids_;
    std::set<std::string> objective_ids_;
};

} // namespace

Result<Course> read_cmi5(std::string_view xml, std::string_view file, const PackageFiles* files,
                         Report& report) {
    const auto parsed = Xml::parse(xml, std::string(file));
    if (!parsed) return parsed.error();
    return Reader(*parsed, files, report).read();
}

} // namespace leerspoor::spec::courses

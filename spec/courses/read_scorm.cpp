#include "spec/courses/manifest.hpp"
#include "spec/courses/sequencing.hpp"
#include "spec/courses/xml.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace leerspoor::spec::courses {
namespace {

namespace json = boost::json;

constexpr double hundred = 100;

struct Resource {
    pugi::xml_node node;
    std::string base; // xml:base, its own after the manifest's and that of all resources
    std::string href;
    bool is_sco = false;
};

std::optional<double> number_of_text(std::string_view text) {
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

json::object unknown_language(const std::string& text) {
    if (text.empty()) return {};
    return {{"und", text}};
}

// Texts of the learning object metadata: <langstring xml:lang> in 1.2, <string language> in 2004.
json::object texts_of(pugi::xml_node parent) {
    json::object map;
    for (const auto node : elements(parent)) {
        const auto name = local_name(node);
        if (name != "langstring" && name != "string") continue;
        auto language = attribute(node, name == "string" ? "language" : "lang").value_or("und");
        if (!is_language_tag(language)) language = "und";
        const auto text = text_of(node);
        if (!text.empty()) map[language] = text;
    }
    return map;
}

class ScormReader {
  public:
    ScormReader(const Xml& xml, const PackageFiles& files, Report& report)
        : xml_(xml), files_(files), report_(report) {}

    Result<Course> read() {
        const auto root = xml_.root();
        if (local_name(root) != "manifest")
            return xml_.error("course_invalid", root, "The first element of imsmanifest.xml is manifest.");
        if (auto found = find_edition(root); !found) return found.error();
        course_.id = attribute(root, "identifier").value_or("");
        if (course_.id.empty())
            report_.warn("identifier_missing", xml_.place(root), "The manifest has no identifier.");
        base_ = attribute(root, "base").value_or("");
        for (const auto node : elements(element(root, "sequencingCollection"), "sequencing"))
            if (const auto id = attribute(node, "ID")) collection_.emplace(*id, node);
        if (auto read = resources(element(root, "resources")); !read) return read.error();
        if (!element(root, "resources"))
            return xml_.error("course_invalid", root, "The element resources is missing.");
        if (element(root, "manifest"))
            report_.warn("manifest_inside", xml_.place(element(root, "manifest")),
                         "A manifest inside a manifest is not read.");
        metadata(root);
        if (auto read = organizations(root); !read) return read.error();
        if (launchable_nodes(course_).empty())
            return xml_.error("course_invalid", root,
                              "There is nothing to start: no item refers to a resource with an href.");
        return std::move(course_);
    }

  private:
    Result<void> find_edition(pugi::xml_node root) {
        const auto metadata = element(root, "metadata");
        const auto version = text_of(element(metadata, "schemaversion"));
        const bool schemas_of_2004 = declares(root, "adlcp_v1p3");
        const auto stands_for = [&](CourseKind kind, std::string edition) {
            course_.kind = kind;
            course_.edition = std::move(edition);
        };
        if (version == "1.2" || (version == "1.1" && !schemas_of_2004)) {
            stands_for(CourseKind::scorm_1_2, "1.2");
        } else if (version == "CAM 1.3" || version == "1.3" || version.starts_with("2004 2nd")) {
            stands_for(CourseKind::scorm_2004, "2004 2nd Edition");
        } else if (version.starts_with("2004 3rd")) {
            stands_for(CourseKind::scorm_2004, "2004 3rd Edition");
        } else if (version.starts_with("2004 4th") || version == "2004") {
            stands_for(CourseKind::scorm_2004, "2004 4th Edition");
        } else if (version.empty()) {
            if (schemas_of_2004) {
                stands_for(CourseKind::scorm_2004, "2004 4th Edition");
            } else {
                stands_for(CourseKind::scorm_1_2, "1.2");
            }
            report_.warn("schemaversion_missing", xml_.place(root),
                         "The metadata do not say which SCORM this is; it is taken for " + course_.edition +
                             ".");
        } else {
            return xml_.error("course_version", element(metadata, "schemaversion"),
                              "This is no version of SCORM that is known here: " + version.substr(0, 60) +
                                  ". There are 1.2 and 2004 2nd, 3rd and 4th Edition.");
        }
        if (course_.kind == CourseKind::scorm_1_2 && schemas_of_2004)
            report_.warn(
                "schemaversion_mixed", xml_.place(root),
                "The metadata say 1.2, the namespaces are those of SCORM 2004; it is taken for 1.2.");
        return {};
    }
    static bool declares(pugi::xml_node root, std::string_view part) {
        return std::any_of(root.attributes_begin(), root.attributes_end(),
                           [&](const pugi::xml_attribute& one) {
                               return std::string_view(one.value()).find(part) != std::string_view::npos;
                           });
    }

    void metadata(pugi::xml_node root) {
        const auto general = element(element(element(root, "metadata"), "lom"), "general");
        course_.title = texts_of(element(general, "title"));
        course_.description = texts_of(element(general, "description"));
    }

    Result<void> resources(pugi::xml_node list) {
        const auto base_of_all = attribute(list, "base").value_or("");
        for (const auto node : elements(list, "resource")) {
            const auto id = attribute(node, "identifier").value_or("");
            if (id.empty()) return xml_.error("course_invalid", node, "A resource needs an identifier.");
            Resource resource;
            resource.node = node;
            resource.base = join(join(base_, base_of_all), attribute(node, "base").value_or(""));
            resource.href = attribute(node, "href").value_or("");
            // scormtype in 1.2, scormType in 2004.
            const auto type = attribute(node, "scormtype").value_or("");
            resource.is_sco = type == "sco";
            if (!type.empty() && type != "sco" && type != "asset")
                report_.warn("scorm_type", xml_.place(node), "A resource is of the type sco or asset.");
            files_of(node, resource.base);
            if (!resources_.emplace(id, std::move(resource)).second)
                return xml_.error("course_id_repeated", node,
                                  "Another resource has the identifier " + id.substr(0, 200) + ".");
        }
        for (const auto node : elements(list, "resource"))
            for (const auto dependency : elements(node, "dependency")) {
                const auto id = attribute(dependency, "identifierref").value_or("");
                if (!resources_.contains(id))
                    report_.warn("dependency_unknown", xml_.place(dependency),
                                 "There is no resource " + id.substr(0, 200) + " that this could depend on.");
            }
        return {};
    }
    static std::string join(const std::string& base, const std::string& more) {
        if (more.empty() || base.empty()) return base + more;
        return base.ends_with('/') ? base + more : base + "/" + more;
    }
    void files_of(pugi::xml_node resource, const std::string& base) {
        for (const auto node : elements(resource, "file")) {
            const auto href = attribute(node, "href").value_or("");
            if (href.empty() || is_absolute_url(href)) continue;
            if (!files_.find(resolve(base, href), xml_.place(node), &report_))
                report_.warn("file_missing", xml_.place(node),
                             "There is no file " + href.substr(0, 200) + " in the package.");
        }
    }

    Result<void> organizations(pugi::xml_node root) {
        const auto list = element(root, "organizations");
        const auto all = elements(list, "organization");
        if (all.empty()) return take_resources(root);
        const auto wanted = attribute(list, "default").value_or("");
        auto chosen = all.front();
        for (const auto node : all)
            if (attribute(node, "identifier") == wanted) chosen = node;
        if (!wanted.empty() && attribute(chosen, "identifier") != wanted)
            report_.warn("organization_unknown", xml_.place(list),
                         "There is no organization " + wanted.substr(0, 200) + "; the first is taken.");
        if (all.size() > 1)
            report_.warn("organizations_several", xml_.place(list),
                         "The course has " + std::to_string(all.size()) +
                             " organizations; the default one is shown to learners.");
        const auto title = text_of(element(chosen, "title"));
        if (!title.empty() && course_.title.empty()) course_.title = unknown_language(title);
        if (course_.title.empty()) course_.title = unknown_language(course_.id);
        const auto global = attribute(chosen, "objectivesGlobalToSystem");
        course_.objectives_global_to_system = !global || *global == "true";
        auto sequencing = read_sequencing(xml_, element(chosen, "sequencing"), collection_);
        if (!sequencing) return sequencing.error();
        course_.sequencing = std::move(*sequencing);
        auto nodes = items(chosen);
        if (!nodes) return nodes.error();
        course_.nodes = std::move(*nodes);
        return {};
    }

    // A resource package: nobody said in which order.
    Result<void> take_resources(pugi::xml_node root) {
        report_.warn("organizations_empty", xml_.place(root),
                     "The manifest has no organization; its SCOs are shown in the order of the resources.");
        for (const auto node : elements(element(root, "resources"), "resource")) {
            const auto& resource = resources_.at(*attribute(node, "identifier"));
            if (!resource.is_sco || resource.href.empty()) continue;
            CourseNode made;
            made.id = *attribute(node, "identifier");
            made.title = unknown_language(made.id);
            if (auto started = start(node, resource, made); !started) return started;
            course_.nodes.push_back(std::move(made));
        }
        if (course_.title.empty()) course_.title = unknown_language(course_.id);
        return {};
    }

    Result<std::vector<CourseNode>> items(pugi::xml_node parent) {
        std::vector<CourseNode> nodes;
        for (const auto node : elements(parent, "item")) {
            auto made = item(node);
            if (!made) return made.error();
            nodes.push_back(std::move(*made));
        }
        return nodes;
    }

    Result<CourseNode> item(pugi::xml_node node) {
        CourseNode made;
        made.id = attribute(node, "identifier").value_or("");
        if (made.id.empty()) return xml_.error("course_invalid", node, "An item needs an identifier.");
        if (!item_ids_.insert(made.id).second)
            return xml_.error("course_id_repeated", node,
                              "Another item has the identifier " + made.id.substr(0, 200) + ".");
        const auto general = element(element(element(node, "metadata"), "lom"), "general");
        made.title = texts_of(element(general, "title"));
        made.description = texts_of(element(general, "description"));
        const auto title = text_of(element(node, "title"));
        if (made.title.empty()) made.title = unknown_language(title.empty() ? made.id : title);
        if (title.empty())
            report_.warn("title_missing", xml_.place(node), "The item " + made.id + " has no title.");
        made.is_visible = attribute(node, "isvisible").value_or("true") != "false";
        auto sequencing = read_sequencing(xml_, element(node, "sequencing"), collection_);
        if (!sequencing) return sequencing.error();
        made.sequencing = std::move(*sequencing);
        read_presentation(node, made.sequencing);
        if (auto read = settings(node, made); !read) return read.error();
        auto children = items(node);
        if (!children) return children.error();
        made.children = std::move(*children);
        if (auto read = reference(node, made); !read) return read.error();
        return made;
    }

    Result<void> settings(pugi::xml_node node, CourseNode& made) {
        made.prerequisites = text_of(element(node, "prerequisites"));
        made.max_time_allowed = text_of(element(node, "maxtimeallowed"));
        // timelimitaction and datafromlms in 1.2, timeLimitAction and dataFromLMS in 2004.
        for (const auto* name : {"timelimitaction", "timeLimitAction"})
            if (const auto found = element(node, name)) made.time_limit_action = text_of(found);
        for (const auto* name : {"datafromlms", "dataFromLMS"})
            if (const auto found = element(node, name)) made.data_from_lms = text_of(found);
        if (const auto found = element(node, "masteryscore")) {
            const auto score = number_of_text(text_of(found));
            if (!score || *score < 0 || *score > hundred)
                return xml_.error("course_invalid", found, "A mastery score is a number from 0 to 100.");
            made.mastery_score = *score / hundred;
        }
        if (const auto found = element(node, "completionThreshold")) {
            // A number in the 2nd and 3rd edition, attributes in the 4th.
            const auto text = text_of(found).empty() ? attribute(found, "minProgressMeasure").value_or("1")
                                                     : text_of(found);
            const bool by_measure =
                !text_of(found).empty() || attribute(found, "completedByMeasure") == "true";
            const auto threshold = number_of_text(text);
            if (!threshold || *threshold < 0 || *threshold > 1)
                return xml_.error("course_invalid", found, "A completion threshold is a number from 0 to 1.");
            if (by_measure) made.completion_threshold = *threshold;
        }
        return {};
    }

    Result<void> reference(pugi::xml_node node, CourseNode& made) {
        const auto id = attribute(node, "identifierref").value_or("");
        if (id.empty()) return {};
        if (!made.children.empty()) {
            report_.warn("item_with_both", xml_.place(node),
                         "An item with items inside cannot be started itself; its resource is left out.");
            return {};
        }
        const auto resource = resources_.find(id);
        if (resource == resources_.end())
            return xml_.error("course_invalid", node,
                              "There is no resource " + id.substr(0, 200) +
                                  " that this item could refer to.");
        if (resource->second.href.empty())
            return xml_.error("course_invalid", resource->second.node,
                              "A resource that an item refers to needs an href.");
        const auto parameters = attribute(node, "parameters").value_or("");
        if (auto started = start(node, resource->second, made); !started) return started;
        append_parameters(made.href, parameters);
        return {};
    }

    Result<void> start(pugi::xml_node node, const Resource& resource, CourseNode& made) {
        made.is_sco = resource.is_sco;
        const auto target = resolve(resource.base, resource.href);
        if (is_absolute_url(target)) {
            if (made.is_sco)
                report_.warn(
                    "sco_elsewhere", xml_.place(resource.node),
                    "This SCO is on another server: it can be shown, but cannot reach the run-time.");
            made.href = target;
            return {};
        }
        const auto found = files_.find(target, xml_.place(resource.node), &report_);
        if (!found)
            return xml_.error("course_file_missing", node,
                              "There is no file " + std::string(path_of(target)).substr(0, 200) +
                                  " in the package.");
        made.href = *found + target.substr(path_of(target).size());
        return {};
    }

    // SCORM 2004 CAM 3.4.1.9: as they are, or after "?" or "&"; a fragment stays one.
    static void append_parameters(std::string& href, std::string parameters) {
        while (parameters.starts_with('?') || parameters.starts_with('&')) parameters.erase(0, 1);
        if (parameters.empty()) return;
        if (parameters.starts_with('#')) {
            if (href.find('#') == std::string::npos) href += parameters;
            return;
        }
        const auto end = std::min(href.find('#'), href.size());
        href.insert(end, (href.find('?') < end ? "&" : "?") + parameters);
    }

    const Xml& xml_;
    const PackageFiles& files_;
    Report& report_;
    Course course_;
    std::string base_;
    SequencingCollection collection_;
    std::map<std::string, Resource, std::less<>> resources_;
    std::set<std::string> item_ids_;
};

} // namespace

Result<Course> read_scorm(std::string_view xml, std::string_view file, const PackageFiles& files,
                          Report& report) {
    const auto parsed = Xml::parse(xml, std::string(file));
    if (!parsed) return parsed.error();
    return ScormReader(*parsed, files, report).read();
}

} // namespace leerspoor::spec::courses

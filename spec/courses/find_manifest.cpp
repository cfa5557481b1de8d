#include "spec/base/ascii.hpp"
#include "spec/courses/manifest.hpp"
#include "spec/courses/xml.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace leerspoor::spec::courses {
namespace {

struct KnownName {
    std::string_view name;
    ManifestKind kind;
};
constexpr std::array<KnownName, 3> known_names{KnownName{"cmi5.xml", ManifestKind::cmi5},
                                               KnownName{"imsmanifest.xml", ManifestKind::scorm},
                                               KnownName{"tincan.xml", ManifestKind::tincan}};

} // namespace

Result<ManifestFile> find_manifest(const PackageFiles& files, Report& report) {
    std::optional<std::tuple<std::ptrdiff_t, std::size_t, std::string>> best; // depth, rank, path
    for (const auto& path : files.names()) {
        const auto slash = path.rfind('/');
        const auto name = lower_case(slash == std::string::npos ? path : path.substr(slash + 1));
        for (std::size_t rank = 0; rank < known_names.size(); ++rank) {
            if (name != known_names[rank].name) continue;
            std::tuple candidate(std::count(path.begin(), path.end(), '/'), rank, path);
            if (!best || candidate < *best) best = std::move(candidate);
        }
    }
    if (!best) {
        return Error{
            "package_without_manifest", "",
            "There is no imsmanifest.xml, cmi5.xml or tincan.xml in the package: it is no SCORM, cmi5 "
            "or xAPI course. Zip the folder's contents, with that file at the top."};
    }
    const auto& [depth, rank, path] = *best;
    ManifestFile manifest{known_names[rank].kind, path, ""};
    const auto slash = path.rfind('/');
    if (slash != std::string::npos) {
        manifest.folder = path.substr(0, slash);
        report.warn("manifest_folder", path,
                    "The manifest should be at the top of the package; its folder is taken for the top.");
    }
    if (!path.ends_with(known_names[rank].name))
        report.warn("file_name_case", path,
                    "The manifest's name should be written " + std::string(known_names[rank].name) + ".");
    return manifest;
}

Result<Course> read_alone(std::string_view xml, Report& report) {
    const auto parsed = Xml::parse(xml, "cmi5.xml");
    if (!parsed) return parsed.error();
    if (local_name(parsed->root()) == "tincan") return read_tincan(xml, "tincan.xml", nullptr, report);
    return read_cmi5(xml, "cmi5.xml", nullptr, report);
}

} // namespace leerspoor::spec::courses

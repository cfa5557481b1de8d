// A package's manifest, read whole: imsmanifest.xml (SCORM 1.2 CAM 2.2; SCORM 2004 CAM 3), cmi5.xml (cmi5
// 13 and 14) or tincan.xml. Pure functions over texts and names of files.
#pragma once

#include "spec/courses/course.hpp"
#include "spec/courses/package_files.hpp"
#include "spec/courses/report.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::spec::courses {

inline constexpr std::size_t max_manifest_bytes = 16u << 20;

enum class ManifestKind : std::uint8_t { scorm, cmi5, tincan };

// The file that says what a package holds, and the folder that it makes the root.
struct ManifestFile {
    ManifestKind kind = ManifestKind::scorm;
    std::string path;   // in the package
    std::string folder; // "" where it is at the root, as it should be
};

// Of several the one nearest to the root; at the same place cmi5.xml before imsmanifest.xml before
// tincan.xml. A sub-folder or another case is accepted with a warning. Error: package_without_manifest.
Result<ManifestFile> find_manifest(const PackageFiles& files, Report& report);

// `files`: those below the manifest's folder; null for a manifest without a package, where nothing can be
// referred to but absolute URLs. Errors: those of Xml::parse, course_invalid, course_version,
// course_file_missing, course_id_repeated, course_url_invalid; pointer "FILE:LINE".
Result<Course> read_scorm(std::string_view xml, std::string_view file, const PackageFiles& files,
                          Report& report);
Result<Course> read_cmi5(std::string_view xml, std::string_view file, const PackageFiles* files,
                         Report& report);
Result<Course> read_tincan(std::string_view xml, std::string_view file, const PackageFiles* files,
                           Report& report);
// A cmi5.xml or tincan.xml without a package (cmi5 14.2).
Result<Course> read_alone(std::string_view xml, Report& report);

} // namespace leerspoor::spec::courses

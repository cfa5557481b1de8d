// A package on its way in: read whole, judged, and its files handed to the store.
#pragma once

#include "server/courses/archive.hpp"
#include "spec/courses/course.hpp"
#include "spec/courses/report.hpp"
#include "storage/content.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace leerspoor::server::courses {

struct PackageFile {
    std::string path; // below the manifest's folder
    std::string sha256;
    std::uint64_t size = 0;
};

struct Package {
    spec::courses::Course course;
    std::vector<PackageFile> files; // by path; none of a course that is a manifest only
    spec::courses::Report report;
};

// How far taking it is, for whoever asks meanwhile.
struct PackageProgress {
    std::uint64_t files = 0;
    std::uint64_t of = 0;
};

// `file`: the zip file, open for reading. `store` null: it is only looked at, and everything of it is read.
// Blocks for the time of the disk; memory does not grow with the package. Nothing is left behind when it is
// refused. Errors: those of Archive, of spec::courses and of the store.
Result<Package> take_package(int file, const ArchiveLimits& limits, storage::ContentStore* store,
                             storage::StoreId tenant, const std::function<void(PackageProgress)>& progress);
// A cmi5.xml or tincan.xml that refers to nothing but places elsewhere (cmi5 14.2).
Result<Package> take_manifest(std::string_view xml);

} // namespace leerspoor::server::courses

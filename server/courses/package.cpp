#include "server/courses/package.hpp"

#include "spec/base/sha2.hpp"
#include "spec/courses/manifest.hpp"

#include <algorithm>
#include <utility>

namespace leerspoor::server::courses {
namespace {

using spec::courses::ManifestKind;

Result<std::string> text_of(Archive& archive, const ArchiveEntry& entry) {
    if (entry.size > spec::courses::max_manifest_bytes)
        return Error{"manifest_too_large", entry.path, "The manifest is larger than 16 MiB."};
    std::string text;
    const auto append = [&](std::string_view bytes) -> Result<void> {
        text += bytes;
        return {};
    };
    if (auto read = archive.read(entry, append); !read) return read.error();
    return {boost::system::in_place_value, std::move(text)};
}

Result<spec::courses::Course> read_manifest(ManifestKind kind, std::string_view xml, std::string_view file,
                                            const spec::courses::PackageFiles& files,
                                            spec::courses::Report& report) {
    switch (kind) {
    case ManifestKind::scorm:
        return read_scorm(xml, file, files, report);
    case ManifestKind::cmi5:
        return read_cmi5(xml, file, &files, report);
    case ManifestKind::tincan:
        return read_tincan(xml, file, &files, report);
    }
    return Error{"package_without_manifest", "", "There is no manifest in the package."};
}

// A file's bytes, digested and, where there is a store, kept aside.
class Taker {
  public:
    Taker(Archive& archive, storage::ContentStore* store, storage::StoreId tenant)
        : archive_(archive), store_(store), tenant_(tenant) {}

    Result<PackageFile> take(const ArchiveEntry& entry, std::string path) {
        std::unique_ptr<storage::AttachmentUpload> upload;
        if (store_) {
            auto begun = store_->begin_content(tenant_);
            if (!begun) return begun.error();
            upload = std::move(*begun);
        }
        spec::Sha2 digest(256);
        const auto each = [&](std::string_view bytes) -> Result<void> {
            digest.update(bytes);
            return upload ? upload->append(bytes) : Result<void>();
        };
        if (auto read = archive_.read(entry, each); !read) return read.error();
        PackageFile file{std::move(path), digest.finish(), entry.size};
        if (!upload) return file;
        if (auto complete = upload->complete(); !complete) return complete.error();
        taken_.push_back({file.sha256, std::move(upload)});
        return file;
    }
    Result<void> keep() {
        if (!store_) return {};
        return store_->keep_content(tenant_, std::move(taken_));
    }

  private:
    Archive& archive_;
    storage::ContentStore* store_;
    storage::StoreId tenant_;
    std::vector<storage::NewAttachment> taken_;
};

} // namespace

Result<Package> take_package(int file, const ArchiveLimits& limits, storage::ContentStore* store,
                             storage::StoreId tenant, const std::function<void(PackageProgress)>& progress) {
    auto archive = Archive::open(file, limits);
    if (!archive) return archive.error();
    spec::courses::PackageFiles names;
    for (const auto& entry : archive->entries())
        if (auto added = names.add(entry.path); !added) return added.error();
    Package package;
    const auto manifest = find_manifest(names, package.report);
    if (!manifest) return manifest.error();
    const auto entry = std::find_if(archive->entries().begin(), archive->entries().end(),
                                    [&](const ArchiveEntry& one) { return one.path == manifest->path; });
    auto xml = text_of(*archive, *entry);
    if (!xml) return xml.error();
    auto course =
        read_manifest(manifest->kind, *xml, manifest->path, names.below(manifest->folder), package.report);
    if (!course) return course.error();
    package.course = std::move(*course);

    Taker taker(*archive, store, tenant);
    const auto prefix = manifest->folder.empty() ? std::string() : manifest->folder + "/";
    PackageProgress done{0, archive->entries().size()};
    for (const auto& one : archive->entries()) {
        if (one.path.starts_with(prefix)) {
            auto taken = taker.take(one, one.path.substr(prefix.size()));
            if (!taken) return taken.error();
            package.files.push_back(std::move(*taken));
        }
        ++done.files;
        if (progress) progress(done);
    }
    if (auto kept = taker.keep(); !kept) return kept.error();
    std::sort(package.files.begin(), package.files.end(),
              [](const PackageFile& a, const PackageFile& b) { return a.path < b.path; });
    return package;
}

Result<Package> take_manifest(std::string_view xml) {
    Package package;
    auto course = spec::courses::read_alone(xml, package.report);
    if (!course) return course.error();
    package.course = std::move(*course);
    return package;
}

} // namespace leerspoor::server::courses

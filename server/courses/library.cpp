#include "server/courses/library.hpp"

#include "server/courses/kept.hpp"
#include "server/http/percent.hpp"

#include "server/support/random.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/base/uuid.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <set>

namespace leerspoor::server::courses {
namespace {

namespace json = boost::json;
using spec::courses::CourseKind;
using storage::RecordKind;

Error no_such_course() {
    return {"course_unknown", "", "There is no such course."};
}

std::string digest_start(std::string_view text, std::size_t digits) {
    spec::Sha2 digest(256);
    digest.update(text);
    return digest.finish().substr(0, digits);
}

json::array text_array(const std::vector<std::string>& values) {
    json::array list;
    for (const auto& value : values) list.push_back(json::string(value));
    return list;
}

std::string encode(const CourseInfo& info) {
    return json::serialize(json::object{{"store", info.tenant},
                                        {"kind", name_of(info.kind)},
                                        {"publisher_id", info.publisher_id},
                                        {"title", info.title},
                                        {"description", info.description},
                                        {"versions", text_array(info.versions)},
                                        {"retired", info.retired},
                                        {"made", spec::format_timestamp(info.made)}});
}

std::optional<CourseInfo> decode_info(const std::string& id, const std::string& bytes) {
    const auto kept = parse_kept(bytes);
    if (!kept) return std::nullopt;
    try {
        CourseInfo info;
        info.id = id;
        info.tenant = kept->at("store").to_number<storage::StoreId>();
        info.kind = spec::courses::parse_course_kind(kept_text(*kept, "kind")).value();
        info.publisher_id = kept_text(*kept, "publisher_id");
        info.title = kept->at("title").as_object();
        info.description = kept->at("description").as_object();
        for (const auto& version : kept->at("versions").as_array())
            info.versions.emplace_back(version.as_string());
        info.retired = kept->at("retired").as_bool();
        info.made = kept_instant(*kept, "made");
        return info;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string encode(const CourseVersion& version) {
    json::array files;
    for (const auto& [path, file] : version.files)
        files.push_back(json::array{json::string(path), json::string(file.sha256), file.size});
    json::array warnings;
    for (const auto& one : version.warnings)
        warnings.push_back(
            json::object{{"code", one.code}, {"where", one.where}, {"sentence", one.sentence}});
    return json::serialize(json::object{{"store", version.tenant},
                                        {"course", version.course},
                                        {"content", to_json(version.content)},
                                        {"files", std::move(files)},
                                        {"warnings", std::move(warnings)},
                                        {"made", spec::format_timestamp(version.made)},
                                        {"by", version.by}});
}

std::shared_ptr<const CourseVersion> decode_version(std::string_view id, const std::string& bytes) {
    const auto kept = parse_kept(bytes);
    if (!kept) return nullptr;
    try {
        auto version = std::make_shared<CourseVersion>();
        version->id = id;
        version->tenant = kept->at("store").to_number<storage::StoreId>();
        version->course = kept_text(*kept, "course");
        auto content = spec::courses::course_from_json(kept->at("content").as_object());
        if (!content) return nullptr;
        version->content = std::move(*content);
        for (const auto& value : kept->at("files").as_array()) {
            const auto& row = value.as_array();
            std::string path(row.at(0).as_string());
            version->files.emplace(path, PackageFile{path, std::string(row.at(1).as_string()),
                                                     row.at(2).to_number<std::uint64_t>()});
        }
        for (const auto& value : kept->at("warnings").as_array()) {
            const auto& one = value.as_object();
            version->warnings.push_back(
                {kept_text(one, "code"), kept_text(one, "where"), kept_text(one, "sentence")});
        }
        version->made = kept_instant(*kept, "made");
        version->by = kept_text(*kept, "by");
        return version;
    } catch (const std::exception&) {
        return nullptr;
    }
}

std::string version_id(const std::string& course, storage::StoreId tenant, const Package& package) {
    auto all =
        course + "\n" + std::to_string(tenant) + "\n" + json::serialize(to_json(package.course)) + "\n";
    for (const auto& file : package.files)
        all.append(file.path).append("\n").append(file.sha256).append("\n");
    constexpr std::size_t digits = 32;
    return digest_start(all, digits);
}

bool alike(CourseKind a, CourseKind b) {
    const auto is_scorm = [](CourseKind kind) {
        return kind == CourseKind::scorm_1_2 || kind == CourseKind::scorm_2004;
    };
    return a == b || (is_scorm(a) && is_scorm(b));
}

} // namespace

Result<std::unique_ptr<Library>> Library::load(storage::RecordStore& store, std::string home_page) {
    while (home_page.ends_with('/')) home_page.pop_back();
    std::unique_ptr<Library> library(new Library(store, std::move(home_page)));
    const auto kept = store.records(RecordKind::course);
    if (!kept) return kept.error();
    for (const auto& [id, bytes] : *kept) {
        auto info = decode_info(id, bytes);
        if (info) library->courses_.emplace(id, std::move(*info));
    }
    return library;
}

const CourseInfo* Library::like(storage::StoreId tenant, const spec::courses::Course& course) const {
    if (course.id.empty()) return nullptr;
    for (const auto& [id, info] : courses_) {
        if (info.tenant == tenant && info.publisher_id == course.id && alike(info.kind, course.kind))
            return &info;
    }
    return nullptr;
}

Result<CourseInfo> Library::add(storage::StoreId tenant, Package package, std::string by,
                                std::string_view course) {
    const std::lock_guard lock(mutex_);
    CourseInfo info;
    if (!course.empty()) {
        const auto found = courses_.find(course);
        if (found == courses_.end() || found->second.tenant != tenant) return no_such_course();
        if (!alike(found->second.kind, package.course.kind))
            return Error{"course_kind_other", "",
                         "A version must be of the course's kind, which is " +
                             std::string(name_of(found->second.kind)) + "."};
        info = found->second;
    } else if (const auto* known = like(tenant, package.course)) {
        info = *known;
    } else {
        info.id = spec::to_string(random_uuid());
        info.tenant = tenant;
        info.made = present();
    }
    CourseVersion version;
    version.id = version_id(info.id, tenant, package);
    if (!info.versions.empty() && info.versions.back() == version.id) return info;
    info.kind = package.course.kind;
    info.publisher_id = package.course.id;
    info.title = package.course.title;
    info.description = package.course.description;
    std::erase(info.versions, version.id); // an older one that comes again is the newest
    info.versions.push_back(version.id);
    version.course = info.id;
    version.tenant = tenant;
    version.content = std::move(package.course);
    for (auto& file : package.files) {
        auto path = file.path;
        version.files.emplace(std::move(path), std::move(file));
    }
    version.warnings = package.report.warnings();
    version.made = present();
    version.by = std::move(by);
    auto saved = store_.save_record(RecordKind::course_version, version.id, encode(version));
    if (!saved) return saved.error();
    if (saved = save(info); !saved) return saved.error();
    return info;
}

std::vector<CourseInfo> Library::all(storage::StoreId tenant) const {
    const std::lock_guard lock(mutex_);
    std::vector<CourseInfo> found;
    for (const auto& [id, info] : courses_)
        if (info.tenant == tenant) found.push_back(info);
    std::sort(found.begin(), found.end(),
              [](const CourseInfo& a, const CourseInfo& b) { return a.made < b.made; });
    return found;
}

std::optional<CourseInfo> Library::find(storage::StoreId tenant, std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto found = courses_.find(id);
    if (found == courses_.end() || found->second.tenant != tenant) return std::nullopt;
    return found->second;
}

std::shared_ptr<const CourseVersion> Library::newest(storage::StoreId tenant, std::string_view course) {
    const auto info = find(tenant, course);
    return info ? version(info->versions.back()) : nullptr;
}

std::shared_ptr<const CourseVersion> Library::version(std::string_view id) {
    constexpr std::size_t most_read = 64;
    {
        const std::lock_guard lock(mutex_);
        const auto found = read_.find(id);
        if (found != read_.end()) return found->second;
    }
    const auto bytes = store_.find_record(RecordKind::course_version, id);
    if (!bytes || !*bytes) return nullptr;
    auto version = decode_version(id, **bytes);
    if (!version) return nullptr;
    const std::lock_guard lock(mutex_);
    if (read_.size() >= most_read) read_.clear();
    read_.insert_or_assign(std::string(id), version);
    return version;
}

Result<void> Library::save(const CourseInfo& info) {
    if (auto saved = store_.save_record(RecordKind::course, info.id, encode(info)); !saved) return saved;
    courses_.insert_or_assign(info.id, info);
    return {};
}

Result<void> Library::retire(storage::StoreId tenant, std::string_view id, bool retired) {
    const std::lock_guard lock(mutex_);
    const auto found = courses_.find(id);
    if (found == courses_.end() || found->second.tenant != tenant) return no_such_course();
    auto info = found->second;
    info.retired = retired;
    return save(info);
}

Result<void> Library::remove(storage::StoreId tenant, std::string_view id) {
    const auto alone = hold_files();
    const auto info = find(tenant, id);
    if (!info) return no_such_course();
    storage::Query about;
    about.terms.push_back({spec::Filter::related_activity, iri_of(id)});
    const auto records = store_.count_statements(tenant, about);
    if (!records) return records.error();
    const auto begun =
        store_.records(RecordKind::registration, std::to_string(tenant) + "/" + info->id + "/");
    if (!begun) return begun.error();
    if (records->matches > 0 || !begun->empty())
        return Error{"course_in_use", "",
                     "There are records of this course, and people who began it: retire it instead."};
    {
        const std::lock_guard lock(mutex_);
        if (auto gone = store_.remove_record(RecordKind::course, info->id); !gone) return gone;
        for (const auto& version : info->versions) {
            if (auto gone = store_.remove_record(RecordKind::course_version, version); !gone) return gone;
            read_.erase(version);
        }
        courses_.erase(info->id);
    }
    return sweep(tenant);
}

// Files that no version has any more.
Result<void> Library::sweep(storage::StoreId tenant) {
    const auto versions = store_.records(RecordKind::course_version);
    if (!versions) return versions.error();
    std::set<std::string> used;
    for (const auto& [id, bytes] : *versions) {
        const auto version = decode_version(id, bytes);
        if (!version) return Error{"course_unreadable", "", "What is kept of a course cannot be read."};
        if (version->tenant != tenant) continue;
        for (const auto& [path, file] : version->files) used.insert(file.sha256);
    }
    const auto removed = store_.remove_content(tenant, used);
    return removed ? Result<void>() : removed.error();
}

std::string Library::iri_of(std::string_view course) const {
    return home_page_ + "/courses/" + std::string(course);
}

std::string Library::iri_of(const CourseVersion& version, const spec::courses::CourseNode& node) const {
    constexpr std::size_t digits = 24;
    switch (version.content.kind) {
    case CourseKind::xapi:
        return node.id;
    case CourseKind::cmi5:
        return iri_of(version.course) + "/" + digest_start(node.id, digits);
    default:
        return iri_of(version.course) + "/" + http::percent_encode(node.id);
    }
}

} // namespace leerspoor::server::courses

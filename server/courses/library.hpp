// The courses that were uploaded, and their versions.
#pragma once

#include "server/courses/package.hpp"
#include "spec/base/timestamp.hpp"
#include "storage/record_store.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::courses {

// One upload of a course: never changes. Whoever began with it finishes it.
struct CourseVersion {
    std::string id; // 32 hexadecimal digits, of what is in it; the name of its origin
    std::string course;
    storage::StoreId tenant = storage::first_store;
    spec::courses::Course content;
    std::map<std::string, PackageFile, std::less<>> files; // by path
    std::vector<spec::courses::Finding> warnings;
    spec::Instant made;
    std::string by; // who uploaded it
};

struct CourseInfo {
    std::string id; // a UUID
    storage::StoreId tenant = storage::first_store;
    spec::courses::CourseKind kind = spec::courses::CourseKind::scorm_1_2;
    std::string publisher_id; // as its package has it
    boost::json::object title;
    boost::json::object description;
    std::vector<std::string> versions; // oldest first, at least one
    bool retired = false;              // nobody begins with it any more
    spec::Instant made;
};

// Any thread. What is durable is so when a function returns. Errors besides those named: those of the store.
class Library {
  public:
    static Result<std::unique_ptr<Library>> load(storage::RecordStore& store, std::string home_page);

    // A course like the one whose publisher's id and kind it has, or `course` where that is not empty, gets a
    // version more; otherwise it is a new one. The same files once more change nothing. Errors:
    // course_unknown, course_kind_other.
    Result<CourseInfo> add(storage::StoreId tenant, Package package, std::string by,
                           std::string_view course = "");
    // While it is given back no file of the store is removed: for who keeps files before add() knows of them.
    [[nodiscard]] std::unique_lock<std::mutex> hold_files() { return std::unique_lock(keeping_); }

    std::vector<CourseInfo> all(storage::StoreId tenant) const;
    std::optional<CourseInfo> find(storage::StoreId tenant, std::string_view id) const;
    // The newest version. Null: there is no such course.
    std::shared_ptr<const CourseVersion> newest(storage::StoreId tenant, std::string_view course);
    // Null: there is none, or it cannot be read.
    std::shared_ptr<const CourseVersion> version(std::string_view id);

    // Errors: course_unknown.
    Result<void> retire(storage::StoreId tenant, std::string_view id, bool retired);
    // Errors: course_unknown, course_in_use (there are records of it: retire it instead).
    Result<void> remove(storage::StoreId tenant, std::string_view id);

    // What statements call the course, and one of its nodes: IRIs of this installation, which are no
    // publisher's (cmi5 8.1.5, 9.4). An activity of tincan.xml is called as its publisher does.
    std::string iri_of(std::string_view course) const;
    std::string iri_of(const CourseVersion& version, const spec::courses::CourseNode& node) const;

  private:
    Library(storage::RecordStore& store, std::string home_page)
        : store_(store), home_page_(std::move(home_page)) {}
    Result<void> save(const CourseInfo& info);
    Result<void> sweep(storage::StoreId tenant);
    const CourseInfo* like(storage::StoreId tenant, const spec::courses::Course& course) const;

    storage::RecordStore& store_;
    const std::string home_page_;
    std::mutex keeping_;       // one upload or removal at a time
    mutable std::mutex mutex_; // for what follows
    std::map<std::string, CourseInfo, std::less<>> courses_;
    std::map<std::string, std::shared_ptr<const CourseVersion>, std::less<>> read_; // the last ones used
};

} // namespace leerspoor::server::courses

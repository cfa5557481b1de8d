#include "server/demo/courses.hpp"

#include "server/courses/course_operations.hpp"
#include "server/courses/upload.hpp"

#include <utility>

namespace leerspoor::server::demo {

Result<void> add_courses(storage::RecordStore& store, courses::Library& library, const Settings& settings) {
    if (!library.all(storage::first_store).empty()) return {};
    for (const auto bytes : packages()) {
        auto upload = courses::Upload::create(settings.data);
        if (!upload) return upload.error();
        if (auto appended = upload->append(bytes); !appended) return appended;
        const auto alone = library.hold_files();
        auto package = courses::take_package(upload->file(), courses::archive_limits(settings), &store,
                                             storage::first_store, {});
        if (!package) return package.error();
        const auto info = library.add(storage::first_store, std::move(*package), "the demonstration");
        if (!info) return info.error();
    }
    return {};
}

} // namespace leerspoor::server::demo

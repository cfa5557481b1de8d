// The demonstration's courses: a package of each kind, made by courses/make.mjs when the program is built.
#pragma once

#include "server/app/settings.hpp"
#include "server/courses/library.hpp"
#include "storage/record_store.hpp"

#include <string_view>
#include <vector>

namespace leerspoor::server::demo {

// Zip files, for as long as the program runs.
std::vector<std::string_view> packages();

// Uploads them to the first store, when that has no course. Errors: those of take_package and of the library.
Result<void> add_courses(storage::RecordStore& store, courses::Library& library, const Settings& settings);

} // namespace leerspoor::server::demo

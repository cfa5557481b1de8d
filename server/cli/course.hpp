// leerspoor course and leerspoor launch: courses in and out, and links that start them.
#pragma once

#include "storage/store_id.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

namespace leerspoor::server::cli {

struct CourseCommand {
    std::string command; // "add", "list", "retire", "restore", "move", "remove"; "": another was asked for
    std::filesystem::path data;
    std::filesystem::path file;
    std::string course; // that the file is a version of
    std::string id;
    std::string registration; // that is moved; "": all of them
    storage::StoreId store = storage::first_store;
    bool dry_run = false;
};

struct LaunchCommand {
    bool given = false;
    std::filesystem::path data;
    std::string course;
    std::string learner; // an Agent as JSON
    std::string node;
    std::string mode;
    std::string registration;
    std::string expires;
    std::string return_url;
    storage::StoreId store = storage::first_store;
    bool qr = false;
};

int run_course_command(const CourseCommand& asked, std::ostream& out, std::ostream& err);
int run_launch_command(const LaunchCommand& asked, std::ostream& out, std::ostream& err);

} // namespace leerspoor::server::cli

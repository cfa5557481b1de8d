// What the numbers were measured on: they mean nothing without it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace leerspoor::bench {

struct Machine {
    std::string processor;
    unsigned cores = 0; // that this program may use
    std::uint64_t memory_bytes = 0;
    std::string kernel;
    std::string file_system; // of the data folder
    std::string commit;      // of the source tree; empty when that is not known
    std::string time;        // UTC
};

Machine this_machine(const std::filesystem::path& data_folder);

} // namespace leerspoor::bench

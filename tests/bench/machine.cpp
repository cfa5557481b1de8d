#include "machine.hpp"

#include "spec/base/timestamp.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sched.h>
#include <sstream>
#include <sys/utsname.h>
#include <unistd.h>

namespace leerspoor::bench {
namespace {

std::string processor_name() {
    std::ifstream input("/proc/cpuinfo");
    for (std::string line; std::getline(input, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return {};
}

unsigned usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set)) : 0;
}

std::string file_system_of(const std::filesystem::path& folder) {
    const std::string path = std::filesystem::weakly_canonical(folder).string() + "/";
    std::ifstream input("/proc/self/mounts");
    std::string best_point;
    std::string best_type;
    for (std::string line; std::getline(input, line);) {
        std::istringstream fields(line);
        std::string device;
        std::string point;
        std::string type;
        fields >> device >> point >> type;
        const bool holds = path.starts_with(point.ends_with('/') ? point : point + "/");
        if (!holds || point.size() < best_point.size()) continue;
        best_point = point;
        best_type = type;
    }
    return best_type;
}

std::string source_commit() {
    const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
    const std::unique_ptr<std::FILE, decltype(close)> pipe(
        ::popen("git -C '" LEERSPOOR_SOURCE_DIR "' rev-parse HEAD 2>/dev/null", "r"), close);
    if (!pipe) return {};
    char text[64] = {};
    if (!std::fgets(text, sizeof text, pipe.get())) return {};
    std::string commit = text;
    return commit.substr(0, commit.find('\n'));
}

} // namespace

Machine this_machine(const std::filesystem::path& data_folder) {
    utsname system{};
    ::uname(&system);
    Machine machine;
    machine.processor = processor_name();
    machine.cores = usable_cores();
    machine.memory_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                           static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    machine.kernel = std::string(system.sysname) + " " + system.release;
    machine.file_system = file_system_of(data_folder);
    machine.commit = source_commit();
    machine.time = spec::format_timestamp(
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    return machine;
}

} // namespace leerspoor::bench

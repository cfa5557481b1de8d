// A child process: started, watched, stopped by its own number, gone when this program goes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace leerspoor::bench {

class Process {
  public:
    using Environment = std::vector<std::pair<std::string, std::string>>;

    // Its output goes to `log`. `environment` is added to this program's. Throws std::runtime_error.
    Process(const std::vector<std::string>& command, const Environment& environment,
            const std::filesystem::path& log);
    ~Process(); // as stop()
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    // Waits for a file that the process writes its port into. Throws std::runtime_error with the end of the
    // log when the process ends instead, or after half a minute.
    std::uint16_t wait_for_port(const std::filesystem::path& port_file);

    // SIGTERM, and SIGKILL after 40 seconds. The exit status; negative: the signal it died from.
    int stop();

    // CPU time of user and system so far.
    double cpu_seconds() const;
    // VmHWM and VmRSS, in bytes.
    std::uint64_t peak_memory() const;
    std::uint64_t memory() const;
    // From now on, peak_memory() is the peak since now, where the kernel can do that.
    void forget_peak_memory() const;

    const std::filesystem::path& log() const { return log_; }

  private:
    bool ended(); // without waiting
    std::string end_of_log() const;
    std::filesystem::path proc(const char* file) const;

    std::filesystem::path log_;
    pid_t id_ = -1;
    std::optional<int> status_;
};

} // namespace leerspoor::bench

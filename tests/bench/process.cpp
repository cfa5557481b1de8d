#include "process.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace leerspoor::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds start_time{30};
constexpr std::chrono::seconds stop_time{40};
constexpr int watch_interval_milliseconds = 100; // for a process that ends without a word
constexpr int stop_interval_milliseconds = 5;

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

std::vector<std::string> merged(const Process::Environment& added) {
    std::vector<std::string> all;
    for (const auto& [name, value] : added) all.emplace_back(name).append("=").append(value);
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view text = *entry;
        const auto name = text.substr(0, text.find('='));
        const bool replaced = std::any_of(added.begin(), added.end(),
                                          [name](const auto& variable) { return variable.first == name; });
        if (!replaced) all.emplace_back(text);
    }
    return all;
}

int exit_status(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::uint64_t status_bytes(const std::filesystem::path& file, std::string_view name) {
    std::ifstream input(file);
    for (std::string line; std::getline(input, line);) {
        if (!line.starts_with(name)) continue;
        return std::stoull(line.substr(name.size())) * 1024;
    }
    return 0;
}

} // namespace

Process::Process(const std::vector<std::string>& command, const Environment& environment,
                 const std::filesystem::path& log)
    : log_(log) {
    std::vector<std::string> arguments = command;
    std::vector<std::string> variables = merged(environment);
    const auto argument_pointers = pointers(arguments);
    const auto variable_pointers = pointers(variables);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (output < 0) throw std::runtime_error("cannot write " + log.string() + ": " + std::strerror(errno));
    const pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(127);
        ::setpgid(0, 0); // an interrupt from the terminal is this program's to handle
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
        ::execve(argument_pointers.front(), argument_pointers.data(), variable_pointers.data());
        ::_exit(127);
    }
    ::close(output);
    if (id_ < 0) throw std::runtime_error("cannot start " + command.front() + ": " + std::strerror(errno));
}

Process::~Process() {
    stop();
}

std::uint16_t Process::wait_for_port(const std::filesystem::path& port_file) {
    const int changes = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    ::inotify_add_watch(changes, port_file.parent_path().c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE);
    std::uint16_t port = 0;
    std::string failure;
    const auto deadline = Clock::now() + start_time;
    while (port == 0 && failure.empty()) {
        std::string line; // complete only with its end
        std::ifstream file(port_file);
        if (std::getline(file, line) && !file.eof()) {
            port = static_cast<std::uint16_t>(std::stoul(line));
        } else if (ended()) {
            failure = "ended with status " + std::to_string(exit_status(*status_)) + " instead of serving";
        } else if (Clock::now() > deadline) {
            failure = "did not start to serve within half a minute";
        } else {
            pollfd waiting{changes, POLLIN, 0};
            ::poll(&waiting, 1, watch_interval_milliseconds);
            char events[4096];
            while (::read(changes, events, sizeof events) > 0) {
            }
        }
    }
    ::close(changes);
    if (!failure.empty())
        throw std::runtime_error("the server " + failure + ". Its log ends:\n" + end_of_log());
    return port;
}

bool Process::ended() {
    if (status_) return true;
    int status = 0;
    if (::waitpid(id_, &status, WNOHANG) != id_) return false;
    status_ = status;
    return true;
}

int Process::stop() {
    if (ended()) return exit_status(*status_);
    ::kill(id_, SIGTERM);
    const auto deadline = Clock::now() + stop_time;
    while (!ended()) {
        if (Clock::now() > deadline) ::kill(id_, SIGKILL);
        ::poll(nullptr, 0, stop_interval_milliseconds);
    }
    return exit_status(*status_);
}

std::filesystem::path Process::proc(const char* file) const {
    return std::filesystem::path("/proc") / std::to_string(id_) / file;
}

double Process::cpu_seconds() const {
    std::ifstream input(proc("stat"));
    std::string text;
    std::getline(input, text);
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(text.substr(name_end + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped; // proc(5): utime is the 14th
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::uint64_t Process::peak_memory() const {
    return status_bytes(proc("status"), "VmHWM:");
}

std::uint64_t Process::memory() const {
    return status_bytes(proc("status"), "VmRSS:");
}

void Process::forget_peak_memory() const {
    std::ofstream(proc("clear_refs")) << "5";
}

std::string Process::end_of_log() const {
    std::ifstream input(log_);
    std::string text{std::istreambuf_iterator<char>(input), {}};
    constexpr std::size_t shown = 2000;
    return text.size() > shown ? text.substr(text.size() - shown) : text;
}

} // namespace leerspoor::bench

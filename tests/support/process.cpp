#include "tests/support/process.hpp"

#include "tests/support/temporary_folder.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace leerspoor::tests {
namespace {

constexpr std::chrono::minutes patience{2};

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

std::vector<std::string> environment_with(const Environment& added) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry; ++entry) {
        if (!std::string_view(*entry).starts_with("LEERSPOOR_")) all.emplace_back(*entry);
    }
    for (const auto& [name, value] : added) all.push_back(std::string(name).append("=").append(value));
    return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    for (auto& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

} // namespace

Process::Process(std::vector<std::string> command, const Environment& environment,
                 std::filesystem::path errors)
    : errors_(std::move(errors)) {
    auto variables = environment_with(environment);
    const auto arguments = pointers(command);
    const auto variable_pointers = pointers(variables);
    const int error_file = ::open(errors_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (error_file < 0) fail(errors_.string());
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    pipe_ = ends[0];

    const pid_t parent = ::getpid();
    id_ = ::fork();
    if (id_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(127);
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(error_file, STDERR_FILENO);
        ::execve(arguments.front(), arguments.data(), variable_pointers.data());
        ::_exit(127);
    }
    ::close(error_file);
    ::close(ends[1]);
    if (id_ < 0) {
        ::close(pipe_);
        fail("fork");
    }
}

Process::~Process() {
    if (!ended_) {
        ::kill(id_, SIGKILL);
        ::waitpid(id_, &status_, 0);
    }
    ::close(pipe_);
}

bool Process::read_some() {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            throw std::runtime_error("a child neither spoke nor ended in time. Its errors:\n" +
                                     this->errors());
        }
        pollfd waiting{pipe_, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
        if (ready < 0 && errno != EINTR) fail("poll");
        if (ready <= 0) continue;
        std::array<char, 4096> buffer{};
        const ::ssize_t count = ::read(pipe_, buffer.data(), buffer.size());
        if (count < 0 && errno != EINTR) fail("read");
        if (count == 0) return false;
        if (count > 0) {
            output_.append(buffer.data(), static_cast<std::size_t>(count));
            return true;
        }
    }
}

bool Process::read_line(std::string& line) {
    std::size_t end = 0;
    while ((end = output_.find('\n')) == std::string::npos) {
        if (!read_some()) return false;
    }
    line = output_.substr(0, end);
    output_.erase(0, end + 1);
    return true;
}

void Process::signal(int number) const {
    if (ended_ || ::kill(id_, number) != 0) throw std::runtime_error("a child ended before it was signalled");
}

int Process::wait() {
    while (!ended_ && read_some()) {
    }
    if (!ended_) {
        if (::waitpid(id_, &status_, 0) != id_) fail("waitpid");
        ended_ = true;
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
}

std::string Process::errors() const {
    std::ostringstream text;
    text << std::ifstream(errors_).rdbuf();
    return text.str();
}

Outcome run(std::vector<std::string> command, const Environment& environment) {
    const TemporaryFolder folder;
    Process process(std::move(command), environment, folder.path() / "errors");
    const int status = process.wait();
    return {status, process.output(), process.errors()};
}

} // namespace leerspoor::tests

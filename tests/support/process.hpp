// A child process of a test: started with arguments and an environment of its own, heard through a pipe,
// stopped by its own number, and never left behind.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace leerspoor::tests {

using Environment = std::vector<std::pair<std::string, std::string>>;

// Threads: one at a time, and the thread that starts it has to outlive it. Every wait ends after two minutes
// with std::runtime_error, so that a hanging child fails a test and does not hang it.
class Process {
  public:
    // Its standard error goes to `errors`, a file. `environment` is added to this program's, which is passed
    // on without any LEERSPOOR_ variable. Throws std::runtime_error.
    Process(std::vector<std::string> command, const Environment& environment, std::filesystem::path errors);
    ~Process(); // kills it when it still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    // The next line of its standard output. False when it closed its output, which is when it ended.
    bool read_line(std::string& line);
    void signal(int number) const;
    // Until it ends. Its exit status; negative: the signal it died from.
    int wait();

    pid_t id() const { return id_; }
    // What it wrote and read_line() did not take.
    const std::string& output() const { return output_; }
    std::string errors() const;

  private:
    bool read_some(); // false: the output is closed

    std::filesystem::path errors_;
    std::string output_;
    int pipe_ = -1;
    pid_t id_ = -1;
    bool ended_ = false;
    int status_ = 0;
};

// A command that is run to its end.
struct Outcome {
    int status = 0;
    std::string output;
    std::string errors;
};
Outcome run(std::vector<std::string> command, const Environment& environment = {});

} // namespace leerspoor::tests

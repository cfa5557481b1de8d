// Writes the log's lines to standard error, many in one call: a request must not pay for a system call and a
// thread's wake-up.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace leerspoor::server {

// Any thread.
class LogWriter {
  public:
    explicit LogWriter(int descriptor); // not owned
    ~LogWriter();                       // writes what waits
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;

    // The line appears within a tenth of a second, at once when it is urgent. When nobody takes the lines and
    // 8 MiB of them wait, further ones are dropped, and a line says how many.
    void append(std::string_view line, bool urgent);
    // Returns when everything appended before was written.
    void flush();

  private:
    void run();

    const int descriptor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string waiting_;
    std::size_t dropped_ = 0;
    bool hurry_ = false;
    bool writing_ = false;
    bool stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

} // namespace leerspoor::server

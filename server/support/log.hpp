// The log: one line for each request and for each event of the server's life, as text or JSON. The only log
// of the program: everybody is given it, nobody else writes to standard error while it serves. Never in it:
// secrets, the Authorization header, bodies, query strings (they hold names and addresses of learners).
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace leerspoor::server {

enum class LogFormat { text, json };

enum class Level { debug, info, warning, error };

// A member of a line. A double is written with three digits behind the point.
struct Detail {
    std::string_view name;
    std::variant<std::string_view, std::uint64_t, double> value;
};

class LogWriter;

// Any thread.
class Log {
  public:
    using Sink = std::function<void(const std::string& line)>;

    // To standard error.
    Log(LogFormat format, std::string_view level);
    // To `sink`, at once and on the calling thread.
    Log(LogFormat format, std::string_view level, Sink sink);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void event(Level level, std::string_view message, std::span<const Detail> details);
    void event(Level level, std::string_view message, std::initializer_list<Detail> details = {}) {
        event(level, message, std::span(details.begin(), details.size()));
    }
    // An exception that nobody expected, of a request where there is one. REQUIRES: not null.
    void failure(std::string_view message, const std::exception_ptr& failure,
                 std::string_view request_id = {});
    bool keeps(Level level) const { return level >= least_; }
    void flush();

  private:
    LogFormat format_;
    Level least_;
    Sink sink_;
    std::unique_ptr<LogWriter> writer_;
};

} // namespace leerspoor::server

// The log: one line for each request and for each event of the server's life, as text or JSON. Never in it:
// secrets, the Authorization header, bodies, query strings (they hold names and addresses of learners).
#pragma once

#include "server/http/message.hpp"
#include "server/settings.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace leerspoor::server {

enum class Level { debug, info, warning, error };

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

    void request(const http::RequestHead& head, const http::Response& response, double seconds,
                 std::uint64_t bytes_in, std::uint64_t bytes_out);
    void event(Level level, std::string_view message,
               std::initializer_list<std::pair<std::string_view, std::string_view>> details = {});
    void flush();

  private:
    void write(Level level, const std::string& line);

    LogFormat format_;
    Level least_;
    Sink sink_;
    std::unique_ptr<LogWriter> writer_;
};

// "debug", "info", "warning", "error".
bool is_log_level(std::string_view text);

} // namespace leerspoor::server

#include "server/log.hpp"

#include "server/log_writer.hpp"
#include "spec/json.hpp"
#include "spec/timestamp.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <unistd.h>

namespace leerspoor::server {
namespace {

constexpr std::array<std::string_view, 4> level_names = {"debug", "info", "warning", "error"};
constexpr std::size_t max_value_length = 512;

Level level_of(std::string_view text) {
    for (std::size_t i = 0; i < level_names.size(); ++i) {
        if (level_names[i] == text) return static_cast<Level>(i);
    }
    return Level::info;
}

// Printable ASCII as it is, everything else as \xNN, so that a line is one line whatever a client sends.
std::string printable(std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : value.substr(0, max_value_length)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            text += c;
        } else {
            text += "\\x";
            text += digits[byte >> 4u];
            text += digits[byte & 15u];
        }
    }
    if (value.size() > max_value_length) text += "...";
    return text;
}

std::string milliseconds(double seconds) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), seconds * 1e3,
                                   std::chars_format::fixed, 3);
    return {digits.data(), end.ptr};
}

// Builds a line member by member in either format.
class Line {
  public:
    Line(LogFormat format, Level level, std::string_view message) : json_(format == LogFormat::json) {
        const auto now =
            std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
        const auto name = level_names[static_cast<std::size_t>(level)];
        if (json_) {
            text_ = "{";
            add("time", spec::format_timestamp(now));
            add("level", name);
            add("message", message);
        } else {
            text_ = spec::format_timestamp(now);
            text_.append(" ").append(name).append(" ").append(printable(message));
        }
    }

    void add(std::string_view name, std::string_view value) {
        start(name);
        const std::string safe = printable(value);
        if (json_) {
            spec::write_json_string(safe, text_);
        } else if (safe.empty() || safe.find_first_of(" \"=") != std::string::npos) {
            text_ += '"';
            for (const char c : safe) {
                if (c == '"') text_ += '\\';
                text_ += c;
            }
            text_ += '"';
        } else {
            text_ += safe;
        }
    }

    void add_number(std::string_view name, std::string_view digits) {
        start(name);
        text_ += digits;
    }

    std::string finish() && {
        if (json_) text_ += '}';
        return std::move(text_);
    }

  private:
    void start(std::string_view name) {
        if (text_.size() > 1) text_ += json_ ? ',' : ' ';
        if (json_) text_ += '"';
        text_ += name;
        text_ += json_ ? "\":" : "=";
    }

    bool json_;
    std::string text_;
};

} // namespace

Log::Log(LogFormat format, std::string_view level)
    : format_(format), least_(level_of(level)), writer_(std::make_unique<LogWriter>(STDERR_FILENO)) {}

Log::Log(LogFormat format, std::string_view level, Sink sink)
    : format_(format), least_(level_of(level)), sink_(std::move(sink)) {}

Log::~Log() = default;

void Log::flush() {
    if (writer_) writer_->flush();
}

void Log::write(Level level, const std::string& line) {
    if (writer_) {
        writer_->append(line, level >= Level::warning);
    } else {
        sink_(line);
    }
}

void Log::request(const http::RequestHead& head, const http::Response& response, double seconds,
                  std::uint64_t bytes_in, std::uint64_t bytes_out) {
    const Level level = response.status >= 500 ? Level::warning : Level::info;
    if (level < least_) return;
    Line line(format_, level, "request");
    line.add("id", head.id);
    line.add("client", head.remote_address);
    if (!response.user.empty()) line.add("user", response.user);
    line.add("method", head.method);
    line.add("path", head.path());
    line.add_number("status", std::to_string(response.status));
    line.add_number("ms", milliseconds(seconds));
    line.add_number("bytes_in", std::to_string(bytes_in));
    line.add_number("bytes_out", std::to_string(bytes_out));
    if (!response.error_code.empty()) line.add("code", response.error_code);
    write(level, std::move(line).finish());
}

void Log::event(Level level, std::string_view message,
                std::initializer_list<std::pair<std::string_view, std::string_view>> details) {
    if (level < least_) return;
    Line line(format_, level, message);
    for (const auto& [name, value] : details) line.add(name, value);
    write(level, std::move(line).finish());
}

bool is_log_level(std::string_view text) {
    for (const auto name : level_names) {
        if (name == text) return true;
    }
    return false;
}

} // namespace leerspoor::server

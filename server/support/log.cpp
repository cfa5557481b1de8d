#include "server/support/log.hpp"

#include "server/support/log_writer.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"

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
    std::string text;
    for (const char c : value.substr(0, max_value_length)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            text += c;
        } else {
            text += "\\x";
            spec::append_hex(text, byte);
        }
    }
    if (value.size() > max_value_length) text += "...";
    return text;
}

std::string with_thousandths(double number) {
    std::array<char, 64> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed, 3);
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

    void add(const Detail& detail) {
        if (const auto* const text = std::get_if<std::string_view>(&detail.value)) {
            add(detail.name, *text);
        } else if (const auto* const number = std::get_if<std::uint64_t>(&detail.value)) {
            start(detail.name);
            text_ += std::to_string(*number);
        } else {
            start(detail.name);
            text_ += with_thousandths(std::get<double>(detail.value));
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

void Log::event(Level level, std::string_view message, std::span<const Detail> details) {
    if (!keeps(level)) return;
    Line line(format_, level, message);
    for (const auto& detail : details) line.add(detail);
    const std::string text = std::move(line).finish();
    if (writer_) {
        writer_->append(text, level >= Level::warning);
    } else {
        sink_(text);
    }
}

void Log::failure(std::string_view message, const std::exception_ptr& failure, std::string_view request_id) {
    std::string reason = "an exception of unknown type";
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        reason = error.what();
    } catch (...) {
    }
    if (request_id.empty()) return event(Level::error, message, {{"reason", reason}});
    event(Level::error, message, {{"id", request_id}, {"reason", reason}});
}

} // namespace leerspoor::server

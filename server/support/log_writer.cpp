#include "server/support/log_writer.hpp"

#include <cerrno>
#include <chrono>
#include <unistd.h>

namespace leerspoor::server {
namespace {

constexpr std::chrono::milliseconds patience{100};
constexpr std::size_t enough = 64u << 10;
constexpr std::size_t too_much = 8u << 20;

void write_lines(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) return; // nobody is left to be told
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

LogWriter::LogWriter(int descriptor) : descriptor_(descriptor), thread_([this] { run(); }) {}

LogWriter::~LogWriter() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void LogWriter::append(std::string_view line, bool urgent) {
    bool wake = false;
    {
        const std::scoped_lock lock(mutex_);
        if (waiting_.size() + line.size() > too_much) {
            ++dropped_;
            return;
        }
        wake = waiting_.empty() || (urgent && !hurry_) ||
               (waiting_.size() < enough && waiting_.size() + line.size() >= enough);
        waiting_ += line;
        waiting_ += '\n';
        hurry_ = hurry_ || urgent || waiting_.size() >= enough;
    }
    if (wake) changed_.notify_all();
}

void LogWriter::flush() {
    std::unique_lock lock(mutex_);
    hurry_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return waiting_.empty() && !writing_; });
}

void LogWriter::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        changed_.wait_for(lock, patience, [this] { return stopping_ || hurry_; });
        std::string lines;
        lines.swap(waiting_);
        if (dropped_ > 0) lines += "dropped " + std::to_string(dropped_) + " log lines that nobody took\n";
        dropped_ = 0;
        hurry_ = false;
        writing_ = true;
        lock.unlock();
        write_lines(descriptor_, lines);
        lock.lock();
        writing_ = false;
        changed_.notify_all();
    }
}

} // namespace leerspoor::server

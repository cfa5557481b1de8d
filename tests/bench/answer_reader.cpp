#include "answer_reader.hpp"

#include <algorithm>
#include <charconv>
#include <strings.h>

namespace leerspoor::bench {
namespace {

constexpr std::size_t head_limit = 16u << 10;
constexpr std::size_t failure_text_limit = 2048; // of a refusal's body, for the report

bool is_field(std::string_view line, std::string_view name) {
    return line.size() > name.size() && line[name.size()] == ':' &&
           ::strncasecmp(line.data(), name.data(), name.size()) == 0;
}

std::string_view field_value(std::string_view line) {
    const auto start = line.find_first_not_of(' ', line.find(':') + 1);
    return start == std::string_view::npos ? std::string_view() : line.substr(start);
}

template <class Number>
bool read_number(std::string_view text, Number& number) {
    return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

} // namespace

void AnswerReader::begin(bool keep_body) {
    head_.clear();
    body_.clear();
    body_size_ = missing_ = 0;
    status_ = 0;
    in_body_ = false;
    keep_body_ = keep_body;
    keeps_connection_ = true;
    server_nanoseconds_.reset();
}

AnswerReader::State AnswerReader::take(std::string_view data) {
    if (!in_body_) {
        const std::size_t before = head_.size();
        head_.append(data);
        const auto end = head_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
        if (end == std::string::npos) return head_.size() > head_limit ? State::broken : State::reading;
        data.remove_prefix(end + 4 - before);
        head_.resize(end + 4);
        if (!read_head()) return State::broken;
        in_body_ = true;
        missing_ = body_size_;
    }
    if (data.size() > missing_) return State::broken;
    missing_ -= data.size();
    const bool refusal = status_ >= 400 && body_.size() < failure_text_limit;
    if (keep_body_ || refusal) body_.append(data);
    return missing_ == 0 ? State::done : State::reading;
}

bool AnswerReader::read_head() {
    const std::string_view head = head_;
    if (!head.starts_with("HTTP/1.") || head.size() < 12 || !read_number(head.substr(9, 3), status_))
        return false;
    bool has_length = status_ == 204;
    for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
        const auto end = head.find("\r\n", at);
        const auto line = head.substr(at, end - at);
        at = end + 2;
        if (is_field(line, "Content-Length")) {
            has_length = read_number(field_value(line), body_size_);
        } else if (is_field(line, "Connection")) {
            keeps_connection_ = !is_field("close:", field_value(line));
        } else if (is_field(line, "Server-Timing")) {
            const auto value = field_value(line);
            const auto duration = value.find("dur=");
            double milliseconds = 0;
            if (duration != std::string_view::npos && read_number(value.substr(duration + 4), milliseconds)) {
                server_nanoseconds_ = static_cast<std::uint64_t>(std::max(0.0, milliseconds) * 1e6);
            }
        }
    }
    return has_length;
}

} // namespace leerspoor::bench

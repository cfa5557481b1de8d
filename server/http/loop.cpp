#include "server/http/loop.hpp"

#include "server/http/date.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace leerspoor::server::http {

Loop::Loop(Shared& shared, std::size_t number, std::function<void()> left)
    : shared_(shared), id_prefix_(shared.id_prefix + std::to_string(number) + "-"), left_(std::move(left)) {}

std::string Loop::next_id() {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ++last_id_, 16).ptr;
    std::string id;
    id.reserve(id_prefix_.size() + digits.size());
    id += id_prefix_;
    id.append(digits.data(), end);
    return id;
}

std::string_view Loop::date() {
    const std::time_t second = std::time(nullptr);
    if (second != date_second_) {
        date_second_ = second;
        date_ = http::date(spec::Instant(std::chrono::seconds(second)));
    }
    return date_;
}

std::string& Loop::output() {
    output_.clear();
    return output_;
}

} // namespace leerspoor::server::http

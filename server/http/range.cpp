#include "server/http/range.hpp"

#include <algorithm>
#include <charconv>

namespace leerspoor::server::http {
namespace {

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

} // namespace

std::optional<Range> range_of(std::string_view field, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!field.starts_with(unit) || field.find(',') != std::string_view::npos) return std::nullopt;
    field.remove_prefix(unit.size());
    const auto dash = field.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = number_of(field.substr(0, dash));
    const auto to = number_of(field.substr(dash + 1));
    if (dash == 0) {
        if (!to) return std::nullopt;
        const auto count = std::min(*to, size);
        return Range{size - count, count};
    }
    if (!from || (!to && dash + 1 < field.size()) || (to && *to < *from)) return std::nullopt;
    if (*from >= size) return Range{*from, 0};
    return Range{*from, std::min(to.value_or(size - 1), size - 1) - *from + 1};
}

std::optional<Range> answer_range(const Fields& request, const std::string& etag, std::uint64_t size,
                                  Response& response) {
    std::optional<Range> range;
    if (request.find("If-Range").value_or(etag) == etag)
        range = range_of(request.find("Range").value_or(""), size);
    response.fields.add("Accept-Ranges", "bytes");
    response.fields.add("ETag", etag);
    if (range && range->size == 0) {
        response.status = 416;
        response.fields.add("Content-Range", "bytes */" + std::to_string(size));
    } else if (range) {
        response.status = 206;
        response.fields.add("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                                 std::to_string(range->first + range->size - 1) + "/" +
                                                 std::to_string(size));
    }
    return range;
}

} // namespace leerspoor::server::http

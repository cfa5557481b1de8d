// Parts of what is asked for (RFC 9110 14): one range of bytes; several are answered with the whole.
#pragma once

#include "server/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::http {

struct Range {
    std::uint64_t first = 0;
    std::uint64_t size = 0; // 0: nothing of it is there
};

// Of "bytes=A-B", "bytes=A-" and "bytes=-N". Nothing: the whole is to be sent.
std::optional<Range> range_of(std::string_view field, std::uint64_t size);

// What Range and If-Range of a request ask for of something with this ETag and size, with the answer's status
// (206, 416) and header fields. Nothing: the whole.
std::optional<Range> answer_range(const Fields& request, const std::string& etag, std::uint64_t size,
                                  Response& response);

} // namespace leerspoor::server::http

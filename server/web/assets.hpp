// The web application as it travels inside the program.
#pragma once

#include <span>
#include <string_view>

namespace leerspoor::server::web {

struct Asset {
    std::string_view path; // "/" is the page that all others are made of
    std::string_view type;
    std::string_view etag;
    std::string_view bytes;
    std::string_view gzip; // the same, packed
};

std::span<const Asset> assets();

} // namespace leerspoor::server::web

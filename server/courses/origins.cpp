#include "server/courses/origins.hpp"

#include "server/http/percent.hpp"

#include <algorithm>

namespace leerspoor::server::courses {
namespace {

std::string encoded(std::string_view text, std::string_view plain) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string made;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || plain.find(c) != std::string_view::npos) {
            made += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            made.append({'%', hex[byte >> 4u], hex[byte & 15u]});
        }
    }
    return made;
}

// What Host may have without becoming something else in a URL.
bool is_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(".-:[]").find(c) != std::string_view::npos;
    });
}

} // namespace

std::string public_origin(const Settings& settings, const http::RequestHead& head) {
    if (!settings.public_url.empty()) {
        auto origin = settings.public_url;
        while (origin.ends_with('/')) origin.pop_back();
        return origin;
    }
    const auto host = head.fields.find("Host").value_or("");
    const std::string scheme = settings.http ? "http://" : "https://";
    return scheme + (is_host(host) ? std::string(host) : std::string("localhost"));
}

std::string content_origin(const Settings& settings, std::string_view origin, std::string_view version) {
    const auto scheme_end = origin.find("//") + 2;
    const auto host = origin.substr(scheme_end);
    const auto colon = host.starts_with('[') ? host.find(':', host.find(']')) : host.find(':');
    const auto port = colon == std::string_view::npos ? std::string_view() : host.substr(colon);
    std::string made(origin.substr(0, scheme_end));
    if (shares_origin(settings)) return made.append(settings.content_host).append(port);
    return made.append(version).append(settings.content_host, 1).append(port);
}

bool shares_origin(const Settings& settings) {
    return !settings.content_host.starts_with("*.");
}

bool is_at_content(const Request& request, std::string_view version) {
    const auto name = path_parameter(request, "host");
    return name.empty() || name == version;
}

std::string as_query_value(std::string_view text) {
    return http::percent_encode(text);
}

std::string as_path(std::string_view path) {
    return encoded(path, "-._~/!$'()*+,;:@=&");
}

} // namespace leerspoor::server::courses

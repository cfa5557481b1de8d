#include "server/app/cors.hpp"

#include <algorithm>

namespace leerspoor::server {

void allow_origin(const http::RequestHead& head, const std::vector<std::string>& origins,
                  const std::string& content_host, http::Response& response) {
    // "https://VERSION.content.example:8443" is of this installation, where content has "*.content.example".
    const auto is_content = [&content_host](std::string_view origin) {
        const auto begin = origin.find("//");
        if (begin == std::string_view::npos) return false;
        const auto host = origin.substr(begin + 2, origin.find(':', begin) - begin - 2);
        if (!content_host.starts_with("*.")) return host == content_host;
        const auto below = std::string_view(content_host).substr(1);
        return host.size() > below.size() && host.ends_with(below);
    };
    const auto listed = [&](std::string_view origin) {
        if (is_content(origin)) return true;
        return std::find(origins.begin(), origins.end(), origin) != origins.end();
    };
    const auto origin = head.fields.find("Origin");
    if (listed("*")) {
        response.fields.add("Access-Control-Allow-Origin", "*");
    } else {
        response.fields.add("Vary", "Origin");
        if (!origin || !listed(*origin)) return;
        response.fields.add("Access-Control-Allow-Origin", std::string(*origin));
    }
    if (!origin) return; // nobody's script reads it
    response.fields.add("Access-Control-Expose-Headers",
                        "ETag, Last-Modified, Location, Retry-After, Server-Timing, WWW-Authenticate, "
                        "X-Experience-API-Version, X-Experience-API-Consistent-Through");
}

http::Response preflight(std::string_view methods) {
    http::Response response;
    response.status = 204;
    response.fields.add("Allow", std::string(methods) + ", OPTIONS");
    response.fields.add("Access-Control-Allow-Methods", std::string(methods) + ", OPTIONS");
    response.fields.add("Access-Control-Allow-Headers",
                        "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match, "
                        "X-Experience-API-Version");
    response.fields.add("Access-Control-Max-Age", "86400");
    return response;
}

} // namespace leerspoor::server

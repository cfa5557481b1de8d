#include "server/app/cors.hpp"

#include <algorithm>

namespace leerspoor::server {

void allow_origin(const http::RequestHead& head, const std::vector<std::string>& origins,
                  http::Response& response) {
    const auto listed = [&origins](std::string_view origin) {
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

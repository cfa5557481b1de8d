#include "server/web/api.hpp"

#include "server/app/plain_protocol.hpp"
#include "server/web/assets.hpp"

#include <array>

namespace leerspoor::server::web {
namespace {

// Nothing but what comes from here, and no page of others around it.
constexpr std::string_view policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
                                    "'self'; font-src 'self'; connect-src 'self'; "
                                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

http::Response response_of(const Asset& asset, const Request& request) {
    http::Response response;
    const auto& fields = request.head.fields;
    response.fields.add("ETag", std::string(asset.etag));
    response.fields.add("Vary", "Accept-Encoding");
    // Files below /assets/ have their hash in their name; the page itself is asked for again each time.
    response.fields.add("Cache-Control",
                        asset.path == "/" ? "no-cache" : "public, max-age=31536000, immutable");
    if (fields.find("If-None-Match") == asset.etag) {
        response.status = 304;
        return response;
    }
    response.fields.add("Content-Type", std::string(asset.type));
    response.fields.add("Content-Security-Policy", std::string(policy));
    response.fields.add("Referrer-Policy", "no-referrer");
    const bool gzip = fields.find("Accept-Encoding").value_or("").find("gzip") != std::string_view::npos;
    if (gzip) response.fields.add("Content-Encoding", "gzip");
    response.body = gzip ? asset.gzip : asset.bytes;
    return response;
}

Result<http::Response> find(std::string_view path, const Request& request) {
    for (const auto& asset : assets()) {
        if (asset.path == path) return response_of(asset, request);
    }
    return Error{"resource_unknown", "", "There is nothing at this path."};
}

boost::asio::awaitable<Result<http::Response>> get_page(const Services& /*services*/,
                                                        const Request& request) {
    co_return find("/", request);
}

boost::asio::awaitable<Result<http::Response>> get_asset(const Services& /*services*/,
                                                         const Request& request) {
    co_return find(request.head.path(), request);
}

constexpr Access everybody{.everybody = true};
constexpr std::array page_methods = {Method{.name = "GET", .access = everybody, .run = get_page}};
constexpr std::array asset_methods = {Method{.name = "GET", .access = everybody, .run = get_asset}};

constexpr std::array resources = {
    Resource{.name = "web", .path = "/", .methods = page_methods},
    Resource{.name = "web", .path = "/courses", .methods = page_methods},
    Resource{.name = "web", .path = "/learners", .methods = page_methods},
    Resource{.name = "web", .path = "/statements", .methods = page_methods},
    Resource{.name = "web", .path = "/exports", .methods = page_methods},
    Resource{.name = "web", .path = "/privacy", .methods = page_methods},
    Resource{.name = "web", .path = "/verify", .methods = page_methods},
    Resource{.name = "web", .path = "/settings", .methods = page_methods},
    Resource{.name = "web", .path = "/welcome/{token}", .methods = page_methods},
    Resource{.name = "web", .path = "/launch/{token}", .methods = page_methods},
    Resource{.name = "web", .path = "/assets/{file}", .methods = asset_methods},
};

constexpr std::array<std::string_view, 1> root = {""};

} // namespace

Api api() {
    static const PlainProtocol protocol;
    Api api;
    api.prefixes = root;
    api.resources = resources;
    api.protocol = &protocol;
    return api;
}

} // namespace leerspoor::server::web

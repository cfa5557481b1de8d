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

// The content inside may do what it wants, also show what is elsewhere.
constexpr std::string_view player_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src "
    "'self'; "
    "frame-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

boost::asio::awaitable<Result<http::Response>> get_player(const Services& /*services*/,
                                                          const Request& request) {
    auto response = find("/player.html", request);
    if (!response) co_return response;
    response->fields.set("Content-Security-Policy", std::string(player_policy));
    response->fields.set("Cache-Control", "no-cache");
    // The path has a secret, and content looks for who led to it.
    response->fields.set("Referrer-Policy", "same-origin");
    co_return response;
}

constexpr Access everybody{.everybody = true};
constexpr std::array player_methods = {Method{.name = "GET", .access = everybody, .run = get_player}};
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
    Resource{.name = "web", .path = "/library", .methods = page_methods},
    Resource{.name = "web", .path = "/learn", .methods = page_methods},
    Resource{.name = "web", .path = "/welcome/{token}", .methods = page_methods},
    Resource{.name = "web", .path = "/launch/{token}", .methods = page_methods},
    Resource{.name = "web", .path = "/assets/{file}", .methods = asset_methods},
};

constexpr std::array player_resources = {
    Resource{.name = "player", .path = "/{token}/", .methods = player_methods},
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

Api player_api(const std::string& content_host) {
    auto made = api();
    made.host = content_host;
    made.resources = player_resources;
    return made;
}

} // namespace leerspoor::server::web

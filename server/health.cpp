#include "server/health.hpp"

#include "server/metrics.hpp"
#include "server/problem.hpp"

#include <utility>

namespace leerspoor::server {
namespace {

http::Response text(std::string body, std::string content_type = "text/plain; charset=utf-8") {
    http::Response response;
    response.fields.add("Content-Type", std::move(content_type));
    response.fields.add("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

} // namespace

boost::asio::awaitable<http::Response> get_healthz(const Services& /*services*/, Exchange /*exchange*/) {
    co_return text("alive\n");
}

boost::asio::awaitable<http::Response> get_readyz(const Services& services, Exchange exchange) {
    if (const auto writable = services.store.writable(); !writable) {
        co_return problem(503, writable.error(), exchange.request.head.id);
    }
    co_return text("ready\n");
}

boost::asio::awaitable<http::Response> get_metrics(const Services& services, Exchange /*exchange*/) {
    co_return text(services.metrics.text(services.store), "text/plain; version=0.0.4; charset=utf-8");
}

} // namespace leerspoor::server

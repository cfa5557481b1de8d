#include "server/operations/health.hpp"

#include "server/support/metrics.hpp"

#include <utility>

namespace leerspoor::server::operations {
namespace {

http::Response text(std::string body, std::string content_type = "text/plain; charset=utf-8") {
    http::Response response;
    response.fields.add("Content-Type", std::move(content_type));
    response.fields.add("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_healthz(const Services& /*services*/,
                                                           const Request& /*request*/) {
    co_return text("alive\n");
}

boost::asio::awaitable<Result<http::Response>> get_readyz(const Services& services,
                                                          const Request& /*request*/) {
    if (const auto writable = services.store.writable(); !writable) co_return writable.error();
    co_return text("ready\n");
}

boost::asio::awaitable<Result<http::Response>> get_metrics(const Services& services,
                                                           const Request& /*request*/) {
    auto measured = services.store.measurements();
    measured.push_back({"store_writable", "1 when the store takes statements",
                        services.store.writable().has_value() ? 1.0 : 0.0});
    co_return text(services.metrics.text(std::move(measured)), "text/plain; version=0.0.4; charset=utf-8");
}

} // namespace leerspoor::server::operations

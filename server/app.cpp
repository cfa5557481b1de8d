#include "server/app.hpp"

#include "server/cors.hpp"
#include "server/problem.hpp"
#include "server/xapi/alternate_syntax.hpp"
#include "server/xapi/content_type.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <exception>
#include <utility>

namespace leerspoor::server {
namespace {

using Clock = std::chrono::steady_clock;

// Bodies of requests that need none are read and dropped up to here.
constexpr std::size_t useless_body_limit = 64u << 10;
// The form of an alternate request is read before its sender is known.
constexpr std::size_t alternate_body_limit = 1u << 20;

// What the answer says when no version could be agreed on.
spec::Version version_or_latest(const http::RequestHead& head) {
    const auto header = head.fields.find("X-Experience-API-Version");
    if (!header) return spec::Version::v2_0_0;
    const auto version = spec::parse_version_header(*header);
    return version ? *version : spec::Version::v2_0_0;
}

void add_server_timing(http::Response& response, Clock::duration spent) {
    std::array<char, 32> digits{};
    const double milliseconds = std::chrono::duration<double, std::milli>(spent).count();
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), milliseconds,
                                   std::chars_format::fixed, 3);
    response.fields.add("Server-Timing", "app;dur=" + std::string(digits.data(), end.ptr));
}

} // namespace

App::App(Services services, auth::Authenticator& authenticator, Log& log)
    : services_(services), authenticator_(authenticator), log_(log) {}

boost::asio::awaitable<std::variant<http::Admission, http::Response>>
App::admit(const http::RequestHead& head) {
    const auto start = Clock::now();
    auto decision = co_await decide(head);
    if (auto* const refusal = std::get_if<http::Response>(&decision)) {
        finish(head, find_resource(head.path()).resource, version_or_latest(head), *refusal);
        co_return std::move(*refusal);
    }
    auto admitted = std::make_shared<Admitted>(std::get<Admitted>(std::move(decision)));
    admitted->spent = Clock::now() - start;
    http::Admission admission;
    if (admitted->alternate) {
        admission.body_limit = std::min(alternate_body_limit, services_.settings.max_body_bytes);
    } else if (admitted->method->takes_attachments &&
               xapi::media_type_of(head.fields.find("Content-Type").value_or("")) == "multipart/mixed") {
        admission.streamed = true;
        admission.body_limit = services_.settings.max_attachments_bytes;
    } else {
        admission.body_limit =
            admitted->method->takes_body ? services_.settings.max_body_bytes : useless_body_limit;
    }
    admission.context = std::move(admitted);
    co_return admission;
}

boost::asio::awaitable<std::variant<App::Admitted, http::Response>>
App::decide(const http::RequestHead& head) {
    Admitted admitted;
    admitted.match = find_resource(head.path());
    const Resource* const resource = admitted.match.resource;
    if (!resource) co_return problem({"resource_unknown", "", "There is nothing at this path."}, head.id);
    if (head.method == "OPTIONS") co_return preflight(allowed_methods(*resource));
    if (resource->versioned && xapi::is_alternate(head)) {
        admitted.alternate = true;
        co_return admitted;
    }
    admitted.method = find_method(*resource, head.method);
    if (!admitted.method) {
        const auto allowed = allowed_methods(*resource);
        auto refusal = problem(
            {"method_not_allowed", "", "This resource can be asked with " + allowed + " only."}, head.id);
        refusal.fields.add("Allow", allowed + ", OPTIONS");
        co_return refusal;
    }

    const bool asks_who =
        resource->access == Access::key || (resource->access == Access::operators && !open_to_operator(head));
    if (asks_who) {
        http::Response refusal;
        admitted.principal = co_await principal_of(head, *admitted.method, refusal);
        if (!admitted.principal) co_return refusal;
    }
    admitted.version = version_or_latest(head);
    if (resource->versioned) {
        const auto header = head.fields.find("X-Experience-API-Version");
        if (auto version = spec::parse_version_header(header.value_or("")); !version) {
            auto refusal = problem(version.error(), head.id);
            if (admitted.principal) refusal.user = admitted.principal->key;
            if (admitted.principal && !header) {
                refusal.fields.add("X-Experience-API-Version",
                                   std::string(spec::to_string(admitted.principal->last_version)));
            }
            co_return refusal;
        }
        // Written only when it changes: all threads read it.
        if (admitted.principal && admitted.principal->last_version != admitted.version)
            admitted.principal->last_version = admitted.version;
    }
    co_return admitted;
}

boost::asio::awaitable<std::shared_ptr<const auth::Principal>>
App::principal_of(const http::RequestHead& head, const Method& method, http::Response& refusal) {
    const auto authorization = head.fields.find("Authorization");
    auto outcome = authenticator_.known(authorization, head.remote_address);
    if (!outcome) {
        outcome = co_await authenticator_.authenticate(authorization, head.remote_address);
    }
    if (!outcome->principal) {
        refusal = problem(outcome->error, head.id);
        if (outcome->retry_after.count() > 0) {
            refusal.fields.set("Retry-After", std::to_string(outcome->retry_after.count()));
        }
        co_return nullptr;
    }
    if (!outcome->principal->scopes.intersects(method.scopes)) {
        refusal = problem({"scope_missing", "", "This key has no scope that allows this request."}, head.id);
        refusal.user = outcome->principal->key;
        co_return nullptr;
    }
    co_return std::move(outcome->principal);
}

// A proxy on this machine speaks for somebody else.
bool App::open_to_operator(const http::RequestHead& head) const {
    if (services_.settings.metrics_anywhere) return true;
    if (head.fields.contains("X-Forwarded-For") || head.fields.contains("Forwarded")) return false;
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(head.remote_address, ec);
    return !ec && address.is_loopback();
}

boost::asio::awaitable<http::Response> App::handle(http::Request request) {
    const auto admitted = std::static_pointer_cast<const Admitted>(request.admission);
    if (admitted->alternate) {
        co_return co_await handle_alternate(request);
    }
    co_return co_await run(*admitted, std::move(request));
}

boost::asio::awaitable<http::Response> App::handle_alternate(const http::Request& request) {
    auto unfolded = xapi::unfold_alternate(request);
    if (!unfolded) {
        auto refusal = problem(unfolded.error(), request.head.id);
        finish(request.head, find_resource(request.head.path()).resource, spec::Version::v1_0_3, refusal);
        co_return refusal;
    }
    const http::RequestHead head = unfolded->head;
    auto decision = co_await decide(head);
    if (auto* const refusal = std::get_if<http::Response>(&decision)) {
        finish(head, find_resource(head.path()).resource, version_or_latest(head), *refusal);
        co_return std::move(*refusal);
    }
    const auto& admitted = std::get<Admitted>(decision);
    if (admitted.alternate) {
        auto refusal =
            problem({"alternate_request_invalid", "", "`method` cannot be a field of the form."}, head.id);
        finish(head, admitted.match.resource, spec::Version::v1_0_3, refusal);
        co_return refusal;
    }
    co_return co_await run(admitted, std::move(*unfolded));
}

boost::asio::awaitable<http::Response> App::run(const Admitted& admitted, http::Request request) {
    const auto start = Clock::now();
    const http::RequestHead head = request.head;
    // Before the answer is made: it speaks of what the answer was made from.
    const auto consistent_through = services_.store.consistent_through();
    http::Response response;
    try {
        Exchange exchange{std::move(request), admitted.version, admitted.principal, admitted.match.path};
        response = co_await admitted.method->run(services_, std::move(exchange));
    } catch (const std::exception& failure) {
        log_.event(Level::error, "a request failed", {{"id", head.id}, {"reason", failure.what()}});
        response =
            problem({"internal", "", "The server made a mistake. It is in its log under this request's id."},
                    head.id);
    }
    if (admitted.principal) response.user = admitted.principal->key;
    finish(head, admitted.match.resource, admitted.version, response, consistent_through);
    if (admitted.match.resource->xapi) add_server_timing(response, Clock::now() - start + admitted.spent);
    co_return response;
}

http::Response App::refuse(int status, const Error& error, const http::RequestHead* head) {
    static const http::RequestHead nothing;
    const auto& known = head ? *head : nothing;
    auto response = problem(status, error, known.id);
    finish(known, find_resource(known.path()).resource, version_or_latest(known), response);
    return response;
}

void App::finish(const http::RequestHead& head, const Resource* resource, spec::Version version,
                 http::Response& response, std::optional<spec::Instant> consistent_through) const {
    if (!response.fields.contains("X-Experience-API-Version"))
        response.fields.add("X-Experience-API-Version", std::string(spec::to_string(version)));
    if (!resource || resource->xapi) allow_origin(head, services_.settings.cors_origins, response);
    if (resource && resource->statements) {
        if (!consistent_through) consistent_through = services_.store.consistent_through();
        response.fields.add("X-Experience-API-Consistent-Through",
                            spec::format_timestamp(*consistent_through));
    }
}

void App::answered(const http::RequestHead& head, const http::Response& response, double seconds,
                   std::uint64_t bytes_in, std::uint64_t bytes_out) {
    const auto match = find_resource(head.path());
    services_.metrics.answered(match.resource ? match.resource->name : "none", head.method, response.status,
                               seconds, bytes_in, bytes_out);
    log_.request(head, response, seconds, bytes_in, bytes_out);
}

} // namespace leerspoor::server

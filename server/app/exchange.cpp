#include "server/app/exchange.hpp"

#include "server/app/access_log.hpp"
#include "server/app/cors.hpp"
#include "server/app/error_codes.hpp"
#include "server/app/launched.hpp"
#include "server/app/problem.hpp"
#include "server/app/session_cookie.hpp"
#include "server/auth/people.hpp"
#include "server/support/metrics.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/container/static_vector.hpp>
#include <charconv>
#include <openssl/crypto.h>
#include <utility>

namespace leerspoor::server {
namespace {

// Bodies of requests that need none are read and dropped up to here.
constexpr std::size_t useless_body_limit = 64u << 10;
// The form of a folded request is read before its sender is known.
constexpr std::size_t folded_limit = 1u << 20;

Error unknown_resource() {
    return {"resource_unknown", "", "There is nothing at this path."};
}

} // namespace

Exchange::Exchange(const Services& services, const Router& router, auth::Authenticator& authenticator,
                   Log& log, http::RequestHead head)
    : services_(services), authenticator_(authenticator), log_(log), match_(router.find(head)),
      method_name_(head.method) {
    request_.head = std::move(head);
    request_.resource_path = std::move(match_.path);
    request_.path_parameters = std::move(match_.parameters);
    request_.client_left = &client_left_;
    match_.api->protocol->begin(request_);
}

boost::asio::awaitable<std::variant<http::BodyTerms, http::Response>> Exchange::admit() {
    const auto start = Clock::now();
    const Resource* const resource = match_.resource;
    if (!resource) co_return finished(unknown_resource());
    if (request_.head.method == "OPTIONS") co_return finished(preflight(allowed_methods(*resource)));
    if (match_.api->protocol->is_folded(request_, *resource)) {
        folded_ = true;
        co_return http::BodyTerms{.limit = std::min(folded_limit, services_.settings.max_body_bytes),
                                  .stranger = true};
    }
    const auto decided = co_await decide();
    if (!decided) co_return finished(decided.error());
    spent_ = Clock::now() - start;
    if (method_->streams && method_->streams(request_.head))
        co_return http::BodyTerms{.limit = services_.settings.*method_->streams_up_to, .streamed = true};
    co_return http::BodyTerms{
        .limit = method_->takes_body ? services_.settings.max_body_bytes : useless_body_limit,
        .client = request_.principal ? std::string_view(request_.principal->key) : std::string_view(),
        .watched = method_->takes_long,
        .stranger = request_.principal == nullptr};
}

// May the client do what the head says?
boost::asio::awaitable<Result<void>> Exchange::decide() {
    const Resource& resource = *match_.resource;
    method_ = find_method(resource, request_.head.method);
    if (!method_) {
        co_return Error{"method_not_allowed", "",
                        "This resource can be asked with " + allowed_methods(resource) + " only."};
    }
    const Access& access = method_->access;
    const bool is_open = access.everybody || (access.operators && is_operator());
    if (!is_open) {
        auto known = co_await find_out_who();
        if (!known) co_return known;
    }
    co_return match_.api->protocol->read_head(request_, resource);
}

// A person's session, where there is a cookie and no key.
Result<void> Exchange::find_session() {
    request_.principal = services_.people->find_session(*session_token(request_.head));
    if (!request_.principal) return Error{"session_ended", "", "The session has ended. Sign in again."};
    if (!method_->access.admits(*request_.principal))
        return Error{"role_missing", "", "This is not for your role. An administrator can change it."};
    const auto method = std::string_view(request_.head.method);
    if (method == "GET" || method == "HEAD") return {};
    const auto sent = request_.head.fields.find("X-CSRF-Token").value_or("");
    const auto& wanted = request_.principal->csrf;
    if (sent.size() != wanted.size() || CRYPTO_memcmp(sent.data(), wanted.data(), wanted.size()) != 0) {
        return Error{"csrf_missing", "",
                     "A request that changes something must carry the session's token in X-CSRF-Token."};
    }
    return {};
}

boost::asio::awaitable<Result<void>> Exchange::find_out_who() {
    const auto authorization = request_.head.fields.find("Authorization");
    if (!authorization && services_.people && session_token(request_.head)) co_return find_session();
    if (authorization && services_.launched && Launched::is_credentials(*authorization)) {
        request_.principal = services_.launched->find(*authorization);
        if (!request_.principal)
            co_return Error{"session_over", "", "The session that was launched is over."};
        if (!method_->access.admits(*request_.principal))
            co_return Error{"scope_missing", "", "Content that was launched may not do this."};
        co_return Result<void>();
    }
    auto outcome = authenticator_.known(authorization, request_.head.remote_address);
    if (!outcome) outcome = co_await authenticator_.authenticate(authorization, request_.head.remote_address);
    if (!outcome->principal) {
        retry_after_ = outcome->retry_after;
        co_return outcome->error;
    }
    request_.principal = std::move(outcome->principal);
    if (!method_->access.admits(*request_.principal))
        co_return Error{"scope_missing", "", "This key has no scope that allows this request."};
    co_return Result<void>();
}

// A proxy on this machine speaks for somebody else.
bool Exchange::is_operator() const {
    const auto& head = request_.head;
    if (services_.settings.metrics_anywhere) return true;
    if (head.fields.contains("X-Forwarded-For") || head.fields.contains("Forwarded")) return false;
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(head.remote_address, ec);
    return !ec && address.is_loopback();
}

boost::asio::awaitable<http::Response> Exchange::answer(http::Body body) {
    const auto start = Clock::now();
    request_.body = std::move(body);
    auto result = co_await run();
    http::Response response = finished(std::move(result));
    std::array<char, 64> digits{};
    const std::chrono::duration<double, std::milli> spent = Clock::now() - start + spent_;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), spent.count(),
                                   std::chars_format::fixed, 3);
    response.fields.add("Server-Timing", "app;dur=" + std::string(digits.data(), end.ptr));
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> Exchange::run() {
    const auto& protocol = *match_.api->protocol;
    if (folded_) {
        if (const auto unfolded = protocol.unfold(request_); !unfolded) co_return unfolded.error();
        const auto decided = co_await decide();
        if (!decided) co_return decided.error();
    }
    if (request_.principal && request_.principal->revoked) {
        co_return Error{"credentials_invalid", "", "The key was revoked while the request was being sent."};
    }
    protocol.before_operation(request_, *match_.resource, services_);
    auto result = co_await method_->run(services_, request_);
    if (result && method_->audited != Audited::nothing && services_.accesses && request_.principal)
        services_.accesses->note(request_, match_.resource->name, method_->audited);
    co_return result;
}

http::Response Exchange::finished(Result<http::Response> result) {
    if (!result) return refused(status_of(result.error().code), result.error());
    complete(*result);
    return std::move(*result);
}

// The one place where an error becomes an answer, and where the operator reads what clients do not.
http::Response Exchange::refused(int status, const Error& error) {
    error_code_ = error.code;
    services_.metrics.refused(error.code);
    if (is_for_operators(error.code)) {
        log_.event(Level::error, error.message, {{"id", request_.head.id}, {"code", error.code}});
    }
    http::Response response = problem(status, error, request_.head.id);
    if (retry_after_.count() > 0) {
        response.fields.set("Retry-After", std::to_string(retry_after_.count()));
    }
    if (status == 405 && match_.resource) {
        response.fields.add("Allow", allowed_methods(*match_.resource) + ", OPTIONS");
    }
    // Content cannot give a name and a password, and a browser that asks for them stops its request.
    if (error.code == "session_over") response.fields.set("WWW-Authenticate", "Leerspoor-Session");
    // A browser would ask for a name and a password by itself, over the page that asks for them.
    if (request_.head.fields.contains("Sec-Fetch-Mode") && !match_.api->cross_origin)
        response.fields.remove("WWW-Authenticate");
    complete(response);
    return response;
}

http::Response Exchange::refuse(const http::Refusal& refusal) {
    return refused(refusal.status, refusal.error);
}

void Exchange::complete(http::Response& response) {
    if (services_.settings.strict_transport)
        response.fields.set("Strict-Transport-Security", "max-age=31536000");
    // What is somebody's alone is kept by nobody in between, and asked for again before it is shown again:
    // with Last-Modified alone a browser would guess how long it holds (RFC 9111 4.2.2).
    if (request_.principal && !response.fields.contains("Cache-Control"))
        response.fields.add("Cache-Control", "private, no-cache");
    if (match_.api->cross_origin)
        allow_origin(request_.head, services_.settings.cors_origins, services_.settings.content_host,
                     response);
    match_.api->protocol->complete(request_, match_.resource, services_, response);
}

void Exchange::answered(const http::Response& response, const http::Sent& sent) {
    services_.metrics.answered(match_.resource ? match_.resource->name : "none", method_name_,
                               response.status, sent.seconds, sent.bytes_in, sent.bytes_out);
    const Level level = response.status >= 500 ? Level::warning : Level::info;
    if (!log_.keeps(level)) return;
    constexpr double milliseconds = 1e3;
    boost::container::static_vector<Detail, 10> details;
    details.push_back({"id", request_.head.id});
    details.push_back({"client", request_.head.remote_address});
    if (request_.principal) details.push_back({"user", request_.principal->key});
    details.push_back({"method", method_name_});
    details.push_back({"path", request_.head.path()});
    details.push_back({"status", static_cast<std::uint64_t>(response.status)});
    details.push_back({"ms", sent.seconds * milliseconds});
    details.push_back({"bytes_in", sent.bytes_in});
    details.push_back({"bytes_out", sent.bytes_out});
    if (!error_code_.empty()) details.push_back({"code", error_code_});
    log_.event(level, "request", details);
}

} // namespace leerspoor::server

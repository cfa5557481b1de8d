#include "server/courses/run_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/courses/origins.hpp"
#include "server/courses/scorm.hpp"
#include "spec/base/json.hpp"

namespace leerspoor::server::courses {
namespace {

Result<std::shared_ptr<const Session>> session_of(const Services& services, const Request& request) {
    auto session = services.launches->by_content(path_parameter(request, "token"));
    if (!session || !is_at_content(request, session->version))
        return Error{"session_over", "", "The session is over: start the course again."};
    return session;
}

http::Response answer(const boost::json::object& body) {
    auto response = json_response(body);
    response.fields.add("Cache-Control", "no-store");
    return response;
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_run(const Services& services, const Request& request) {
    const auto session = session_of(services, request);
    if (!session) co_return session.error();
    const auto opened = co_await services.scorm->open(**session);
    if (!opened) co_return opened.error();
    co_return answer(*opened);
}

// The body is JSON whatever its type says: what is sent while a page goes away has none.
boost::asio::awaitable<Result<http::Response>> post_run(const Services& services, const Request& request) {
    const auto session = session_of(services, request);
    if (!session) co_return session.error();
    auto body = spec::parse_json(request.body.bytes);
    if (!body) co_return body.error();
    if (!body->is_object()) co_return Error{"api_body_invalid", "", "The body must be a JSON object."};
    const auto done = co_await services.scorm->commit(**session, body->get_object());
    if (!done) co_return done.error();
    co_return answer(*done);
}

} // namespace leerspoor::server::courses

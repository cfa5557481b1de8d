#include "server/api/session.hpp"

#include "server/app/json_body.hpp"
#include "server/app/session_cookie.hpp"
#include "server/app/workers.hpp"
#include "server/auth/people.hpp"
#include "server/support/log.hpp"

#include <boost/json/array.hpp>

namespace leerspoor::server::api {

namespace json = boost::json;

boost::asio::awaitable<Result<http::Response>> get_session(const Services& /*services*/,
                                                           const Request& request) {
    const auto& who = *request.principal;
    co_return json_response({{"person", who.person}, {"role", auth::name_of(who.role)}, {"csrf", who.csrf}});
}

boost::asio::awaitable<Result<http::Response>> post_session(const Services& services,
                                                            const Request& request) {
    if (!services.people) co_return Error{"resource_unknown", "", "Nobody can sign in here."};
    const auto body = object_of(request);
    if (!body) co_return body.error();
    const auto name = text_of(*body, "name");
    if (!name) co_return name.error();
    const auto password = text_of(*body, "password");
    if (!password) co_return password.error();
    const auto work = [&] { return services.people->sign_in(*name, *password, request.head.remote_address); };
    const auto session = co_await services.workers.compute(work);
    if (!session) co_return session.error();
    if (services.log) services.log->event(Level::info, "signed in", {{"person", session->principal->person}});
    const auto& who = *session->principal;
    auto response =
        json_response({{"person", who.person}, {"role", auth::name_of(who.role)}, {"csrf", who.csrf}});
    response.fields.add("Set-Cookie", session_cookie(session->token, session->expires));
    response.fields.add("Cache-Control", "no-store");
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> delete_session(const Services& services,
                                                              const Request& request) {
    if (auto ended = services.people->sign_out(*session_token(request.head)); !ended) co_return ended.error();
    http::Response response;
    response.status = 204;
    response.fields.add("Set-Cookie", no_session_cookie());
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_sessions(const Services& services,
                                                            const Request& request) {
    json::array items;
    for (const auto& session : services.people->sessions_of(request.principal->person)) {
        items.push_back({{"id", session.id},
                         {"address", session.address},
                         {"begun", spec::format_timestamp(session.begun)},
                         {"expires", spec::format_timestamp(session.expires)}});
    }
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> delete_one_session(const Services& services,
                                                                  const Request& request) {
    auto ended = services.people->end_session(request.principal->person, path_parameter(request, "id"));
    if (!ended) co_return ended.error();
    http::Response response;
    response.status = 204;
    co_return response;
}

} // namespace leerspoor::server::api

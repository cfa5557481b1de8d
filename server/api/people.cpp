#include "server/api/people.hpp"

#include "server/app/json_body.hpp"
#include "server/app/session_cookie.hpp"
#include "server/app/workers.hpp"
#include "server/auth/people.hpp"
#include "server/support/log.hpp"

#include <boost/json/array.hpp>

namespace leerspoor::server::api {

namespace json = boost::json;

boost::asio::awaitable<Result<http::Response>> get_people(const Services& services,
                                                          const Request& /*request*/) {
    json::array items;
    for (const auto& person : services.people->list()) {
        items.push_back({{"name", person.name},
                         {"role", auth::name_of(person.role)},
                         {"created", spec::format_timestamp(person.created)}});
    }
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> delete_person(const Services& services,
                                                             const Request& request) {
    const auto name = path_parameter(request, "name");
    if (auto removed = services.people->remove(name); !removed) co_return removed.error();
    if (services.log)
        services.log->event(Level::info, "person removed",
                            {{"person", name}, {"by", request.principal->person}});
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> post_invitations(const Services& services,
                                                                const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    const auto role_name = text_of(*body, "role");
    if (!role_name) co_return role_name.error();
    const auto reset_of = text_of(*body, "reset_of");
    if (!reset_of) co_return reset_of.error();
    const auto role = auth::parse_role(*role_name);
    if (!role && reset_of->empty()) {
        std::string names;
        for (const auto& row : auth::all_roles()) names.append(names.empty() ? "" : ", ").append(row.name);
        co_return Error{"role_unknown", "/role", "There are the roles " + names + "."};
    }
    const auto made = services.people->invite(role.value_or(auth::Role::learner), *reset_of);
    if (!made) co_return made.error();
    if (services.log) {
        services.log->event(Level::info, "invited",
                            {{"role", auth::name_of(made->role)}, {"by", request.principal->person}});
    }
    auto response = json_response({{"token", made->token},
                                   {"path", "/welcome/" + made->token},
                                   {"role", auth::name_of(made->role)},
                                   {"expires", spec::format_timestamp(made->expires)}},
                                  201);
    response.fields.add("Cache-Control", "no-store");
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_invitation(const Services& services,
                                                              const Request& request) {
    const auto invited =
        services.people ? services.people->invited(path_parameter(request, "token")) : std::nullopt;
    if (!invited) {
        co_return Error{"invitation_invalid", "",
                        "This link was used already, or it is older than seven days. Ask for a new one."};
    }
    json::object body{{"role", auth::name_of(invited->first)}};
    if (!invited->second.empty()) body["name"] = invited->second;
    co_return json_response(body);
}

boost::asio::awaitable<Result<http::Response>> post_invitation(const Services& services,
                                                               const Request& request) {
    if (!services.people) co_return Error{"resource_unknown", "", "Nobody can sign in here."};
    const auto token = path_parameter(request, "token");
    const auto body = object_of(request);
    if (!body) co_return body.error();
    const auto name = text_of(*body, "name");
    if (!name) co_return name.error();
    const auto password = text_of(*body, "password");
    if (!password) co_return password.error();
    const auto work = [&] {
        return services.people->accept(token, *name, *password, request.head.remote_address);
    };
    const auto session = co_await services.workers.compute(work);
    if (!session) co_return session.error();
    const auto& who = *session->principal;
    if (services.log) {
        services.log->event(Level::info, "invitation accepted",
                            {{"person", who.person}, {"role", auth::name_of(who.role)}});
    }
    auto response =
        json_response({{"person", who.person}, {"role", auth::name_of(who.role)}, {"csrf", who.csrf}}, 201);
    response.fields.add("Set-Cookie", session_cookie(session->token, session->expires));
    response.fields.add("Cache-Control", "no-store");
    co_return response;
}

} // namespace leerspoor::server::api

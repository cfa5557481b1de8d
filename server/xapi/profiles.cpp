#include "server/xapi/profiles.hpp"

#include "server/xapi/documents.hpp"
#include "server/xapi/parameters.hpp"

#include <utility>

namespace leerspoor::server::xapi {
namespace {

using storage::DocumentKind;

enum class About { one, one_or_all };

Result<DocumentRequest> parse(const Request& request, DocumentKind kind, About which) {
    const std::string_view owner = kind == DocumentKind::activity_profile ? "activityId" : "agent";
    const auto parameters =
        Parameters::read(request.head.query(), {owner, "profileId", "since"}, request.version);
    if (!parameters) return parameters.error();
    DocumentRequest asked;
    asked.owner.kind = kind;
    const auto whose =
        kind == DocumentKind::activity_profile ? parameters->iri(owner) : parameters->agent(owner);
    if (!whose) return whose.error();
    if (!*whose) return Parameters::missing(owner);
    (kind == DocumentKind::activity_profile ? asked.owner.activity : asked.owner.agent) = **whose;
    if (const auto* id = parameters->find("profileId")) {
        if (id->empty()) return Parameters::invalid("profileId", "a text that is not empty");
        asked.id = *id;
    } else if (which == About::one) {
        return Parameters::missing("profileId");
    }
    if (parameters->find("since") && (asked.id || which == About::one)) {
        return Error{"query_parameter_conflict", "",
                     "since goes only with a GET of many, without profileId."};
    }
    const auto since = parameters->instant("since");
    if (!since) return since.error();
    asked.since = *since;
    return asked;
}

boost::asio::awaitable<Result<http::Response>> put(const Services& services, const Request& request,
                                                   DocumentKind kind) {
    const auto asked = parse(request, kind, About::one);
    if (!asked) co_return asked.error();
    co_return co_await put_document(services, request, *asked, BlindPut::never);
}

boost::asio::awaitable<Result<http::Response>> post(const Services& services, const Request& request,
                                                    DocumentKind kind) {
    const auto asked = parse(request, kind, About::one);
    if (!asked) co_return asked.error();
    co_return co_await post_document(services, request, *asked);
}

boost::asio::awaitable<Result<http::Response>> get(const Services& services, const Request& request,
                                                   DocumentKind kind) {
    const auto asked = parse(request, kind, About::one_or_all);
    if (!asked) co_return asked.error();
    co_return co_await get_document(services, request, *asked);
}

boost::asio::awaitable<Result<http::Response>> remove(const Services& services, const Request& request,
                                                      DocumentKind kind) {
    const auto asked = parse(request, kind, About::one);
    if (!asked) co_return asked.error();
    co_return co_await delete_document(services, request, *asked);
}

} // namespace

boost::asio::awaitable<Result<http::Response>> put_activity_profile(const Services& services,
                                                                    const Request& request) {
    return put(services, request, DocumentKind::activity_profile);
}
boost::asio::awaitable<Result<http::Response>> post_activity_profile(const Services& services,
                                                                     const Request& request) {
    return post(services, request, DocumentKind::activity_profile);
}
boost::asio::awaitable<Result<http::Response>> get_activity_profile(const Services& services,
                                                                    const Request& request) {
    return get(services, request, DocumentKind::activity_profile);
}
boost::asio::awaitable<Result<http::Response>> delete_activity_profile(const Services& services,
                                                                       const Request& request) {
    return remove(services, request, DocumentKind::activity_profile);
}

boost::asio::awaitable<Result<http::Response>> put_agent_profile(const Services& services,
                                                                 const Request& request) {
    return put(services, request, DocumentKind::agent_profile);
}
boost::asio::awaitable<Result<http::Response>> post_agent_profile(const Services& services,
                                                                  const Request& request) {
    return post(services, request, DocumentKind::agent_profile);
}
boost::asio::awaitable<Result<http::Response>> get_agent_profile(const Services& services,
                                                                 const Request& request) {
    return get(services, request, DocumentKind::agent_profile);
}
boost::asio::awaitable<Result<http::Response>> delete_agent_profile(const Services& services,
                                                                    const Request& request) {
    return remove(services, request, DocumentKind::agent_profile);
}

} // namespace leerspoor::server::xapi

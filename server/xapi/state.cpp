#include "server/xapi/state.hpp"

#include "server/xapi/documents.hpp"
#include "server/xapi/parameters.hpp"

#include <utility>

namespace leerspoor::server::xapi {
namespace {

enum class Asked { one, one_or_all, one_or_all_since };

Result<DocumentRequest> parse(const Request& request, Asked about) {
    const auto parameters = Parameters::read(
        request.head.query(), {"activityId", "agent", "registration", "stateId", "since"}, request.version);
    if (!parameters) return parameters.error();
    const auto activity = parameters->iri("activityId");
    if (!activity) return activity.error();
    if (!*activity) return Parameters::missing("activityId");
    const auto agent = parameters->agent("agent");
    if (!agent) return agent.error();
    if (!*agent) return Parameters::missing("agent");
    const auto registration = parameters->uuid("registration");
    if (!registration) return registration.error();
    const auto* id = parameters->find("stateId");
    if (id == nullptr && about == Asked::one) return Parameters::missing("stateId");
    if (id != nullptr && id->empty()) return Parameters::invalid("stateId", "a text that is not empty");
    if (parameters->find("since") && (id != nullptr || about != Asked::one_or_all_since)) {
        return Error{"query_parameter_conflict", "", "since goes only with a GET of many, without stateId."};
    }
    const auto since = parameters->instant("since");
    if (!since) return since.error();
    return DocumentRequest{{storage::DocumentKind::state, **activity, **agent, *registration},
                           id == nullptr ? std::nullopt : std::optional(*id),
                           *since};
}

} // namespace

boost::asio::awaitable<Result<http::Response>> put_state(const Services& services, const Request& request) {
    const auto asked = parse(request, Asked::one);
    if (!asked) co_return asked.error();
    // 1.0.3 lets State be overwritten, since conflicts are unlikely there (3.1); 2.0 does not.
    const auto blind_put = request.version == spec::Version::v1_0_3 ? BlindPut::allowed : BlindPut::only_new;
    co_return co_await put_document(services, request, *asked, blind_put);
}

boost::asio::awaitable<Result<http::Response>> post_state(const Services& services, const Request& request) {
    const auto asked = parse(request, Asked::one);
    if (!asked) co_return asked.error();
    co_return co_await post_document(services, request, *asked);
}

boost::asio::awaitable<Result<http::Response>> get_state(const Services& services, const Request& request) {
    const auto asked = parse(request, Asked::one_or_all_since);
    if (!asked) co_return asked.error();
    co_return co_await get_document(services, request, *asked);
}

boost::asio::awaitable<Result<http::Response>> delete_state(const Services& services,
                                                            const Request& request) {
    const auto asked = parse(request, Asked::one_or_all);
    if (!asked) co_return asked.error();
    co_return co_await delete_document(services, request, *asked);
}

} // namespace leerspoor::server::xapi

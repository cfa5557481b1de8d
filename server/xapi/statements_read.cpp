#include "server/app/workers.hpp"
#include "server/http/date.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/attachments_out.hpp"
#include "server/xapi/more_token.hpp"
#include "server/xapi/query_parameters.hpp"
#include "server/xapi/render.hpp"
#include "server/xapi/statements.hpp"
#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

using auth::Scope;
using auth::Scopes;

// statements/read/mine alone: only what this key itself has stored.
bool only_mine(const auth::Principal& principal) {
    return !principal.scopes.intersects(Scopes{Scope::all, Scope::all_read, Scope::statements_read});
}

bool is_of(const auth::Principal& principal, const storage::StoredStatement& statement) {
    const auto value = spec::parse_stored_json(statement.bytes);
    if (!value || !value->is_object()) return false;
    const auto* const authority = value->get_object().if_contains("authority");
    return authority && authority->is_object() &&
           spec::identity(authority->get_object()) == principal.authority_identity;
}

// The term finds a superset quickly (the key's Agent may also be somebody's instructor, and references
// inherit what their targets match), so each statement's authority is looked at. A page may come out short;
// it is empty only when nothing follows or after a bounded search.
Result<storage::Page> query_mine(storage::RecordStore& store, const auth::Principal& principal,
                                 storage::Query query) {
    constexpr int max_rounds = 8;
    query.terms.push_back({spec::Filter::related_agent, principal.authority_identity});
    for (int round = 1;; ++round) {
        auto page = store.query_statements(principal.store, query);
        if (!page) return page;
        std::erase_if(page->statements, [&](const auto& statement) { return !is_of(principal, statement); });
        if (!page->statements.empty() || !page->next || round == max_rounds) return page;
        query.after = page->next;
        query.snapshot = page->snapshot;
    }
}

Result<storage::Page> query_page(storage::RecordStore& store, const auth::Principal& principal,
                                 const storage::Query& query) {
    return only_mine(principal) ? query_mine(store, principal, query)
                                : store.query_statements(principal.store, query);
}

Result<http::Response> answer_one(const Services& services, const Request& request,
                                  const StatementsRequest& asked) {
    const auto& head = request.head;
    const bool voided = asked.voided_statement_id.has_value();
    const auto& id = voided ? *asked.voided_statement_id : *asked.statement_id;
    const auto found = services.store.find_statement(request.principal->store, id, voided);
    if (!found) return found.error();
    const bool hidden = *found && only_mine(*request.principal) && !is_of(*request.principal, **found);
    if (!*found || hidden) {
        return Error{"statement_unknown", "",
                     voided ? "There is no voided statement with this id."
                            : "There is no statement with this id, or it was voided."};
    }
    std::string body;
    Renderer renderer(services.store, request.principal->store, asked.format,
                      head.fields.find("Accept-Language").value_or(""));
    if (auto rendered = renderer.render(**found, body); !rendered) return rendered.error();
    if (asked.attachments) {
        auto response = with_attachments(services, request.principal->store, std::move(body), {**found});
        if (!response) return response.error();
        response->fields.add("Last-Modified", http::date((*found)->stored));
        return std::move(*response);
    }
    return cacheable_json(head, std::move(body), (*found)->stored);
}

// The newest `stored` of what is returned (IEEE 9274.1.1 4.1.6.1).
void add_last_modified(const storage::Page& page, http::Response& response) {
    const auto newest = std::max_element(page.statements.begin(), page.statements.end(),
                                         [](const auto& a, const auto& b) { return a.stored < b.stored; });
    if (newest != page.statements.end()) response.fields.add("Last-Modified", http::date(newest->stored));
}

Result<http::Response> answer_page(const Services& services, const Request& request,
                                   StatementsRequest asked) {
    const auto& head = request.head;
    asked.query.limit_bytes = services.settings.max_page_bytes;
    const auto page = query_page(services.store, *request.principal, asked.query);
    if (!page) return page.error();

    std::string body = R"({"statements":[)";
    std::size_t size = body.size() + 64;
    for (const auto& statement : page->statements) size += statement.bytes.size() + 1;
    body.reserve(size);
    Renderer renderer(services.store, request.principal->store, asked.format,
                      head.fields.find("Accept-Language").value_or(""));
    bool first = true;
    for (const auto& statement : page->statements) {
        if (!std::exchange(first, false)) body += ',';
        if (auto rendered = renderer.render(statement, body); !rendered) return rendered.error();
    }
    body += R"(],"more":")";
    if (page->next) {
        asked.query.after = page->next;
        asked.query.snapshot = page->snapshot;
        body.append(request.resource_path).append("?more=").append(make_more_token(asked));
    }
    body += "\"}";
    Result<http::Response> response = asked.attachments ? with_attachments(services, request.principal->store,
                                                                           std::move(body), page->statements)
                                                        : plain_json(std::move(body));
    if (response) add_last_modified(*page, *response);
    return response;
}

// Longer than others on the same event loop may be kept waiting, wherever the statements lie: many of them,
// or some that are parsed one by one.
bool is_long(const Request& request, const StatementsRequest& asked) {
    constexpr std::size_t many = 250;
    constexpr std::size_t many_parsed = 25;
    if (asked.statement_id || asked.voided_statement_id) return false;
    const bool parsed =
        asked.format != spec::Format::exact || asked.attachments || only_mine(*request.principal);
    return asked.query.limit > (parsed ? many_parsed : many);
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_statements(const Services& services,
                                                              const Request& request) {
    const auto& head = request.head;
    const PageLimits limits{services.settings.default_page_statements, services.settings.max_page_statements};
    auto asked = parse_statements_request(head.query(), request.version, limits);
    if (!asked) co_return asked.error();
    const bool one = asked->statement_id || asked->voided_statement_id;
    const auto answer = [&] {
        return one ? answer_one(services, request, *asked) : answer_page(services, request, *asked);
    };
    if (is_long(request, *asked)) co_return co_await services.workers.compute(answer);
    if (auto answered = services.workers.at_once(answer)) co_return std::move(*answered);
    co_return co_await services.workers.patiently(answer);
}

} // namespace leerspoor::server::xapi

#include "server/xapi/statements_page.hpp"

#include "server/app/workers.hpp"
#include "server/http/date.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/attachments_out.hpp"
#include "server/xapi/more_token.hpp"
#include "server/xapi/render.hpp"
#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

using auth::Scope;
using auth::Scopes;

constexpr std::size_t piece_bytes = 256u << 10;
constexpr std::size_t piece_statements = 250;
constexpr std::size_t whole_page_bytes = 1u << 20;

bool is_of(const auth::Principal& principal, const storage::StoredStatement& statement) {
    const auto value = spec::parse_stored_json(statement.bytes);
    if (!value || !value->is_object()) return false;
    const auto* const authority = value->get_object().if_contains("authority");
    return authority && authority->is_object() &&
           spec::identity(authority->get_object()) == principal.authority_identity;
}

bool is_in(const std::string& registration, const storage::StoredStatement& statement) {
    const auto value = spec::parse_stored_json(statement.bytes);
    const auto* whole = value ? value->if_object() : nullptr;
    const auto* context = whole ? whole->if_contains("context") : nullptr;
    const auto* of =
        context && context->is_object() ? context->get_object().if_contains("registration") : nullptr;
    return of && of->is_string() && spec::equal_but_for_case(of->get_string(), registration);
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

// Writes one page, piece by piece; every piece is a query that goes on where the last one ended.
class PageWriter {
  public:
    PageWriter(const Services& services, const Request& request, StatementsRequest asked, std::size_t bytes)
        : services_(services), request_(request), asked_(std::move(asked)),
          statements_left_(asked_.query.limit), bytes_left_(bytes),
          renderer_(services.store, request.principal->store, asked_.format,
                    request.head.fields.find("Accept-Language").value_or("")) {}

    // Both append to `out` and return what was found. REQUIRES: not ended().
    Result<storage::Page> write_piece(std::string& out) {
        return write(out, std::min(statements_left_, piece_statements), std::min(bytes_left_, piece_bytes));
    }
    Result<storage::Page> write_whole(std::string& out) {
        auto page = write(out, statements_left_, bytes_left_);
        if (page && !std::exchange(ended_, true)) write_end(out);
        return page;
    }

    bool ended() const { return ended_; }

  private:
    Result<storage::Page> write(std::string& out, std::size_t limit, std::size_t limit_bytes) {
        auto query = asked_.query;
        query.limit = limit;
        query.limit_bytes = limit_bytes;
        auto page = find_page(services_.store, *request_.principal, query);
        if (!page) return page;
        std::size_t bytes = 0;
        for (const auto& statement : page->statements) bytes += statement.bytes.size() + 1;
        out.reserve(out.size() + bytes + margin);
        if (!begun_) out += R"({"statements":[)";
        bool first = !any_;
        for (const auto& statement : page->statements) {
            if (!std::exchange(first, false)) out += ',';
            if (auto rendered = renderer_.render(statement, out); !rendered) return rendered.error();
        }
        begun_ = true;
        any_ = !first;
        statements_left_ -= page->statements.size();
        bytes_left_ -= std::min(bytes_left_, bytes);
        asked_.query.after = page->next;
        asked_.query.snapshot = page->snapshot;
        ended_ = !page->next || statements_left_ == 0 || bytes_left_ == 0 || page->statements.empty();
        if (ended_) write_end(out);
        return page;
    }

    void write_end(std::string& out) const {
        out += R"(],"more":")";
        if (asked_.query.after)
            out.append(request_.resource_path).append("?more=").append(make_more_token(asked_));
        out += "\"}";
    }

    static constexpr std::size_t margin = 64; // of what stands around statements

    const Services& services_;
    const Request& request_;
    StatementsRequest asked_;
    std::size_t statements_left_;
    std::size_t bytes_left_;
    Renderer renderer_;
    bool begun_ = false;
    bool any_ = false; // statement was written
    bool ended_ = false;
};

// What is left of a page whose first piece was sent.
class RestOfPage final : public http::BodySource {
  public:
    RestOfPage(const Services& services, std::unique_ptr<PageWriter> writer)
        : services_(services), writer_(std::move(writer)) {}

    std::optional<std::uint64_t> size() const override { return std::nullopt; }

    boost::asio::awaitable<Result<std::string_view>> next() override {
        piece_.clear();
        if (writer_->ended()) co_return std::string_view();
        const auto write = [this] { return writer_->write_piece(piece_); };
        const auto written = co_await services_.workers.compute(write);
        if (!written) co_return written.error();
        co_return std::string_view(piece_);
    }

  private:
    const Services& services_;
    std::unique_ptr<PageWriter> writer_;
    std::string piece_;
};

// The newest `stored` of what is returned (IEEE 9274.1.1 4.1.6.1).
void add_last_modified(const storage::Page& page, http::Response& response) {
    const auto newest = std::max_element(page.statements.begin(), page.statements.end(),
                                         [](const auto& a, const auto& b) { return a.stored < b.stored; });
    if (newest != page.statements.end()) response.fields.add("Last-Modified", http::date(newest->stored));
}

Result<http::Response> answer_whole(const Services& services, const Request& request,
                                    StatementsRequest asked) {
    const bool attachments = asked.attachments;
    const auto bytes = std::min(services.settings.max_page_bytes, whole_page_bytes);
    PageWriter writer(services, request, std::move(asked), bytes);
    std::string body;
    const auto page = writer.write_whole(body);
    if (!page) return page.error();
    Result<http::Response> response =
        attachments ? with_attachments(services, request.principal->store, std::move(body), page->statements)
                    : plain_json(std::move(body));
    if (response) add_last_modified(*page, *response);
    return response;
}

} // namespace

bool sees_only_its_own(const auth::Principal& principal) {
    return !principal.is_person &&
           !principal.scopes.intersects(Scopes{Scope::all, Scope::all_read, Scope::statements_read});
}

Result<storage::Page> find_page(storage::RecordStore& store, const auth::Principal& principal,
                                const storage::Query& query) {
    if (!principal.registration.empty()) {
        auto in_registration = query;
        in_registration.terms.push_back({spec::Filter::registration, principal.registration});
        return store.query_statements(principal.store, in_registration);
    }
    return sees_only_its_own(principal) ? query_mine(store, principal, query)
                                        : store.query_statements(principal.store, query);
}

bool is_hidden(const auth::Principal& principal, const storage::StoredStatement& statement) {
    if (!principal.registration.empty()) return !is_in(principal.registration, statement);
    return sees_only_its_own(principal) && !is_of(principal, statement);
}

Result<http::Response> answer_page(const Services& services, const Request& request,
                                   StatementsRequest asked) {
    if (asked.query.ascending || asked.attachments) return answer_whole(services, request, std::move(asked));
    auto writer =
        std::make_unique<PageWriter>(services, request, std::move(asked), services.settings.max_page_bytes);
    std::string body;
    const auto page = writer->write_piece(body);
    if (!page) return page.error();
    http::Response response = plain_json(std::move(body));
    add_last_modified(*page, response);
    if (!writer->ended()) response.source = std::make_shared<RestOfPage>(services, std::move(writer));
    return response;
}

} // namespace leerspoor::server::xapi

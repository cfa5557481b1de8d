#include "server/xapi/query_parameters.hpp"

#include "server/xapi/more_token.hpp"
#include "server/xapi/parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

constexpr std::array<std::string_view, 15> statements_parameters = {
    "statementId",        "voidedStatementId", "agent", "verb",  "activity", "registration",
    "related_activities", "related_agents",    "since", "until", "limit",    "format",
    "attachments",        "ascending",         "more"};

constexpr std::array<std::string_view, 10> live_parameters = {
    "agent",          "verb",  "activity", "registration", "related_activities",
    "related_agents", "since", "until",    "format",       "after"};

Result<std::size_t> read_limit(const Parameters& read, const PageLimits& limits) {
    const std::string* const text = read.find("limit");
    if (!text) return std::min(limits.preset, limits.maximum);
    const bool digits = !text->empty() && text->find_first_not_of("0123456789") == std::string::npos;
    if (!digits) return Parameters::invalid("limit", "a nonnegative integer");
    std::size_t value = 0;
    const auto outcome = std::from_chars(text->data(), text->data() + text->size(), value);
    const bool beyond = outcome.ec == std::errc::result_out_of_range;
    return beyond || value == 0 ? limits.maximum : std::min(value, limits.maximum);
}

Result<spec::Format> read_format(const Parameters& read) {
    const std::string* const text = read.find("format");
    if (!text) return spec::Format::exact;
    const auto parsed = spec::parse_format(*text);
    if (!parsed) return Parameters::invalid("format", "ids, exact or canonical");
    return *parsed;
}

// Adds a term when the parameter is there.
Result<void> add_term(const Result<std::optional<std::string>>& text, spec::Filter filter,
                      std::vector<spec::Term>& terms) {
    if (!text) return text.error();
    if (*text) terms.push_back({filter, **text});
    return {};
}

Result<void> read_single(const Parameters& read, StatementsRequest& request) {
    const bool by_id = read.find("statementId") != nullptr;
    const bool by_voided_id = read.find("voidedStatementId") != nullptr;
    if (by_id && by_voided_id) {
        return Error{"query_parameter_conflict", "",
                     "statementId and voidedStatementId cannot be asked for together."};
    }
    const std::string_view name = by_id ? "statementId" : "voidedStatementId";
    if (const auto* other = read.other_than({name, "attachments", "format"})) {
        return Error{"query_parameter_conflict", "",
                     std::string(name) + " goes with attachments and format only, not with " + "\"" + *other +
                         "\"" + "."};
    }
    auto id = read.uuid(name);
    if (!id) return id.error();
    (by_id ? request.statement_id : request.voided_statement_id) = *id;
    return {};
}

Result<void> read_filters(const Parameters& read, const PageLimits& limits, storage::Query& query) {
    const auto related_agents = read.boolean("related_agents");
    if (!related_agents) return related_agents.error();
    const auto related_activities = read.boolean("related_activities");
    if (!related_activities) return related_activities.error();

    const auto agent_filter = *related_agents ? spec::Filter::related_agent : spec::Filter::agent;
    if (auto r = add_term(read.agent("agent"), agent_filter, query.terms); !r) return r.error();
    if (auto r = add_term(read.iri("verb"), spec::Filter::verb, query.terms); !r) return r.error();
    const auto activity_filter =
        *related_activities ? spec::Filter::related_activity : spec::Filter::activity;
    if (auto r = add_term(read.iri("activity"), activity_filter, query.terms); !r) return r.error();
    const auto registration = read.uuid("registration");
    if (!registration) return registration.error();
    if (*registration) query.terms.push_back({spec::Filter::registration, spec::to_string(**registration)});

    const auto since = read.instant("since");
    if (!since) return since.error();
    query.since = *since;
    const auto until = read.instant("until");
    if (!until) return until.error();
    query.until = *until;
    const auto ascending = read.boolean("ascending");
    if (!ascending) return ascending.error();
    query.ascending = *ascending;
    const auto limit = read_limit(read, limits);
    if (!limit) return limit.error();
    query.limit = *limit;
    return {};
}

} // namespace

std::optional<storage::Sequence> parse_sequence(std::string_view text) {
    storage::Sequence sequence = 0;
    const auto outcome = std::from_chars(text.data(), text.data() + text.size(), sequence);
    if (outcome.ec != std::errc() || outcome.ptr != text.data() + text.size()) return std::nullopt;
    return sequence;
}

Result<LiveRequest> parse_live_request(std::string_view query_string, spec::Version version) {
    const auto read = Parameters::read(query_string, live_parameters, version);
    if (!read) return read.error();
    LiveRequest request;
    if (auto filled = read_filters(*read, {}, request.query); !filled) return filled.error();
    const auto format = read_format(*read);
    if (!format) return format.error();
    request.format = *format;
    if (const auto* text = read->find("after")) {
        request.after = parse_sequence(*text);
        if (!request.after)
            return Parameters::invalid("after", "the id of an event of this stream, a number");
    }
    return request;
}

Result<StatementsRequest> parse_statements_request(std::string_view query_string, spec::Version version,
                                                   const PageLimits& limits) {
    const auto parameters = Parameters::read(query_string, statements_parameters, version);
    if (!parameters) return parameters.error();
    const Parameters& read = *parameters;
    if (const auto* token = read.find("more")) {
        if (const auto* other = read.other_than({"more"})) {
            return Error{"query_parameter_conflict", "",
                         "A more link keeps its own filters; leave out \"" + *other + "\"."};
        }
        return parse_more_token(*token, limits.maximum);
    }

    StatementsRequest request;
    const bool single = read.find("statementId") || read.find("voidedStatementId");
    auto filled = single ? read_single(read, request) : read_filters(read, limits, request.query);
    if (!filled) return filled.error();
    const auto attachments = read.boolean("attachments");
    if (!attachments) return attachments.error();
    request.attachments = *attachments;
    const auto format = read_format(read);
    if (!format) return format.error();
    request.format = *format;
    return request;
}

} // namespace leerspoor::server::xapi

#include "server/xapi/query_parameters.hpp"

#include "server/xapi/more_token.hpp"
#include "spec/agent.hpp"
#include "spec/iri.hpp"
#include "spec/timestamp.hpp"

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

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

Error invalid(std::string_view name, std::string_view expected) {
    return {"query_parameter_invalid", "",
            "The query parameter " + quoted(name) + " must be " + std::string(expected) + "."};
}

bool same_but_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

Result<void> check_names(const http::Parameters& parameters, std::span<const std::string_view> allowed) {
    for (auto here = parameters.begin(); here != parameters.end(); ++here) {
        const std::string& name = here->first;
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
            for (const auto known : allowed) {
                if (!same_but_case(name, known)) continue;
                return Error{"query_parameter_case", "",
                             "The query parameter " + quoted(name) + " is spelled " + quoted(known) + "."};
            }
            return Error{"query_parameter_unknown", "",
                         "This resource has no query parameter " + quoted(name.substr(0, 64)) + "."};
        }
        const bool repeated =
            std::any_of(parameters.begin(), here, [&](const auto& earlier) { return earlier.first == name; });
        if (repeated) {
            return Error{"query_parameter_repeated", "",
                         "The query parameter " + quoted(name) + " is given more than once."};
        }
    }
    return {};
}

class Reader {
  public:
    Reader(const http::Parameters& parameters, spec::Version version)
        : parameters_(parameters), version_(version) {}

    const std::string* find(std::string_view name) const {
        const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                        [&](const auto& parameter) { return parameter.first == name; });
        return found == parameters_.end() ? nullptr : &found->second;
    }

    Result<bool> boolean(std::string_view name) const {
        const std::string* const text = find(name);
        if (!text || *text == "false") return false;
        if (*text == "true") return true;
        return invalid(name, "true or false");
    }

    Result<std::optional<spec::Uuid>> uuid(std::string_view name) const {
        const std::string* const text = find(name);
        if (!text) return std::optional<spec::Uuid>();
        const auto parsed = spec::parse_uuid(*text);
        if (!parsed) return invalid(name, "a UUID such as 6690e6c9-3ef0-4ed3-8b37-7f3964730bee");
        return parsed;
    }

    Result<std::optional<spec::Instant>> instant(std::string_view name) const {
        const std::string* const text = find(name);
        if (!text) return std::optional<spec::Instant>();
        const auto parsed = spec::parse_timestamp(*text, version_);
        if (!parsed) {
            return invalid(name, "a timestamp such as 2026-11-24T09:30:00.000Z (a plus sign is sent as %2B)");
        }
        return std::optional<spec::Instant>(*parsed);
    }

    Result<void> iri(std::string_view name, spec::Filter filter, std::vector<spec::Term>& terms) const {
        const std::string* const text = find(name);
        if (!text) return {};
        if (!spec::is_iri(*text)) return invalid(name, "an absolute IRI");
        terms.push_back({filter, *text});
        return {};
    }

    Result<void> agent(std::string_view name, spec::Filter filter, std::vector<spec::Term>& terms) const {
        const std::string* const text = find(name);
        if (!text) return {};
        const auto agent = spec::parse_agent(*text, version_);
        if (!agent) return agent.error();
        auto identity = spec::identity(*agent);
        if (identity.empty()) return invalid(name, "an Agent or a Group with an identifier");
        terms.push_back({filter, std::move(identity)});
        return {};
    }

    Result<std::size_t> limit(const PageLimits& limits) const {
        const std::string* const text = find("limit");
        if (!text) return std::min(limits.preset, limits.maximum);
        const bool digits = !text->empty() && text->find_first_not_of("0123456789") == std::string::npos;
        if (!digits) return invalid("limit", "a nonnegative integer");
        std::size_t value = 0;
        const auto outcome = std::from_chars(text->data(), text->data() + text->size(), value);
        const bool beyond = outcome.ec == std::errc::result_out_of_range;
        return beyond || value == 0 ? limits.maximum : std::min(value, limits.maximum);
    }

    Result<spec::Format> format() const {
        const std::string* const text = find("format");
        if (!text) return spec::Format::exact;
        const auto parsed = spec::parse_format(*text);
        if (!parsed) return invalid("format", "ids, exact or canonical");
        return *parsed;
    }

    // Nothing but these, and which one is too much.
    const std::string* other_than(std::initializer_list<std::string_view> names) const {
        for (const auto& [name, value] : parameters_) {
            if (std::find(names.begin(), names.end(), name) == names.end()) return &name;
        }
        return nullptr;
    }

  private:
    const http::Parameters& parameters_;
    spec::Version version_;
};

Result<void> read_single(const Reader& read, StatementsRequest& request) {
    const bool by_id = read.find("statementId") != nullptr;
    const bool by_voided_id = read.find("voidedStatementId") != nullptr;
    if (by_id && by_voided_id) {
        return Error{"query_parameter_conflict", "",
                     "statementId and voidedStatementId cannot be asked for together."};
    }
    const std::string_view name = by_id ? "statementId" : "voidedStatementId";
    if (const auto* other = read.other_than({name, "attachments", "format"})) {
        return Error{"query_parameter_conflict", "",
                     std::string(name) + " goes with attachments and format only, not with " +
                         quoted(*other) + "."};
    }
    auto id = read.uuid(name);
    if (!id) return id.error();
    (by_id ? request.statement_id : request.voided_statement_id) = *id;
    return {};
}

Result<void> read_filters(const Reader& read, const PageLimits& limits, storage::Query& query) {
    const auto related_agents = read.boolean("related_agents");
    if (!related_agents) return related_agents.error();
    const auto related_activities = read.boolean("related_activities");
    if (!related_activities) return related_activities.error();

    const auto agent_filter = *related_agents ? spec::Filter::related_agent : spec::Filter::agent;
    if (auto r = read.agent("agent", agent_filter, query.terms); !r) return r.error();
    if (auto r = read.iri("verb", spec::Filter::verb, query.terms); !r) return r.error();
    const auto activity_filter =
        *related_activities ? spec::Filter::related_activity : spec::Filter::activity;
    if (auto r = read.iri("activity", activity_filter, query.terms); !r) return r.error();
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
    const auto limit = read.limit(limits);
    if (!limit) return limit.error();
    query.limit = *limit;
    return {};
}

} // namespace

Result<StatementsRequest> parse_statements_request(std::string_view query_string, spec::Version version,
                                                   const PageLimits& limits) {
    const auto parameters = http::parse_query(query_string);
    if (!parameters) return parameters.error();
    if (auto named = check_names(*parameters, statements_parameters); !named) return named.error();

    const Reader read(*parameters, version);
    if (const auto* token = read.find("more")) {
        if (const auto* other = read.other_than({"more"})) {
            return Error{"query_parameter_conflict", "",
                         "A more link keeps its own filters; leave out " + quoted(*other) + "."};
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
    const auto format = read.format();
    if (!format) return format.error();
    request.format = *format;
    return request;
}

Result<http::Parameters> parse_only(std::string_view query_string,
                                    std::initializer_list<std::string_view> allowed) {
    auto parameters = http::parse_query(query_string);
    if (!parameters) return parameters;
    const std::span<const std::string_view> names(allowed.begin(), allowed.size());
    if (auto named = check_names(*parameters, names); !named) return named.error();
    return parameters;
}

} // namespace leerspoor::server::xapi

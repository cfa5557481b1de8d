#include "server/app/selected.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/base/uuid.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server {
namespace {

namespace json = boost::json;

constexpr std::size_t most_identities = 100;
constexpr std::size_t page_statements = 1000;
constexpr std::size_t page_bytes = 4u << 20;

Error invalid(const std::string& at, std::string sentence) {
    return {"export_invalid", at, std::move(sentence)};
}

Result<std::string> identity_of(const json::value& agent, const std::string& at) {
    const auto parsed = spec::parse_agent(json::serialize(agent), spec::Version::v2_0_0);
    if (!parsed) return Error{parsed.error().code, at + parsed.error().pointer, parsed.error().message};
    return Result<std::string>(boost::system::in_place_value, spec::identity(*parsed));
}

class Parser {
  public:
    explicit Parser(ExportFilter& out) : out_(out) {}

    Result<void> parse(const json::value& value, const std::string& at) {
        if (!value.is_object()) return invalid(at, "A filter must be an object.");
        out_.told = value.get_object();
        for (const auto& [key, member] : value.get_object()) {
            auto taken = take(std::string_view(key), member, spec::child_pointer(at, std::string_view(key)));
            if (!taken) return taken;
        }
        if (!activity_.empty())
            out_.terms.push_back(
                {related_ ? spec::Filter::related_activity : spec::Filter::activity, std::move(activity_)});
        return {};
    }

  private:
    Result<void> take(std::string_view name, const json::value& value, const std::string& at) {
        if (name == "agent") return agents(value, at);
        if (name == "related_agents" || name == "related_activities") {
            if (!value.is_bool()) return invalid(at, "This is true or false.");
            (name == "related_agents" ? out_.related_agents : related_) = value.get_bool();
            return {};
        }
        if (!value.is_string()) return invalid(at, "This must be a text.");
        const std::string text(value.get_string());
        if (name == "since" || name == "until") {
            const auto instant = spec::parse_timestamp(text, spec::Version::v2_0_0);
            if (!instant) return Error{instant.error().code, at, instant.error().message};
            (name == "since" ? out_.since : out_.until) = *instant;
            return {};
        }
        if (name == "registration") {
            const auto uuid = spec::parse_uuid(text);
            if (!uuid) return invalid(at, "A registration is a UUID.");
            out_.terms.push_back({spec::Filter::registration, spec::to_string(*uuid)});
            return {};
        }
        if (name != "verb" && name != "activity")
            return invalid(at,
                           "There are agent, verb, activity, registration, since, until, related_agents and "
                           "related_activities.");
        if (!spec::is_iri(text)) return invalid(at, "This must be an IRI.");
        if (name == "verb") {
            out_.terms.push_back({spec::Filter::verb, text});
        } else {
            activity_ = text;
        }
        return {};
    }

    Result<void> agents(const json::value& value, const std::string& at) {
        auto identities = parse_identities(value, at);
        if (!identities) return identities.error();
        out_.identities = std::move(*identities);
        return {};
    }

    ExportFilter& out_;
    std::string activity_;
    bool related_ = false;
};

} // namespace

bool ExportFilter::is_of(const std::vector<std::string>& people) const {
    return std::any_of(identities.begin(), identities.end(), [&](const std::string& identity) {
        return std::find(people.begin(), people.end(), identity) != people.end();
    });
}

Result<ExportFilter> parse_export_filter(const json::value& value, const std::string& at) {
    ExportFilter filter;
    auto parsed = Parser(filter).parse(value, at);
    if (!parsed) return parsed.error();
    return filter;
}

Result<std::vector<std::string>> parse_identities(const json::value& value, const std::string& at) {
    std::vector<std::string> identities;
    if (!value.is_array()) {
        auto identity = identity_of(value, at);
        if (!identity) return identity.error();
        identities.push_back(std::move(*identity));
        return identities;
    }
    const auto& all = value.get_array();
    if (all.empty() || all.size() > most_identities) return invalid(at, "There must be 1 to 100 Agents.");
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto identity = identity_of(all[i], spec::child_pointer(at, i));
        if (!identity) return identity.error();
        identities.push_back(std::move(*identity));
    }
    return identities;
}

SelectedStatements::SelectedStatements(storage::StatementStore& store, storage::StoreId tenant,
                                       const ExportFilter& filter, storage::Sequence snapshot)
    : store_(store), tenant_(tenant) {
    storage::Query query;
    query.terms = filter.terms;
    query.since = filter.since;
    query.until = filter.until;
    query.ascending = true;
    query.voided_too = true;
    query.limit = page_statements;
    query.limit_bytes = page_bytes;
    query.snapshot = snapshot;
    if (filter.identities.empty()) sources_.push_back({query, {}, 0, false});
    for (const auto& identity : filter.identities) {
        auto own = query;
        own.terms.push_back(
            {filter.related_agents ? spec::Filter::related_agent : spec::Filter::agent, identity});
        own.limit_bytes = std::max<std::size_t>(page_bytes / filter.identities.size(), 64u << 10);
        sources_.push_back({std::move(own), {}, 0, false});
    }
}

Result<void> SelectedStatements::fill(Source& source) {
    while (source.at == source.page.size() && !source.ended) {
        auto page = store_.query_statements(tenant_, source.query);
        if (!page) return page.error();
        source.page = std::move(page->statements);
        source.at = 0;
        source.query.after = page->next;
        source.ended = !page->next;
    }
    return {};
}

Result<const storage::StoredStatement*> SelectedStatements::next() {
    while (true) {
        Source* first = nullptr;
        for (auto& source : sources_) {
            auto filled = fill(source);
            if (!filled) return filled.error();
            if (source.at == source.page.size()) continue;
            if (!first || source.page[source.at].sequence < first->page[first->at].sequence) first = &source;
        }
        if (!first) return static_cast<const storage::StoredStatement*>(nullptr);
        const auto& statement = first->page[first->at++];
        if (statement.sequence == last_) continue; // of two identities
        last_ = statement.sequence;
        return &statement;
    }
}

} // namespace leerspoor::server
